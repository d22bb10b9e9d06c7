"""Lets Django empty the tables after a test: the triggers that guard them would refuse it, as they should.

Only a test's flush passes; while a test runs, every trigger is on. The product has no such switch.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


def let_flush_pass_triggers() -> None:
    """Take the triggers away for the moments in which Django empties the tables, on whatever connection."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(operations: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        with triggers_off(operations.connection):
            flush(operations, sql_list)

    BaseDatabaseOperations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign, assignment]  # for tests alone


@contextmanager
def triggers_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Run the block in a transaction without triggers; they are back when it ends. The tables' owner can do it."""
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
    return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]
