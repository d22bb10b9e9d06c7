"""`manage.py vault_reindex`: a new index key, and every blind index made again under it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from vault.exceptions import KeyringError
from vault.keyring import add_version
from vault.rotation import indexed_fields, reindex_rows, retire_old_versions, rows_to_reindex


class Command(BaseCommand):
    """Look-ups find rows under the old key and the new one meanwhile; stopped half-way, it goes on where it was."""

    help = "Make a new index key and every blind index under it. Run again to resume."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `--retire`."""
        parser.add_argument("--retire", action="store_true", help="drop the older keys, once nothing needs them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index again, resume or retire."""
        try:
            self._retire() if options["retire"] else self._reindex()
        except KeyringError as error:
            raise CommandError(str(error)) from None

    def _reindex(self) -> None:
        if any(rows_to_reindex(field).exists() for field in indexed_fields()):
            self.stdout.write("Resuming the indexing that was not finished.")
        else:
            self.stdout.write(f"Index key {add_version('index')} made.")
        broken: list[str] = []
        for field in indexed_fields():
            with tqdm(total=rows_to_reindex(field).count(), unit="row", desc=field.label, file=self.stderr) as progress:
                for batch in reindex_rows(field):
                    progress.update(batch.size)
                    broken += batch.broken
        if broken:
            raise CommandError(f"{len(broken)} can't be opened and were left as they are: {', '.join(broken)}")
        self.stdout.write("Every index is made under it.")

    def _retire(self) -> None:
        for version in retire_old_versions("index"):
            self.stdout.write(f"Index key {version} retired.")
