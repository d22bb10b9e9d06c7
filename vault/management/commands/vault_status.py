"""`manage.py vault_status`: which keys there are and what still waits for a rotation."""

from typing import Any

from django.core.management.base import BaseCommand

from vault.keyring import describe
from vault.models import DataKey
from vault.rotation import indexed_fields, keys_to_rewrap, rows_to_reindex


class Command(BaseCommand):
    """Prints versions and counts; never a key."""

    help = "Show the keyring's versions, the number of data keys, and what waits to be rewrapped or indexed again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state."""
        for entry in describe():
            self.stdout.write(f"{entry['family']:7} version {entry['version']}, made {entry['created_at'][:19]}Z")
        self.stdout.write(f"data keys: {DataKey.objects.count()}, to rewrap: {keys_to_rewrap().count()}")
        for field in indexed_fields():
            self.stdout.write(f"index of {field.label}, to make again: {rows_to_reindex(field).count()}")
