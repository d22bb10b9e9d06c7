"""The release: only granted fields, once, on record, told; and what stands against it."""

import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from accounts.models import Profile, User
from accounts.models import State as AccountState
from audit.events import Event
from audit.models import Entry
from disclosures import services
from disclosures.exceptions import (
    AccountErased,
    InvalidTransition,
    NothingGranted,
    RoleMissing,
    SafeguardMissing,
    ValueUnreadable,
)
from disclosures.grounds import RULES, Ground
from disclosures.models import DisclosureRequest, Package, ScopeItem
from disclosures.roles import APPROVER, LEGAL_REVIEWER
from disclosures.scope import DisclosableField
from disclosures.states import OPEN, State
from notices.kinds import Kind
from notices.models import Notice
from notices.words import render
from tests.disclosures.path import (
    NOW,
    approve,
    draft_about,
    everything,
    make_officer,
    make_person,
    pass_review,
    release,
    request_in,
    submit,
    take_up,
)
from vault import keys

pytestmark = pytest.mark.django_db

ADDRESS = {"country": "US", "city": "Springfield", "line1": "12 Main Street"}


def approved_about(person: User, *fields: DisclosableField, ground: Ground = Ground.STATUTE) -> DisclosureRequest:
    request = submit(draft_about(person, *fields, ground=ground))
    pass_review(request, take_up(request))
    return approve(request)


@pytest.mark.clause("1.3")
def test_exactly_the_granted_fields_are_opened() -> None:
    person = make_person(home_address=ADDRESS)
    fields = (DisclosableField.REAL_NAME, DisclosableField.HOME_ADDRESS, DisclosableField.EMAIL)
    request = submit(draft_about(person, *fields))
    name, home, _email = everything(request)
    pass_review(request, take_up(request), [name, home])
    approve(request)
    document = json.loads(release(request).content)
    expected = {"real_name": "Wang Fang", "home_address": ADDRESS}
    assert document["accounts"] == [{"account": str(person.pk), "fields": expected}]
    assert (document["reference"], document["ground"]) == (request.reference, "statute")
    assert document["ground_in_words"] == "A law or regulation requires it"
    opened = Entry.objects.filter(event=Event.FIELD_OPENED)
    assert {entry.details["field"] for entry in opened} == expected.keys()
    assert {(entry.subject, entry.actor) for entry in opened} == {(person.pk, str(request.author_id))}


def test_every_disclosable_field_can_be_written() -> None:
    filled = {"home_address": ADDRESS, "mailing_address": ADDRESS, "postal_code": "62701", "id_number": "X1"}
    person = make_person(**filled)
    document = json.loads(release(approved_about(person, *DisclosableField)).content)
    values = document["accounts"][0]["fields"]
    expected = filled | {"real_name": "Wang Fang", "email": person.email, "date_of_birth": "1990-05-17"}
    assert values == expected
    assert list(values) == list(DisclosableField)


def test_a_field_without_a_value_is_null() -> None:
    document = json.loads(release(approved_about(make_person(), DisclosableField.POSTAL_CODE)).content)
    assert document["accounts"][0]["fields"] == {"postal_code": None}


def test_what_stays_is_the_hash_and_the_names_of_the_fields() -> None:
    person = make_person()
    request = approved_about(person)
    handed_out = release(request)
    package = Package.objects.get()
    assert package.sha256 == hashlib.sha256(handed_out.content).hexdigest()
    assert package.fields == {str(person.pk): ["real_name", "email"]}
    assert handed_out.file_name == f"{request.reference}.json"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosures_package")
        assert "Wang Fang" not in str(cursor.fetchall())


def test_a_package_is_handed_out_once() -> None:
    request = approved_about(make_person())
    release(request)
    with pytest.raises(InvalidTransition):
        release(request)
    assert Package.objects.count() == 1


def test_the_person_concerned_is_told_of_the_release() -> None:
    person = make_person()
    request = approved_about(person)
    assert not Notice.objects.filter(to=person).exists()
    release(request)
    notice = Notice.objects.get(to=person)
    assert notice.kind == Kind.DISCLOSURE_RELEASED
    assert notice.details == {
        "reference": request.reference,
        "ground": "statute",
        "fields": ["real_name", "email"],
    }
    assert Entry.objects.about(person).filter(event=Event.DISCLOSURE_RELEASED).count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("ground", Ground)
def test_the_notice_names_the_ground_as_the_desk_does_and_leads_to_the_disclosure(
    ground: Ground, language: str
) -> None:
    with translation.override(language):
        words = render(Notice(kind=Kind.DISCLOSURE_RELEASED, details={"ground": ground.value}))
        assert str(ground.label) in words.paragraphs[1]
    assert words.path == reverse("my_disclosures")


def test_reviewers_release_nothing() -> None:
    request = approved_about(make_person())
    for role in (LEGAL_REVIEWER, APPROVER):
        with pytest.raises(RoleMissing):
            services.release_package(request_id=request.pk, officer=make_officer(role), sign_in=NOW)


@pytest.mark.parametrize("ground", [ground for ground in Ground if RULES[ground].missing_safeguard])
def test_nothing_is_released_on_a_ground_whose_safeguard_cannot_be_met(ground: Ground) -> None:
    request = approved_about(make_person(), ground=ground)
    with pytest.raises(SafeguardMissing):
        release(request)
    assert not Entry.objects.filter(event=Event.FIELD_OPENED).exists()


@pytest.mark.parametrize("ground", [ground for ground in Ground if not RULES[ground].missing_safeguard])
def test_the_other_grounds_lead_to_a_release(ground: Ground) -> None:
    request = approved_about(make_person(), ground=ground)
    assert json.loads(release(request).content)["ground_in_words"] == ground.label


@pytest.mark.parametrize("state", [AccountState.ERASING, AccountState.ERASED])
def test_nothing_of_an_erased_account_is_released(state: AccountState) -> None:
    person = make_person()
    request = approved_about(person)
    User.objects.filter(pk=person.pk).update(state=state, is_active=False, email="")
    with pytest.raises(AccountErased):
        release(request)
    request.refresh_from_db()
    assert request.state == State.APPROVED


def test_a_destroyed_key_stops_the_release_and_is_on_record() -> None:
    person = make_person()
    request = approved_about(person)
    keys.destroy_data_key(person.pk)
    with pytest.raises(ValueUnreadable):
        release(request)
    assert not Package.objects.exists()
    assert not Entry.objects.filter(event=Event.FIELD_OPENED).exists()
    broken = Entry.objects.get(event=Event.VALUE_BROKEN)
    assert (broken.subject, broken.details) == (person.pk, {"field": "real_name"})


def test_a_value_moved_from_another_account_stops_the_release() -> None:
    person, other = make_person(), make_person(real_name="Li Na")
    request = approved_about(person)
    with connection.cursor() as cursor:
        table = Profile._meta.db_table
        cursor.execute(
            f"UPDATE {table} SET real_name = (SELECT real_name FROM {table} WHERE user_id = %s) WHERE user_id = %s",
            [stored(other), stored(person)],
        )
    with pytest.raises(ValueUnreadable):
        release(request)


def stored(person: User) -> Any:
    return Profile._meta.pk.get_db_prep_value(person.pk, connection)


@pytest.mark.clause("3.2")
def test_an_erasure_withholds_everything_from_open_requests_and_leaves_the_evidence() -> None:
    person = make_person()
    released = request_in(State.RELEASED, person)
    open_requests = [request_in(state, person) for state in OPEN]
    assert services.erase_from_requests(user=person) == 2 * len(OPEN)
    assert services.erase_from_requests(user=person) == 0
    assert all(everything(request) == [] for request in open_requests)
    assert ScopeItem.objects.filter(subject__request=released, granted=True).count() == 2
    with pytest.raises(NothingGranted):
        release(open_requests[-1])
    assert Entry.objects.filter(event=Event.DISCLOSURE_NARROWED).count() == len(OPEN)
