"""`manage.py setup`: everything the site needs before it can be served. Can be run again at any time."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.translations import compile_translations
from disclosures.roles import seed_roles


class Command(BaseCommand):
    """Makes folders, keys and tables, seeds the agreement and the staff roles, compiles translations."""

    help = "Make keys, tables, the default agreement and staff roles where they are missing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step; one that was done before does nothing."""
        make_folders()
        call_command("make_keyring", verbosity=0)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("migrate", database="keys", verbosity=0, interactive=False)
        call_command("seed_agreement", verbosity=0)
        seed_roles()
        compile_translations()
        self.stdout.write("Everything is set up.")


def make_folders() -> None:
    """Make the folder of local state, and in it those of the embedded broker, for its owner's eyes only."""
    folders = [settings.VAR_DIR]
    if not settings.REDIS_URL:
        folders += [Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS[key]) for key in ("data_folder_in", "control_folder")]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
