"""The database itself refuses to edit evidence: published texts are frozen, engagements append-only (P3, P4).

SQLite rebuilds a table to alter it, and loses its triggers: a migration that does so ends with these operations again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from audit.guard import append_only

# The guards on INSERT and on a changed id are for REPLACE, which removes a row without firing DELETE triggers.
SQLITE_INSTALL = [
    """
    CREATE TRIGGER agreements_text_frozen_insert BEFORE INSERT ON agreements_text
    WHEN EXISTS (
        SELECT 1 FROM agreements_version WHERE state <> 'draft'
        AND id IN (NEW.version_id, (SELECT version_id FROM agreements_text WHERE id = NEW.id))
    )
    BEGIN SELECT RAISE(ABORT, 'the texts of a published version are frozen'); END
    """,
    """
    CREATE TRIGGER agreements_text_frozen_update BEFORE UPDATE ON agreements_text
    WHEN NEW.id <> OLD.id
        OR EXISTS (SELECT 1 FROM agreements_version WHERE state <> 'draft' AND id IN (OLD.version_id, NEW.version_id))
    BEGIN SELECT RAISE(ABORT, 'the texts of a published version are frozen'); END
    """,
    """
    CREATE TRIGGER agreements_text_frozen_delete BEFORE DELETE ON agreements_text
    WHEN EXISTS (SELECT 1 FROM agreements_version WHERE state <> 'draft' AND id = OLD.version_id)
    BEGIN SELECT RAISE(ABORT, 'the texts of a published version are frozen'); END
    """,
    """
    CREATE TRIGGER agreements_version_frozen_insert BEFORE INSERT ON agreements_version
    WHEN EXISTS (SELECT 1 FROM agreements_version WHERE state <> 'draft' AND id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a published version is frozen'); END
    """,
    """
    CREATE TRIGGER agreements_version_frozen_update BEFORE UPDATE ON agreements_version
    WHEN NEW.id <> OLD.id OR (OLD.state <> 'draft' AND (
        NEW.state = 'draft' OR NEW.agreement_id <> OLD.agreement_id OR NEW.number <> OLD.number
        OR NEW.material <> OLD.material OR NEW.announced_at IS NOT OLD.announced_at
    ))
    BEGIN SELECT RAISE(ABORT, 'a published version is frozen'); END
    """,
    """
    CREATE TRIGGER agreements_version_frozen_delete BEFORE DELETE ON agreements_version WHEN OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'a published version is frozen'); END
    """,
]
SQLITE_REMOVE = [
    f"DROP TRIGGER agreements_{table}_frozen_{change}"
    for table in ("text", "version")
    for change in ("insert", "update", "delete")
]

# FOR SHARE waits for an announcement that is under way, so that no edit slips in between it and its commit.
POSTGRESQL_INSTALL = [
    """
    CREATE FUNCTION agreements_freeze_text() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found_state text;
    BEGIN
        FOR found_state IN
            SELECT state FROM agreements_version WHERE id IN (OLD.version_id, NEW.version_id) FOR SHARE
        LOOP
            IF found_state <> 'draft' THEN
                RAISE EXCEPTION 'the texts of a published version are frozen'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN COALESCE(NEW, OLD);
    END $$
    """,
    """
    CREATE FUNCTION agreements_freeze_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 'draft' THEN
            RETURN COALESCE(NEW, OLD);
        ELSIF TG_OP = 'UPDATE' AND NEW.state <> 'draft'
            AND (NEW.id, NEW.agreement_id, NEW.number, NEW.material, NEW.announced_at)
                IS NOT DISTINCT FROM (OLD.id, OLD.agreement_id, OLD.number, OLD.material, OLD.announced_at) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published version is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION agreements_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER agreements_text_frozen BEFORE INSERT OR UPDATE OR DELETE ON agreements_text
    FOR EACH ROW EXECUTE FUNCTION agreements_freeze_text()
    """,
    """
    CREATE TRIGGER agreements_version_frozen BEFORE UPDATE OR DELETE ON agreements_version
    FOR EACH ROW EXECUTE FUNCTION agreements_freeze_version()
    """,
    """
    CREATE TRIGGER agreements_text_whole BEFORE TRUNCATE ON agreements_text
    EXECUTE FUNCTION agreements_refuse_truncate()
    """,
    """
    CREATE TRIGGER agreements_version_whole BEFORE TRUNCATE ON agreements_version
    EXECUTE FUNCTION agreements_refuse_truncate()
    """,
]
POSTGRESQL_REMOVE = [
    "DROP TRIGGER agreements_version_whole ON agreements_version",
    "DROP TRIGGER agreements_text_whole ON agreements_text",
    "DROP TRIGGER agreements_version_frozen ON agreements_version",
    "DROP TRIGGER agreements_text_frozen ON agreements_text",
    "DROP FUNCTION agreements_refuse_truncate()",
    "DROP FUNCTION agreements_freeze_version()",
    "DROP FUNCTION agreements_freeze_text()",
]

INSTALL = {"sqlite": SQLITE_INSTALL, "postgresql": POSTGRESQL_INSTALL}
REMOVE = {"sqlite": SQLITE_REMOVE, "postgresql": POSTGRESQL_REMOVE}


def freeze(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in INSTALL[editor.connection.vendor]:
        editor.execute(statement, params=None)


def thaw(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_agreements")]

    operations = [append_only("agreements_engagement"), migrations.RunPython(freeze, thaw)]
