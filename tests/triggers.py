"""Lets Django empty the tables between tests: the triggers that guard them would refuse it, as they should.

Only a test's flush passes; while a test runs, every trigger is on. The product has no such switch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def flush_past_triggers() -> Iterator[None]:
    """Take the triggers away for the moment in which Django empties a test's tables."""
    plain_flush = BaseDatabaseOperations.execute_sql_flush

    def flush(operations: BaseDatabaseOperations, sql_list: Any) -> None:
        with triggers_off(operations.connection):
            plain_flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield


@contextmanager
def triggers_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Run the block without triggers; they come back with it, in one transaction, whatever happens."""
    off, on = (_postgresql if connection.vendor == "postgresql" else _sqlite)(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        yield
        for statement in on:
            cursor.execute(statement)


def _postgresql(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [table for (table,) in cursor.fetchall()]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


def _sqlite(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
