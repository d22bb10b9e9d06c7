"""`manage.py bench_storage`: the figures of sealed storage on the database that the environment names, as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from bench.storage import measure


class Command(BaseCommand):
    """Works on test databases of its own; `make bench` calls it once per kind of database."""

    help = "Measure sealed storage and print the figures as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the databases, measure, drop them."""
        made = setup_databases(verbosity=0, interactive=False)
        try:
            self.stdout.write(json.dumps([row.as_dict() for row in measure(connection.vendor)]))
        finally:
            teardown_databases(made, verbosity=0)
