"""Drafts: seven grounds, disclosable fields, exact-match search."""

import re
from typing import Any

import pytest
from django.db import connection

from accounts.models import State as AccountState
from accounts.models import User
from audit.events import Event
from audit.models import Entry
from disclosures import services
from disclosures.clock import due_at
from disclosures.exceptions import (
    FieldNotGrantable,
    InvalidTransition,
    NothingGranted,
    RequestIncomplete,
    RoleMissing,
    SubjectAmbiguous,
    SubjectNotFound,
    SubjectTwice,
)
from disclosures.grounds import EMERGENCY_FIELDS, RULES, Ground
from disclosures.models import DisclosureRequest, Subject
from disclosures.roles import AUDITOR, INTAKE, LEGAL_REVIEWER
from disclosures.scope import DisclosableField
from disclosures.states import State
from tests.disclosures.path import FACTS, draft, draft_about, make_account, make_officer, make_person, request_in

pytestmark = pytest.mark.django_db

SEVEN = {"consent", "statute", "legal_process", "property_rights", "emergency", "national_security", "partner"}


def add(request: DisclosureRequest, identifier: str, *fields: str) -> Subject:
    return services.add_subject(
        request_id=request.pk, author=request.author, identifier=identifier, fields=fields or ["real_name"]
    )


@pytest.mark.clause("1.3")
def test_there_are_exactly_seven_grounds_each_with_its_clause() -> None:
    assert set(Ground.values) == SEVEN
    assert [RULES[ground].clause for ground in Ground] == [f"1.3.{number}" for number in range(1, 8)]


@pytest.mark.parametrize("ground", Ground)
def test_a_request_can_be_filed_on_each_ground(ground: Ground) -> None:
    request = draft(ground=ground)
    entry = Entry.objects.get(event=Event.DISCLOSURE_DRAFTED)
    assert (entry.actor, entry.target_id, entry.clause) == (
        str(request.author_id),
        str(request.pk),
        RULES[ground].clause,
    )
    assert request.due_at == due_at(ground, request.created_at)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("ground", ["", "other", "statute,consent", None])
def test_no_request_exists_without_a_ground_or_on_another(ground: Any) -> None:
    with pytest.raises(ValueError, match="valid Ground"):
        draft(ground=ground)
    assert not DisclosureRequest.objects.exists()


def test_references_count_up_within_a_year() -> None:
    author = make_officer(INTAKE)
    references = [draft(author).reference for _ in range(3)]
    assert all(re.fullmatch(r"DR-\d{4}-\d{6}", reference) for reference in references)
    assert [int(reference[-6:]) for reference in references] == [1, 2, 3]


@pytest.mark.parametrize("missing", FACTS)
def test_every_fact_is_owed(missing: str) -> None:
    with pytest.raises(RequestIncomplete):
        draft(None, Ground.STATUTE, **{missing: "  "})


@pytest.mark.parametrize("role", [LEGAL_REVIEWER, AUDITOR])
def test_only_intake_files_requests(role: str) -> None:
    with pytest.raises(RoleMissing):
        draft(make_officer(role))


def test_what_officers_write_is_sealed_in_the_database() -> None:
    request = draft()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosures_disclosurerequest")
        stored = str(cursor.fetchall())
    assert not any(text in stored for text in FACTS.values())
    request.refresh_from_db()
    assert {name: getattr(request, name) for name in FACTS} == FACTS


@pytest.mark.clause("1.2")
def test_password_question_and_answer_cannot_be_said() -> None:
    assert {"password", "recovery_question", "recovery_answer"}.isdisjoint(DisclosableField.values)
    assert len(DisclosableField) == 7
    request = draft()
    for name in ("password", "recovery_question", "recovery_answer"):
        with pytest.raises(FieldNotGrantable):
            add(request, str(make_person().pk), "real_name", name)
    assert not request.subjects.exists()


def test_an_emergency_opens_fewer_fields() -> None:
    for field in DisclosableField:
        request, person = draft(ground=Ground.EMERGENCY), make_person()
        if field in EMERGENCY_FIELDS:
            add(request, str(person.pk), field)
        else:
            with pytest.raises(FieldNotGrantable):
                add(request, str(person.pk), field)


def by_email(person: User) -> str:
    return person.email.upper()


def by_id_number(person: User) -> str:
    return f" {person.profile.id_number} "


def by_account_id(person: User) -> str:
    return str(person.pk)


@pytest.mark.parametrize("named", [by_email, by_id_number, by_account_id])
def test_an_account_is_found_by_exact_data(named: Any) -> None:
    make_person()
    person = make_person()
    subject = add(draft(), named(person), "email", "real_name")
    assert subject.account_id == person.pk
    assert [item.field for item in subject.scope.all()] == ["real_name", "email"]
    assert str(subject) == f"account {person.pk.hex[:8]}"


def test_an_address_is_found_however_its_domain_is_written() -> None:
    person = make_account(email="zoe@xn--bcher-kva.example")
    assert add(draft(), "Zoe@Bücher.example", "email").account_id == person.pk


@pytest.mark.parametrize("identifier", ["", " ", "@", "example.com", "Wang Fang", "person", "x@example.com", "%", "*"])
def test_nothing_but_exact_data_finds_an_account(identifier: str) -> None:
    make_person()
    request = draft()
    with pytest.raises(SubjectNotFound):
        add(request, identifier)


def test_every_search_is_on_record_without_what_was_typed() -> None:
    request, person = draft(), make_person()
    add(request, person.email)
    with pytest.raises(SubjectNotFound):
        add(request, "someone@example.net")
    searches = Entry.objects.filter(event=Event.DISCLOSURE_SUBJECT_SOUGHT).order_by("pk")
    assert [entry.details["found"] for entry in searches] == [1, 0]
    assert "example" not in str([entry.details for entry in Entry.objects.all()])


def test_an_erased_account_is_not_found() -> None:
    person = make_person()
    User.objects.filter(pk=person.pk).update(state=AccountState.ERASED, is_active=False, email="")
    with pytest.raises(SubjectNotFound):
        add(draft(), str(person.pk))


def test_two_accounts_with_one_number_are_not_told_apart() -> None:
    for _ in range(2):
        make_person(id_number="SAME-1")
    with pytest.raises(SubjectAmbiguous):
        add(draft(), "SAME-1")


def test_an_account_is_in_a_request_once_and_can_be_taken_out() -> None:
    person = make_person()
    request = draft_about(person)
    with pytest.raises(SubjectTwice):
        add(request, str(person.pk))
    services.remove_subject(request_id=request.pk, author=request.author, subject_id=request.subjects.get().pk)
    assert not request.subjects.exists()
    with pytest.raises(SubjectNotFound):
        services.remove_subject(request_id=request.pk, author=request.author, subject_id=0)


def test_a_subject_without_fields_is_refused() -> None:
    with pytest.raises(NothingGranted):
        services.add_subject(request_id=(r := draft()).pk, author=r.author, identifier=make_person().email, fields=[])


def test_a_draft_can_be_corrected_by_its_author_alone() -> None:
    request = draft_about(make_person(), DisclosableField.ID_NUMBER)
    other = make_officer(INTAKE)
    change: dict[str, Any] = {"request_id": request.pk, "ground": Ground.LEGAL_PROCESS} | FACTS | {"purpose": "Another"}
    assert services.correct_draft(author=request.author, **change).purpose == "Another"
    with pytest.raises(RoleMissing):
        services.correct_draft(author=other, **change)
    with pytest.raises(FieldNotGrantable):
        services.correct_draft(author=request.author, **change | {"ground": Ground.EMERGENCY})


@pytest.mark.parametrize("state", set(State) - {State.DRAFT})
def test_nothing_but_a_draft_is_changed(state: State) -> None:
    request = request_in(state)
    with pytest.raises(InvalidTransition):
        services.correct_draft(request_id=request.pk, author=request.author, ground=Ground.STATUTE, **FACTS)
    with pytest.raises(InvalidTransition):
        add(request, str(make_person().pk))
    with pytest.raises(InvalidTransition):
        services.remove_subject(request_id=request.pk, author=request.author, subject_id=request.subjects.get().pk)
