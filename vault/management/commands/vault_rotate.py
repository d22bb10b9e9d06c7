"""`manage.py vault_rotate`: a new key-encryption key, and every data key wrapped under it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from vault.exceptions import KeyringError
from vault.keyring import add_version
from vault.rotation import keys_to_rewrap, retire_old_versions, rewrap_keys


class Command(BaseCommand):
    """Values stay as they are and reads go on; stopped half-way, it goes on where it was."""

    help = "Make a new key-encryption key and wrap every data key under it. Run again to resume."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `--retire`."""
        parser.add_argument("--retire", action="store_true", help="drop the older keys, once nothing needs them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, resume or retire."""
        try:
            self._retire() if options["retire"] else self._rotate()
        except KeyringError as error:
            raise CommandError(str(error)) from None

    def _rotate(self) -> None:
        if keys_to_rewrap().exists():
            self.stdout.write("Resuming the rotation that was not finished.")
        else:
            self.stdout.write(f"Key-encryption key {add_version('kek')} made.")
        broken: list[str] = []
        with tqdm(total=keys_to_rewrap().count(), unit="key", file=self.stderr) as progress:
            for batch in rewrap_keys():
                progress.update(batch.size)
                broken += batch.broken
        if broken:
            raise CommandError(f"{len(broken)} can't be opened and were left as they are: {', '.join(broken)}")
        self.stdout.write("Every data key is wrapped under it.")

    def _retire(self) -> None:
        for version in retire_old_versions("kek"):
            self.stdout.write(f"Key-encryption key {version} retired.")
