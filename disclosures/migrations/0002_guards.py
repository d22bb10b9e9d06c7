"""The database itself refuses to skip a step, to release without two approvers, and to edit what was decided on.

SQLite rebuilds a table to alter it, and loses its triggers: a migration that does so ends with these operations again.
There, conflicts that REPLACE would settle by a silent deletion are refused on INSERT.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from audit.guard import append_only

STEPS = (
    "draft>submitted",
    "draft>withdrawn",
    "submitted>legal_review",
    "submitted>refused",
    "submitted>withdrawn",
    "legal_review>second_review",
    "legal_review>refused",
    "legal_review>withdrawn",
    "second_review>approved",
    "second_review>refused",
    "second_review>withdrawn",
    "approved>released",
    "approved>refused",
    "approved>withdrawn",
    "released>closed",
)
STEP_LIST = ", ".join(f"'{step}'" for step in STEPS)

# What is true of NEW (and OLD) where the change must be refused; both databases read the same words.
NEW_REQUEST_NOT_DRAFT = "NEW.state <> 'draft'"
IDENTITY_CHANGED = "NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR NEW.author_id <> OLD.author_id"
FACTS_CHANGED = """OLD.state <> 'draft' AND (
    NEW.ground <> OLD.ground OR NEW.organisation_sealed <> OLD.organisation_sealed
    OR NEW.contact_sealed <> OLD.contact_sealed OR NEW.legal_basis_sealed <> OLD.legal_basis_sealed
    OR NEW.purpose_sealed <> OLD.purpose_sealed OR NEW.due_at <> OLD.due_at
)"""
STEP_SKIPPED = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({STEP_LIST})"
LEGAL_REVIEW_MISSING = """NEW.state = 'second_review' AND OLD.state <> NEW.state AND NOT EXISTS (
    SELECT 1 FROM disclosures_approval WHERE request_id = NEW.id AND step = 'legal'
)"""
APPROVERS_MISSING = """NEW.state IN ('approved', 'released') AND OLD.state <> NEW.state AND (
    SELECT count(DISTINCT a.reviewer_id) FROM disclosures_approval a
    WHERE a.request_id = NEW.id AND a.two_factor AND a.sign_in_age_seconds <= 300 AND a.reviewer_id <> NEW.author_id
    AND a.reviewer_id NOT IN (SELECT s.account_id FROM disclosures_subject s WHERE s.request_id = NEW.id)
) < 2"""
PACKAGE_MISSING = """NEW.state = 'released' AND OLD.state <> NEW.state AND NOT EXISTS (
    SELECT 1 FROM disclosures_package WHERE request_id = NEW.id
)"""
REQUEST_OF = "SELECT r.state FROM disclosures_disclosurerequest r WHERE r.id = {id}"
REQUEST_OF_SUBJECT = (
    "SELECT r.state FROM disclosures_disclosurerequest r JOIN disclosures_subject s ON s.request_id = r.id"
    " WHERE s.id = {id}"
)
WRONG_STEP = ("NEW.step || ' of ' || ({state}) NOT IN ('legal of legal_review', 'second of second_review')").format(
    state=REQUEST_OF.format(id="NEW.request_id")
)
PARTY_APPROVES = """EXISTS (
    SELECT 1 FROM disclosures_disclosurerequest r WHERE r.id = NEW.request_id AND r.author_id = NEW.reviewer_id
) OR EXISTS (
    SELECT 1 FROM disclosures_subject s WHERE s.request_id = NEW.request_id AND s.account_id = NEW.reviewer_id
)"""
NOT_APPROVED = f"({REQUEST_OF.format(id='NEW.request_id')}) <> 'approved'"
SUBJECT_ADDED_LATE = f"({REQUEST_OF.format(id='NEW.request_id')}) <> 'draft'"
SUBJECT_REMOVED_LATE = f"({REQUEST_OF.format(id='OLD.request_id')}) <> 'draft'"
FIELD_ADDED_LATE = f"NOT NEW.granted OR ({REQUEST_OF_SUBJECT.format(id='NEW.subject_id')}) <> 'draft'"
FIELD_REMOVED_LATE = f"({REQUEST_OF_SUBJECT.format(id='OLD.subject_id')}) <> 'draft'"
SCOPE_WIDENED = f"""NEW.id <> OLD.id OR NEW.subject_id <> OLD.subject_id OR NEW.field <> OLD.field
OR NEW.granted AND NOT OLD.granted
OR NEW.granted <> OLD.granted AND ({REQUEST_OF_SUBJECT.format(id="OLD.subject_id")})
    NOT IN ('draft', 'submitted', 'legal_review', 'second_review', 'approved')"""

ALWAYS = "1 = 1"
GUARDS = {  # table: {change: [(when to refuse, what to say)]}
    "disclosurerequest": {
        "INSERT": [(NEW_REQUEST_NOT_DRAFT, "a request begins as a draft")],
        "UPDATE": [
            (IDENTITY_CHANGED, "a request keeps its reference and author"),
            (FACTS_CHANGED, "a submitted request is fixed"),
            (STEP_SKIPPED, "a step of the request was skipped"),
            (LEGAL_REVIEW_MISSING, "the legal review is missing"),
            (APPROVERS_MISSING, "two approvers are missing"),
            (PACKAGE_MISSING, "the package is missing"),
        ],
        "DELETE": [(ALWAYS, "a request is never deleted")],
    },
    "approval": {
        "INSERT": [
            (WRONG_STEP, "the request is at another step"),
            (PARTY_APPROVES, "a party to the request never approves it"),
        ]
    },
    "package": {"INSERT": [(NOT_APPROVED, "only an approved request is released")]},
    "subject": {
        "INSERT": [(SUBJECT_ADDED_LATE, "the subjects of a submitted request are fixed")],
        "UPDATE": [(ALWAYS, "a subject is never changed")],
        "DELETE": [(SUBJECT_REMOVED_LATE, "the subjects of a submitted request are fixed")],
    },
    "scopeitem": {
        "INSERT": [(FIELD_ADDED_LATE, "the scope of a submitted request only gets narrower")],
        "UPDATE": [(SCOPE_WIDENED, "a scope only gets narrower")],
        "DELETE": [(FIELD_REMOVED_LATE, "the scope of a submitted request only gets narrower")],
    },
}
REPLACED = {  # table: what another row must not have in common with a new one (SQLite)
    "disclosurerequest": "id = NEW.id OR reference = NEW.reference",
    "approval": "request_id = NEW.request_id AND (reviewer_id = NEW.reviewer_id OR step = NEW.step)",
    "package": "request_id = NEW.request_id",
    "subject": "id = NEW.id OR request_id = NEW.request_id AND account_id = NEW.account_id",
    "scopeitem": "id = NEW.id OR subject_id = NEW.subject_id AND field = NEW.field",
}

POSTGRESQL_FUNCTION = """
CREATE FUNCTION disclosures_{table}_guard_{change}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {lock}
    {checks}
    RETURN {row};
END $$;
CREATE TRIGGER disclosures_{table}_guard_{change} BEFORE {change} ON disclosures_{table}
    FOR EACH ROW EXECUTE FUNCTION disclosures_{table}_guard_{change}();
"""
POSTGRESQL_CHECK = "IF {when} THEN RAISE EXCEPTION '{say}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
# Waits for a step of the request that is under way, so that no change slips in before its commit.
POSTGRESQL_LOCK = "PERFORM 1 FROM disclosures_disclosurerequest r WHERE r.id = {id} FOR SHARE;"
LOCKED = {
    "approval": "{row}.request_id",
    "package": "{row}.request_id",
    "subject": "{row}.request_id",
    "scopeitem": "(SELECT s.request_id FROM disclosures_subject s WHERE s.id = {row}.subject_id)",
}
POSTGRESQL_NO_TRUNCATE = """
CREATE FUNCTION disclosures_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'disclosures are never emptied' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
POSTGRESQL_TRUNCATE_TRIGGER = """
CREATE TRIGGER disclosures_{table}_whole BEFORE TRUNCATE ON disclosures_{table}
    EXECUTE FUNCTION disclosures_refuse_truncate();
"""


def sqlite(table: str, change: str) -> list[str]:
    rules = list(GUARDS[table][change])
    if change == "INSERT":
        rules.insert(0, (f"EXISTS (SELECT 1 FROM disclosures_{table} WHERE {REPLACED[table]})", "there is one already"))  # noqa: S608 - constants above
    checks = " ".join(f"SELECT RAISE(ABORT, '{say}') WHERE {when};" for when, say in rules)
    return [f"CREATE TRIGGER {name(table, change)} BEFORE {change} ON disclosures_{table} BEGIN {checks} END"]


def postgresql(table: str, change: str) -> list[str]:
    row = "OLD" if change == "DELETE" else "NEW"
    lock = POSTGRESQL_LOCK.format(id=LOCKED[table].format(row=row)) if table in LOCKED else ""
    checks = "\n    ".join(POSTGRESQL_CHECK.format(when=when, say=say) for when, say in GUARDS[table][change])
    return [POSTGRESQL_FUNCTION.format(table=table, change=change.lower(), lock=lock, checks=checks, row=row)]


def name(table: str, change: str) -> str:
    return f"disclosures_{table}_guard_{change.lower()}"


def install(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    on_postgresql = editor.connection.vendor == "postgresql"
    make = postgresql if on_postgresql else sqlite
    statements = [
        statement for table, changes in GUARDS.items() for change in changes for statement in make(table, change)
    ]
    if on_postgresql:
        whole = [table for table in GUARDS if table not in ("approval", "package")]  # those are append-only anyway
        statements += [POSTGRESQL_NO_TRUNCATE, *(POSTGRESQL_TRUNCATE_TRIGGER.format(table=table) for table in whole)]
    for statement in statements:
        editor.execute(statement)


def remove(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    names = [name(table, change) for table, changes in GUARDS.items() for change in changes]
    if editor.connection.vendor == "postgresql":
        for function in [*names, "disclosures_refuse_truncate"]:
            editor.execute(f"DROP FUNCTION {function}() CASCADE")
        return
    for trigger in names:
        editor.execute(f"DROP TRIGGER {trigger}")


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_requests")]

    operations = [
        append_only("disclosures_approval"),
        append_only("disclosures_package"),
        migrations.RunPython(install, remove),
    ]
