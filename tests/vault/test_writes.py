"""Every way into a sealed column seals or raises."""

import pytest
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Upper
from pytest_django import Settings

from accounts.models import Profile, User
from tests.factories import make_user
from tests.vault.conftest import NAME
from vault import querysets
from vault.exceptions import SealedWrite
from vault.models import DataKey


@pytest.mark.parametrize(
    "value",
    ["plain", F("postal_code"), Value("plain"), Upper("postal_code"), Concat(F("postal_code"), Value("x")),
     Case(When(pk__isnull=False, then=Value("plain")))],
    ids=["text", "another column", "a value", "a function", "a concatenation", "a case of plain text"],
)  # fmt: skip
def test_update_never_writes_what_is_not_sealed(person: User, value: object) -> None:
    with pytest.raises(SealedWrite), transaction.atomic():
        Profile.objects.filter(user=person).update(real_name=value)
    assert Profile.objects.get(user=person).real_name == NAME


def test_an_update_cannot_hand_one_accounts_envelope_to_another(person: User) -> None:
    other = Profile.objects.get(user=make_user())
    field = Profile._meta.get_field("real_name")
    envelope = Profile.objects.get(user=person).__dict__["real_name"]
    theirs = Case(When(pk=other.pk, then=Value(envelope, output_field=field)), output_field=field)
    with pytest.raises(SealedWrite), transaction.atomic():
        Profile.objects.filter(pk=other.pk).update(real_name=theirs)


@pytest.mark.parametrize("value", [F("postal_code"), Value("x"), b"bytes", ["a"], 7])
@pytest.mark.parametrize("name", ["real_name", "date_of_birth"])
def test_saving_a_row_seals_text_and_dates_and_nothing_else(person: User, name: str, value: object) -> None:
    profile = Profile.objects.get(user=person)
    setattr(profile, name, value)
    with pytest.raises(SealedWrite), transaction.atomic():
        profile.save()
    with pytest.raises(SealedWrite), transaction.atomic():
        Profile.objects.bulk_update([profile], [name])
    assert Profile.objects.get(user=person).real_name == NAME


def test_update_can_empty_a_sealed_field(person: User) -> None:
    Profile.objects.filter(user=person).update(real_name="", home_address=None)
    profile = Profile.objects.get(user=person)
    assert (profile.real_name, profile.home_address) == ("", None)


def test_update_does_not_spread_one_rows_envelope(person: User) -> None:
    envelope = Profile.objects.get(user=person).__dict__["real_name"]
    with pytest.raises(SealedWrite), transaction.atomic():
        Profile.objects.update(real_name=envelope)


def test_an_envelope_of_another_account_or_field_is_not_stored(person: User) -> None:
    envelope = Profile.objects.get(user=person).__dict__["real_name"]
    other = Profile.objects.get(user=make_user())
    other.real_name = envelope
    with pytest.raises(SealedWrite), transaction.atomic():
        other.save()
    own = Profile.objects.get(user=person)
    own.postal_code = envelope
    with pytest.raises(SealedWrite), transaction.atomic():
        own.save()


def test_bulk_update_seals(person: User) -> None:
    rows = [Profile.objects.get(user=person), Profile.objects.get(user=make_user())]
    for number, row in enumerate(rows):
        row.real_name = f"Bulk {number}"
        row.home_address = None
    assert Profile.objects.bulk_update(rows, ["real_name", "home_address", "id_type"]) == 2
    assert [Profile.objects.get(pk=row.pk).real_name for row in rows] == ["Bulk 0", "Bulk 1"]


def test_bulk_create_seals_and_makes_the_accounts_keys(db: None) -> None:
    users = User.objects.bulk_create([User(email=f"bulk{number}@example.com") for number in range(5)])
    Profile.objects.bulk_create([Profile(user=user, real_name="Bulk", home_address={"a": 1}) for user in users])
    assert User.objects.get(email="bulk3@example.com").profile.real_name == "Bulk"


def test_get_or_create_and_update_or_create_work_by_blind_index(person: User) -> None:
    found, created = User.objects.get_or_create(email="zoe@example.com")
    assert (found, created) == (person, False)
    made, created = User.objects.update_or_create(email="other@example.com", defaults={"department": "law"})
    assert created
    assert made.email == "other@example.com"


def test_more_accounts_than_keys_fit_in_memory_are_created_in_batches(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querysets, "BATCH", 2)
    settings.VAULT_KEYS_IN_MEMORY = 3
    users = User.objects.bulk_create([User(email=f"many{number}@example.com") for number in range(7)])
    assert {user.email for user in User.objects.all()} == {user.email for user in users}
    assert DataKey.objects.count() == 7
