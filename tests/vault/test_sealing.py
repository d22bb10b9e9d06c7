"""A sealed value: what is stored, when it is opened, what it never does."""

import copy
import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import serializers
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile, User
from tests.factories import make_user
from tests.vault.conftest import ADDRESS, NAME, NUMBER
from vault import keys
from vault.envelope import Envelope
from vault.models import DataKey


@pytest.mark.clause("1.1")
def test_a_sealed_value_comes_back_as_it_was(person: User) -> None:
    profile = Profile.objects.get(user=person)
    assert (profile.real_name, profile.id_number, profile.home_address) == (NAME, NUMBER, ADDRESS)
    assert profile.date_of_birth == date(1990, 5, 17)


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("name", ["real_name", "id_number", "home_address", "postal_code", "date_of_birth"])
def test_the_column_holds_no_trace_of_the_value(person: User, column: Callable[..., Any], name: str) -> None:
    stored = column(person, name)
    for trace in (NAME, NUMBER, "100000", "1990-", "北京", "country"):
        assert trace not in stored


def test_equal_values_are_stored_differently_and_their_lengths_are_padded(
    person: User, column: Callable[..., Any]
) -> None:
    other = make_user()
    Profile.objects.filter(user=other).delete()
    Profile.objects.create(user=other, real_name="Li")
    assert len(column(person, "real_name")) == len(column(other, "real_name"))
    profile = Profile.objects.get(user=person)
    profile.real_name = "Li"
    profile.save()
    assert column(person, "real_name").split(".")[1] != column(other, "real_name").split(".")[1]


def test_reading_a_row_opens_nothing_and_asks_for_no_key(person: User) -> None:
    keys.forget()
    with CaptureQueriesContext(connections["keys"]) as queries:
        profile = Profile.objects.get(user=person)
    assert isinstance(profile.__dict__["real_name"], Envelope)
    assert len(queries) == 0


def test_opening_one_of_many_rows_loads_all_their_keys_in_one_query(db: None) -> None:
    for number in range(20):
        user = make_user()
        Profile.objects.filter(user=user).update(real_name="")
        profile = Profile.objects.get(user=user)
        profile.real_name = f"Name {number}"
        profile.save()
    keys.forget()
    with CaptureQueriesContext(connections["keys"]) as queries:
        names = {profile.real_name for profile in Profile.objects.all()}
    assert len(names) == 20
    assert len(queries) == 1


def test_a_value_that_did_not_change_keeps_its_envelope(person: User, column: Callable[..., Any]) -> None:
    before = column(person, "real_name")
    profile = Profile.objects.get(user=person)
    assert profile.real_name == NAME
    profile.real_name = NAME
    profile.save()
    assert column(person, "real_name") == before


def test_an_address_changed_in_place_is_sealed_again(person: User) -> None:
    profile = Profile.objects.get(user=person)
    profile.home_address["city"] = "上海"  # type: ignore[index]  # it has one
    profile.save()
    assert Profile.objects.get(user=person).home_address == ADDRESS | {"city": "上海"}


def test_a_text_that_looks_like_a_token_is_a_text(person: User, column: Callable[..., Any]) -> None:
    token = column(person, "real_name")
    profile = Profile.objects.get(user=person)
    profile.real_name = token
    profile.save()
    assert Profile.objects.get(user=person).real_name == token
    assert column(person, "real_name") != token


def test_nothing_and_the_empty_text_stay_what_they_are(person: User, column: Callable[..., Any]) -> None:
    assert column(person, "mailing_address") is None
    assert column(person, "recovery_question") == ""
    assert Profile.objects.filter(mailing_address__isnull=True).count() == 1


def test_an_envelope_is_no_text_and_no_key_of_anything(person: User) -> None:
    envelope = Profile.objects.get(user=person).__dict__["real_name"]
    assert not isinstance(envelope, str)
    assert repr(envelope) == "<sealed accounts.profile.real_name>"
    with pytest.raises(TypeError):
        hash(envelope)


@pytest.mark.parametrize("duplicate", [lambda row: pickle.loads(pickle.dumps(row)), copy.deepcopy])  # noqa: S301
def test_a_row_that_was_pickled_or_copied_travels_closed(person: User, duplicate: Callable[[Any], Any]) -> None:
    rows = Profile.objects.all()
    make_user()
    profile = next(row for row in rows if row.user_id == person.pk)
    assert profile.real_name == NAME
    dumped = pickle.dumps(profile)
    assert NAME.encode() not in dumped
    assert duplicate(profile).real_name == NAME


def test_a_dump_of_rows_holds_tokens(person: User) -> None:
    dumped = serializers.serialize("json", Profile.objects.filter(user=person), fields=["real_name", "id_number"])
    assert NUMBER not in dumped
    assert NAME.encode("unicode-escape").decode() not in dumped


def test_inserting_the_account_makes_its_key_once(db: None) -> None:
    user = User(email="new@example.com")
    user.save()
    user.save()
    assert DataKey.objects.filter(account_id=user.pk).count() == 1


def test_an_account_without_an_address_can_be_given_one_later(db: None) -> None:
    user = User.objects.create(email="")
    keys.forget()
    user.email = "later@example.com"
    user.save()
    assert User.objects.get(email="later@example.com").email == "later@example.com"


def test_an_id_that_is_still_text_names_the_same_account(db: None) -> None:
    text = "0190a1b2-0000-4000-8000-00000000cafe"
    user = User.objects.create(id=text, email="text@example.com")
    assert user.email == "text@example.com"
    user.save()
    assert User.objects.get(pk=text).email == "text@example.com"


def test_saving_an_erased_account_makes_no_key(person: User) -> None:
    person.email = ""
    person.save()
    keys.destroy_data_key(person.pk)
    person.save()
    assert not DataKey.objects.filter(account_id=person.pk).exists()


def test_values_give_envelopes_not_text(person: User) -> None:
    values = Profile.objects.filter(user=person).values_list("real_name", flat=True)
    assert isinstance(values[0], Envelope)
    assert Profile._meta.get_field("real_name").sealer.open(values[0]) == NAME


def test_a_deferred_value_is_opened_too(person: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Profile.objects.only("postal_code").get(user=person).real_name == NAME
    assert len(queries) == 2
