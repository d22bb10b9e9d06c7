"""A value that somebody tampered with is reported, and in nobody's way but its owner's."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import sweep_unverified
from audit.events import Event
from audit.models import Entry
from tests.accounts.owner import entries, page, sign_in, tamper
from tests.factories import PASSWORD, make_user
from vault import keys


def break_seal(user: User) -> None:
    """Change the sealed part of the account's addresses past everything; they are still found by their index."""
    tamper(user, "email", broken(user.__dict__["email"].token))
    row = EmailAddress.objects.get(user=user)
    with connection.cursor() as cursor:
        token = broken(row.__dict__["email"].token)
        cursor.execute("UPDATE account_emailaddress SET email = %s WHERE id = %s", [token, row.pk])
    keys.forget()


def broken(token: str) -> str:
    """Give a token with a changed end."""
    return token[:-8] + ("AAAAAAA=" if token.endswith("=") else "AAAAAAAA")


def sign_up_long_ago() -> User:
    """Make an account that nobody has confirmed in time."""
    user = User.objects.create_user("late@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    User.objects.filter(pk=user.pk).update(joined_at=timezone.now() - timedelta(days=4))
    return user


@pytest.fixture
def victim(db: None) -> User:
    """Somebody with an address."""
    return make_user(email="ada@example.com")


def test_a_page_that_meets_a_broken_value_says_so_and_reports_it(victim: User) -> None:
    client = sign_in(victim)
    break_seal(victim)
    answer = client.get(reverse("account_email"))
    assert answer.status_code == 500
    assert "One value of this account can’t be opened" in page(answer)
    (entry,) = entries(victim, Event.VALUE_BROKEN)
    assert (entry.actor, entry.details) == (str(victim.pk), {"error": "SealBroken"})


def test_a_sign_in_that_meets_a_broken_address_is_reported_and_no_trace_is_logged(
    victim: User, caplog: pytest.LogCaptureFixture
) -> None:
    break_seal(victim)
    answer = Client().post(reverse("account_login"), {"login": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 500
    assert "One value of this account can’t be opened" in page(answer)
    assert Entry.objects.filter(event=Event.VALUE_BROKEN, actor="anonymous").count() == 1
    assert not any(record.exc_info for record in caplog.records)
    assert "ada@" not in caplog.text


def test_everybody_else_signs_in_as_before(victim: User) -> None:
    other = make_user()
    break_seal(victim)
    assert sign_in(other).get(reverse("account_email")).status_code == 200
    assert not Entry.objects.filter(event=Event.VALUE_BROKEN).exists()


def test_the_sweep_of_sign_ups_goes_on_past_a_broken_address(db: None) -> None:
    first, second = sign_up_long_ago(), make_late_one()
    break_seal(first)
    assert sweep_unverified() == 2
    assert not User.objects.filter(pk__in=[first.pk, second.pk]).exists()
    (entry,) = entries(first, Event.VALUE_BROKEN)
    assert entry.details == {"field": "email", "error": "SealBroken"}
    assert sweep_unverified() == 0


def make_late_one() -> User:
    """Make another one, whose address is whole."""
    user = make_user(joined_at=timezone.now() - timedelta(days=4))
    EmailAddress.objects.filter(user=user).update(verified=False)
    return user
