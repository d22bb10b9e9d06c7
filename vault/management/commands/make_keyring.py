"""`manage.py make_keyring`: the root key and the first version of each key, once."""

import os
from base64 import b64encode
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from vault.keyring import FAMILIES, new_entry, write_document


class Command(BaseCommand):
    """Makes what is missing and never replaces a key."""

    help = "Make the root key and the keyring where there are none. Existing keys are left alone."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the files."""
        if not settings.ROOT_KEY and not settings.ROOT_KEY_PATH.exists():
            write_secret(settings.ROOT_KEY_PATH, b64encode(os.urandom(32)).decode())
            self.stdout.write("Root key made.")
        if not settings.KEYRING and not settings.KEYRING_PATH.exists():
            write_document([new_entry(family, 1) for family in FAMILIES])
            self.stdout.write("Keyring made.")


def write_secret(path: Path, text: str) -> None:
    """Write a new file that only its owner can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
