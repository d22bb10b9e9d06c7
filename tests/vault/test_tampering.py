"""A stored value that was moved, changed or never sealed does not open, and nothing else suffers."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Profile, User
from tests.factories import make_user
from tests.vault.conftest import NAME
from vault import keys
from vault.exceptions import KeyMissing, SealBroken
from vault.models import DataKey

pytestmark = pytest.mark.clause("1.1")


def flip_last_byte(token: str) -> str:
    """Change one bit of the ciphertext."""
    prefix, _, body = token.rpartition(".")
    blob = bytearray(b64decode(body))
    blob[-1] ^= 1
    return f"{prefix}.{b64encode(blob).decode()}"


CHANGES: dict[str, Callable[[str], str]] = {
    "one bit": flip_last_byte,
    "cut short": lambda token: token[:-12],
    "cut to nothing": lambda token: token.rpartition(".")[0] + ".",
    "plain text": lambda _: NAME,
    "plain text with dots": lambda _: "a.b.c",
    "no base64": lambda token: token.rpartition(".")[0] + ".%%%",
    "another key id": lambda token: token.replace("-1.", "-2."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_value_does_not_open(person: User, column: Callable[..., Any], change: Callable[[str], str]) -> None:
    column(person, "real_name", change(column(person, "real_name")))
    profile = Profile.objects.get(user=person)
    with pytest.raises(SealBroken) as caught:
        profile.real_name  # noqa: B018
    assert NAME not in str(caught.value)
    assert profile.postal_code == "100000"


def test_a_value_moved_to_another_account_does_not_open(person: User, column: Callable[..., Any]) -> None:
    other = make_user()
    column(other, "real_name", column(person, "real_name"))
    with pytest.raises(SealBroken):
        Profile.objects.get(user=other).real_name  # noqa: B018
    assert Profile.objects.get(user=person).real_name == NAME


def test_a_value_moved_to_another_field_does_not_open(person: User, column: Callable[..., Any]) -> None:
    column(person, "postal_code", column(person, "real_name"))
    with pytest.raises(SealBroken):
        Profile.objects.get(user=person).postal_code  # noqa: B018


def test_a_value_with_the_index_of_another_does_not_open(person: User, column: Callable[..., Any]) -> None:
    other = make_user()
    profile = Profile.objects.get(user=other)
    profile.id_number = "other"
    profile.save()
    index = column(other, "id_number").partition(".")[0]
    column(person, "id_number", f"{index}.{column(person, 'id_number').partition('.')[2]}")
    with pytest.raises(SealBroken):
        Profile.objects.get(user=person).id_number  # noqa: B018


def break_value(other: User, column: Callable[..., Any]) -> None:
    """Put plain text where a token was."""
    column(other, "real_name", "plain")


def break_data_key(other: User, column: Callable[..., Any]) -> None:
    """Cut the wrapped key short."""
    DataKey.objects.filter(account_id=other.pk).update(wrapped="AAAA")


def lose_kek(other: User, column: Callable[..., Any]) -> None:
    """Wrap the data key under a version that nobody has."""
    DataKey.objects.filter(account_id=other.pk).update(kek_version=99)


@pytest.mark.parametrize("damage", [break_value, break_data_key, lose_kek])
def test_one_broken_account_leaves_the_rest_of_a_list_alone(
    person: User, column: Callable[..., Any], damage: Callable[..., None]
) -> None:
    other = make_user()
    profile = Profile.objects.get(user=other)
    profile.real_name = "Other"
    profile.save()
    damage(other, column)
    keys.forget()
    opened: list[str | None] = []
    for profile in Profile.objects.order_by("user__joined_at"):
        try:
            opened.append(profile.real_name)
        except SealBroken:
            opened.append(None)
    assert opened == [NAME, None]


@pytest.mark.clause("3.2")
def test_nothing_of_an_account_opens_once_its_key_is_destroyed(person: User) -> None:
    assert keys.destroy_data_key(person.pk)
    assert not keys.destroy_data_key(person.pk)
    with pytest.raises(KeyMissing):
        Profile.objects.get(user=person).real_name  # noqa: B018


def test_a_data_key_put_in_place_of_another_does_not_unwrap(person: User) -> None:
    other = make_user()
    stolen = DataKey.objects.get(account_id=other.pk).wrapped
    DataKey.objects.filter(account_id=person.pk).update(wrapped=stolen)
    keys.forget()
    with pytest.raises(SealBroken):
        Profile.objects.get(user=person).real_name  # noqa: B018


def test_no_exception_tells_a_key_or_a_token(person: User, column: Callable[..., Any]) -> None:
    token = column(person, "real_name")
    column(person, "real_name", flip_last_byte(token))
    with pytest.raises(SealBroken) as caught:
        Profile.objects.get(user=person).real_name  # noqa: B018
    assert token[:20] not in str(caught.value)
    assert caught.value.__cause__ is None
