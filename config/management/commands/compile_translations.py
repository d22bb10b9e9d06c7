"""`manage.py compile_translations`: make the .mo files that Django reads."""

from typing import Any

from django.core.management.base import BaseCommand

from config.translations import compile_translations


class Command(BaseCommand):
    """Compiles what changed since the last time."""

    help = "Compile changed translations; needs no gettext on the machine."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile, and name each file written."""
        for path in compile_translations():
            self.stdout.write(str(path))
