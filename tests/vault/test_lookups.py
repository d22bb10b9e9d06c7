"""What can be asked of a sealed column, and what raises instead of lying."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import Profile, User
from tests.factories import make_user
from vault.exceptions import SealedLookup

LOOK_ALIKES = ["zoё@example.com", "ｚoe@example.com", "zoe@example.com.", "zoe@exаmple.com"]


@pytest.mark.parametrize("typed", ["zoe@example.com", "ZOE@Example.COM", "  zoe@example.com "])
def test_an_account_is_found_by_its_exact_address(person: User, typed: str) -> None:
    assert User.objects.get(email=typed) == person
    assert User.objects.get(email__iexact=typed) == person
    assert User.objects.get(email__in=["nobody@example.com", typed]) == person


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_an_address_that_only_looks_alike_is_another(person: User, typed: str) -> None:
    assert not User.objects.filter(email=typed).exists()


def test_an_empty_list_and_the_empty_text_match_as_expected(person: User) -> None:
    assert not User.objects.filter(email__in=[]).exists()
    assert not User.objects.filter(email="").exists()
    assert User.objects.exclude(email="").count() == 1


@pytest.mark.parametrize("lookup", ["contains", "icontains", "startswith", "regex", "gt", "lte", "range"])
def test_other_look_ups_raise_and_name_the_field(person: User, lookup: str) -> None:
    with pytest.raises(SealedLookup, match=r"accounts\.user\.email"):
        User.objects.filter(**{f"email__{lookup}": "z"})


@pytest.mark.parametrize("lookup", ["real_name", "date_of_birth__year", "home_address__city"])
def test_a_field_without_a_blind_index_cannot_be_searched(person: User, lookup: str) -> None:
    with pytest.raises(FieldError):
        Profile.objects.filter(**{lookup: "x"})


def test_a_column_cannot_be_compared_with_a_column(person: User) -> None:
    with pytest.raises(SealedLookup):
        list(User.objects.filter(email=F("department")))


def test_one_address_cannot_be_two_accounts(person: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(email="Zoe@example.com")


def test_look_ups_use_the_index(person: User) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    for rows in (User.objects.filter(email="zoe@example.com"), EmailAddress.objects.filter(email="zoe@example.com")):
        assert re.search("USING INDEX|Index Scan", rows.explain())


def test_allauths_address_is_sealed_and_read_open(person: User) -> None:
    address = EmailAddress.objects.get(email="Zoe@example.com")
    assert EmailAddress.objects.filter(user=person).values_list("email", flat=True)[0] == "zoe@example.com"
    assert "zoe" not in str(address)


def test_allauths_addresses_are_read_open_after_a_model_was_added(person: User) -> None:
    apps.clear_cache()  # as adding a model does
    assert list(EmailAddress.objects.filter(user=person).values_list("email", flat=True)) == ["zoe@example.com"]


def test_a_confirmed_address_belongs_to_one_account(person: User) -> None:
    other = make_user()
    EmailAddress.objects.create(user=other, email="zoe@example.com", verified=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.filter(user=other).update(verified=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.create(user=person, email="zoe@example.com")
