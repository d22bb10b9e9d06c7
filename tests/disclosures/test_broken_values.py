"""Values that can't be opened, that are missing, or that are typed in another form than the stored one."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection

from accounts.models import IdType, Profile, User
from audit.events import Event
from audit.models import Entry
from disclosures.exceptions import MinorConcerned, ValueUnreadable
from disclosures.forms import RequestForm
from disclosures.models import Approval, DisclosureRequest
from disclosures.services.drafting import find_accounts
from disclosures.states import State
from tests.disclosures.path import FACTS, draft, draft_about, make_account, make_person, request_in, submit

pytestmark = pytest.mark.django_db

FOREIGN = "1.dGhpcyB3YXMgbmV2ZXIgc2VhbGVkIGJ5IHVzIGF0IGFsbA=="


def swap_births(person: User, other: User) -> None:
    """Give a person the sealed date of birth of somebody else, as who can write to the database could."""
    table, key = Profile._meta.db_table, Profile._meta.pk.get_db_prep_value
    birth = f"(SELECT date_of_birth FROM {table} WHERE user_id = %s)"
    ids: list[Any] = [key(other.pk, connection), key(person.pk, connection)]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET date_of_birth = {birth} WHERE user_id = %s", ids)


def test_a_broken_date_of_birth_stops_the_submission_with_a_rule() -> None:
    person = make_person()
    request = draft_about(person)
    swap_births(person, make_person())
    with pytest.raises(ValueUnreadable) as refusal:
        submit(request)
    assert (refusal.value.account_id, refusal.value.field) == (person.pk, "date_of_birth")
    request.refresh_from_db()
    assert request.state == State.DRAFT
    broken = Entry.objects.get(event=Event.VALUE_BROKEN)
    assert (broken.actor, broken.subject, broken.details) == (
        str(request.author_id),
        person.pk,
        {"field": "date_of_birth"},
    )


@pytest.mark.clause("1.0")
def test_somebody_of_unknown_age_counts_as_a_minor() -> None:
    with pytest.raises(MinorConcerned):
        submit(draft_about(make_person(date_of_birth=None)))


@pytest.mark.clause("1.0")
def test_somebody_without_a_profile_counts_as_a_minor() -> None:
    person = make_account()
    Profile.objects.filter(user=person).delete()
    with pytest.raises(MinorConcerned):
        submit(draft_about(person))


def test_a_broken_rationale_says_so_on_the_page_of_its_approval() -> None:
    request = request_in(State.APPROVED)
    approval = request.approvals.first()
    assert approval is not None
    approval.rationale_sealed = FOREIGN
    page: Any = admin.site.get_model_admin(Approval)
    assert "can't be opened" in page.written_rationale(approval)


@pytest.mark.parametrize("name", FACTS)
def test_a_broken_fact_starts_empty_in_the_form_and_spoils_no_other(name: str) -> None:
    request = draft()
    setattr(request, f"{name}_sealed", FOREIGN)
    form = RequestForm(disclosure=request)
    assert form.initial == FACTS | {name: "", "ground": request.ground}
    noted = [field.name for field in form if "can't be opened" in field.label]
    assert noted == [name]


def test_the_form_of_a_sound_draft_has_no_note() -> None:
    form = RequestForm(disclosure=DisclosureRequest.objects.get(pk=draft().pk))
    assert not any("can't be opened" in field.label for field in form)


@pytest.mark.parametrize("typed", ["44051401359", "4405-1401-359", " 4405 1401 359 ", "４４０５１４０１３５９"])
def test_a_number_is_found_however_its_separators_are_typed(typed: str) -> None:
    person = make_person(id_type=IdType.PL_PESEL, id_number="44051401359")
    assert find_accounts(typed) == [person.pk]


@pytest.mark.parametrize("typed", ["AB-12/3", "ab-12/3", "ab - 12 / 3"])
def test_a_document_that_keeps_its_separators_is_found_by_them(typed: str) -> None:
    person = make_person(id_number="AB-12/3")
    assert find_accounts(typed) == [person.pk]


def test_separators_that_are_part_of_a_number_tell_two_people_apart() -> None:
    make_person(id_number="AB123")
    person = make_person(id_number="AB-123")
    assert find_accounts("AB-123") == [person.pk]
    assert find_accounts("A-B123") == []


def test_a_number_that_fits_two_people_gives_both() -> None:
    make_person(id_type=IdType.PL_PESEL, id_number="44051401359")
    make_person(id_number="4405-1401-359")
    assert len(find_accounts("4405-1401-359")) == 2
