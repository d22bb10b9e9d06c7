"""Triggers that make a table append-only, as an operation of a migration."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

# On SQLite, REPLACE removes a row without firing DELETE triggers; hence the guard on INSERT.
SQLITE = {
    "no_update": "BEFORE UPDATE ON {table} BEGIN {refuse}; END",
    "no_delete": "BEFORE DELETE ON {table} BEGIN {refuse}; END",
    "no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN {refuse}; END",
}
SQLITE_REFUSE = "SELECT RAISE(ABORT, '{table} is append-only')"

# One trigger for the statement, so that even a change that meets no row is refused.
POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change();
"""
POSTGRESQL_UNDO = """
DROP TRIGGER IF EXISTS {table}_append_only ON {table};
DROP FUNCTION IF EXISTS {table}_refuse_change();
"""


def append_only(table: str) -> RunPython:
    """Refuse UPDATE, DELETE, REPLACE and TRUNCATE on a table, on SQLite and PostgreSQL; reversible.

    SQLite rebuilds a table to alter it, and loses its triggers: end such a migration with this operation again.
    """

    def install(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _statements(table, editor.connection.vendor):
            editor.execute(statement)

    def remove(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _undo_statements(table, editor.connection.vendor):
            editor.execute(statement)

    return RunPython(install, remove)


def _statements(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRESQL.format(table=table)]
    refuse = SQLITE_REFUSE.format(table=table)
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{name} {body.format(table=table, refuse=refuse)}"
        for name, body in SQLITE.items()
    ]


def _undo_statements(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRESQL_UNDO.format(table=table)]
    return [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in SQLITE]
