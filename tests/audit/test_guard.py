"""The database itself refuses to change or remove an entry."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit import services as audit
from audit.events import Event
from audit.models import Entry

COLUMNS = "event, at, actor, target_type, target_id, clause, details, leaf_hash"
TAMPERS = {
    "edit": "UPDATE audit_entry SET actor = 'anonymous'",
    "edit of one row": "UPDATE audit_entry SET at = '2000-01-01' WHERE id = {id}",
    "edit of the hash": "UPDATE audit_entry SET leaf_hash = upper(leaf_hash)",
    "delete": "DELETE FROM audit_entry WHERE id = {id}",
    "delete of all": "DELETE FROM audit_entry",
}
SQLITE_TAMPERS = {
    "replace": "REPLACE INTO audit_entry (id, {columns}) SELECT id, {columns} FROM audit_entry",
    "insert or replace": "INSERT OR REPLACE INTO audit_entry (id, {columns}) SELECT id, {columns} FROM audit_entry",
    "update or replace": "UPDATE OR REPLACE audit_entry SET id = id",
    "upsert": "INSERT INTO audit_entry (id, {columns}) SELECT id, {columns} FROM audit_entry WHERE true "
    "ON CONFLICT (id) DO UPDATE SET actor = 'anonymous'",
}
POSTGRESQL_TAMPERS = {
    "truncate": "TRUNCATE audit_entry",
    "truncate cascade": "TRUNCATE audit_entry RESTART IDENTITY CASCADE",
    "upsert": "INSERT INTO audit_entry (id, {columns}) SELECT id, {columns} FROM audit_entry "
    "ON CONFLICT (id) DO UPDATE SET actor = 'anonymous'",
    "merge": "MERGE INTO audit_entry t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
}


TAMPERS |= POSTGRESQL_TAMPERS if connection.vendor == "postgresql" else SQLITE_TAMPERS


@pytest.mark.django_db
@pytest.mark.parametrize("way", TAMPERS)
def test_raw_sql_cannot_change_or_remove_an_entry(way: str) -> None:
    entry = audit.record(Event.KEY_SWEPT, actor="system:sweep")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAMPERS[way].format(id=entry.pk, columns=COLUMNS))
    assert Entry.objects.values_list("actor", "leaf_hash").get() == ("system:sweep", entry.leaf_hash)


@pytest.mark.django_db
def test_the_models_own_ways_are_refused_too() -> None:
    entry = audit.record(Event.KEY_SWEPT, actor="system:sweep")
    for change in (entry.delete, entry.save, Entry.objects.all().delete, lambda: Entry.objects.update(clause="1.1")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"event": ""}, {"actor": ""}, {"leaf_hash": "00"}, {"target_type": "audit.entry"}])
def test_an_entry_that_is_not_whole_is_refused_by_the_database(change: dict[str, str]) -> None:
    whole = {"event": "key.swept", "actor": "anonymous", "at": "2026-01-01T00:00Z", "leaf_hash": "0" * 64}
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(**whole | change)


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_reversible_and_comes_back() -> None:
    with transaction.atomic():
        entry = audit.record(Event.KEY_SWEPT, actor="system:sweep")
    _migrate("0001_entries")
    Entry.objects.update(clause="1.1")
    _migrate("0002_append_only")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def _migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("audit", name)])
