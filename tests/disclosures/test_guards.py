"""The database itself refuses, on SQLite and PostgreSQL, what no service would do: raw SQL that skips a step."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from disclosures.models import Approval, DisclosureRequest, Package, ScopeItem, Subject
from disclosures.states import DECIDED, TRANSITIONS, State
from tests.disclosures.path import draft_about, make_account, make_person, request_in

pytestmark = pytest.mark.django_db

COPIED = "ground, author_id, organisation_sealed, contact_sealed, legal_basis_sealed, purpose_sealed"
APPROVAL = "(request_id, reviewer_id, step, rationale_sealed, at, two_factor, sign_in_age_seconds)"


def run(sql: str, params: Sequence[Any] = ()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def key(row: DisclosureRequest | User) -> Any:
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def set_state(request: DisclosureRequest, state: State) -> None:
    """Change the state by hand, with a decider who has nothing to do with it, and a reason."""
    decided = ("decided_by_id = %s, decided_at = created_at", [key(make_account())]) if state in DECIDED else None
    assignment, params = decided or ("decided_by_id = NULL, decided_at = NULL", [])
    run(
        f"UPDATE disclosures_disclosurerequest SET state = %s, reason_sealed = 'x', {assignment} WHERE id = %s",
        [state.value, *params, key(request)],
    )


def approve_by_hand(
    request: DisclosureRequest, reviewer: User, step: str, *, two_factor: bool = True, age: int = 1
) -> None:
    run(
        f"INSERT INTO disclosures_approval {APPROVAL} SELECT id, %s, %s, 'x', created_at, %s, %s"
        " FROM disclosures_disclosurerequest WHERE id = %s",
        [key(reviewer), step, two_factor, age, key(request)],
    )


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("before", "after"),
    [(before, after) for before in State for after in State if after not in TRANSITIONS[before] | {before}],
)
def test_raw_sql_cannot_skip_a_step(before: State, after: State) -> None:
    request = request_in(before)
    with pytest.raises(DatabaseError, match=r"skipped|missing"):
        set_state(request, after)
    request.refresh_from_db()
    assert request.state == before


def test_raw_sql_cannot_file_a_request_that_is_past_its_draft() -> None:
    request = request_in(State.DRAFT)
    for state in set(State) - {State.DRAFT}:
        with pytest.raises(DatabaseError, match="draft"):
            insert_copy(request, state=state.value)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("ground", ["", "other", "statute,consent"])
def test_the_database_knows_seven_grounds(ground: str) -> None:
    request = request_in(State.DRAFT)
    insert_copy(request, ground="statute")
    with pytest.raises(DatabaseError, match="one_of_seven_grounds"):
        insert_copy(request, ground=ground)
    with pytest.raises(DatabaseError, match=r"NOT NULL|not-null"):
        insert_copy(request, ground=None)


def insert_copy(request: DisclosureRequest, *, state: str = "draft", ground: str | None = "statute") -> None:
    columns = COPIED.removeprefix("ground, ")
    new = request._meta.pk.get_db_prep_value(uuid4(), connection)
    run(
        f"INSERT INTO disclosures_disclosurerequest"
        f" (id, reference, state, ground, reason_sealed, created_at, due_at, {columns})"
        f" SELECT %s, %s, %s, %s, '', created_at, due_at, {columns} FROM disclosures_disclosurerequest WHERE id = %s",
        [new, str(new)[:20], state, ground, key(request)],
    )


@pytest.mark.clause("1.2")
@pytest.mark.parametrize("field", ["password", "recovery_question", "recovery_answer", "id_type", ""])
def test_the_database_cannot_hold_another_field_in_a_scope(field: str) -> None:
    subject = draft_about(make_person()).subjects.get()
    with pytest.raises(DatabaseError, match="one_of_seven_fields"):
        run(
            "INSERT INTO disclosures_scopeitem (subject_id, field, granted) VALUES (%s, %s, %s)",
            [subject.pk, field, True],
        )


def add_field_by_hand(subject: Subject, field: str) -> None:
    run(
        "INSERT INTO disclosures_scopeitem (subject_id, field, granted) VALUES (%s, %s, %s)",
        [subject.pk, field, True],
    )


@pytest.mark.clause("1.3")
def test_one_approval_in_the_database_is_not_enough() -> None:
    request = request_in(State.SECOND_REVIEW)
    with pytest.raises(DatabaseError, match="two approvers are missing"):
        set_state(request, State.APPROVED)
    approve_by_hand(request, make_account(), "second")
    set_state(request, State.APPROVED)


@pytest.mark.clause("1.3")
def test_no_legal_review_in_the_database_without_its_approval() -> None:
    with pytest.raises(DatabaseError, match="legal review is missing"):
        set_state(request_in(State.LEGAL_REVIEW), State.SECOND_REVIEW)


def test_no_release_in_the_database_without_its_package() -> None:
    with pytest.raises(DatabaseError, match="package is missing"):
        set_state(request_in(State.APPROVED), State.RELEASED)


@pytest.mark.clause("1.3")
def test_the_database_takes_no_approval_by_a_party_or_for_a_second_time() -> None:
    person = make_person()
    request = request_in(State.SECOND_REVIEW, person)
    for party in (person, request.author):
        with pytest.raises(DatabaseError, match="a party to the request"):
            approve_by_hand(request, party, "second")
    with pytest.raises(DatabaseError):
        approve_by_hand(request, request.approvals.get().reviewer, "second")


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("sign_in", [{"two_factor": False}, {"age": 301}])
def test_the_database_takes_no_approval_without_a_fresh_two_factor_sign_in(sign_in: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="signed_in_freshly"):
        approve_by_hand(request_in(State.SECOND_REVIEW), make_account(), "second", **sign_in)


@pytest.mark.parametrize("state", set(State) - {State.LEGAL_REVIEW, State.SECOND_REVIEW})
def test_the_database_takes_approvals_at_their_step_alone(state: State) -> None:
    request = request_in(state)
    for step in ("legal", "second"):
        with pytest.raises(DatabaseError):
            approve_by_hand(request, make_account(), step)


@pytest.mark.parametrize("column", [*COPIED.split(", ")[2:], "due_at"])
def test_the_facts_of_a_submitted_request_are_fixed(column: str) -> None:
    request = request_in(State.SUBMITTED)
    value = "submitted_at" if column == "due_at" else "'x'"
    with pytest.raises(DatabaseError, match="fixed"):
        run(f"UPDATE disclosures_disclosurerequest SET {column} = {value} WHERE id = %s", [key(request)])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE disclosures_disclosurerequest SET reference = 'DR-2000-000001'",
        "UPDATE disclosures_disclosurerequest SET ground = 'consent'",
        "UPDATE disclosures_approval SET rationale_sealed = 'x'",
        "UPDATE disclosures_package SET sha256 = 'x'",
        "UPDATE disclosures_subject SET account_id = account_id",
        "UPDATE disclosures_scopeitem SET field = 'id_number'",
        "UPDATE disclosures_scopeitem SET granted = NOT granted",
        "DELETE FROM disclosures_scopeitem",
        "DELETE FROM disclosures_subject",
        "DELETE FROM disclosures_approval",
        "DELETE FROM disclosures_package",
        "DELETE FROM disclosures_disclosurerequest",
    ],
)
def test_a_released_request_is_neither_edited_nor_deleted(change: str) -> None:
    request_in(State.RELEASED)
    with pytest.raises(DatabaseError):
        run(change)


@pytest.mark.parametrize("model", [DisclosureRequest, Approval, Package, Subject, ScopeItem])
def test_nothing_is_replaced_or_emptied_in_one_go(model: Any) -> None:
    request_in(State.RELEASED)
    table = model._meta.db_table
    columns = ", ".join(f.column for f in model._meta.concrete_fields)
    ways = {
        "sqlite": [
            f"REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
            f"UPDATE OR REPLACE {table} SET id = id + 1",
        ],
        "postgresql": [f"TRUNCATE {table} CASCADE"],
    }
    before = list(model.objects.values())
    for way in ways[connection.vendor]:
        with pytest.raises(DatabaseError):
            run(way)
    assert list(model.objects.values()) == before


def test_a_withheld_field_is_never_granted_again() -> None:
    request = request_in(State.LEGAL_REVIEW)
    run("UPDATE disclosures_scopeitem SET granted = %s", [False])
    with pytest.raises(DatabaseError, match="narrower"):
        run("UPDATE disclosures_scopeitem SET granted = %s", [True])
    with pytest.raises(DatabaseError, match="narrower"):
        add_field_by_hand(request.subjects.get(), "id_number")


def test_who_decided_is_part_of_a_decision() -> None:
    request = request_in(State.SUBMITTED)
    for decider in ("NULL", "author_id"):
        with pytest.raises(DatabaseError):
            run(
                "UPDATE disclosures_disclosurerequest SET state = 'refused', reason_sealed = 'x',"
                f" decided_by_id = {decider}, decided_at = created_at WHERE id = %s",
                [key(request)],
            )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_guards_can_be_taken_away_and_put_back() -> None:
    migrate("0001_requests")
    migrate("0003_roles")
    with pytest.raises(DatabaseError, match="two approvers are missing"):
        set_state(request_in(State.SECOND_REVIEW), State.APPROVED)


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("disclosures", name)])
