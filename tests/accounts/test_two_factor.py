"""How a session tells with how many factors, and how long ago, somebody signed in."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from accounts.two_factor import is_fresh, signed_in_with_two_factors
from tests.factories import make_user

PASSWORD, CODE, APP = {"method": "password"}, {"method": "code"}, {"method": "mfa", "type": "totp"}
PASSKEY = {"method": "mfa", "type": "webauthn", "passwordless": True}


def request_of(user: User, *records: dict[str, Any], minutes_ago: float = 0, of: User | None = None) -> HttpRequest:
    """Make a request of a session with these records."""
    at = time.time() - minutes_ago * 60
    request = HttpRequest()
    request.user = user
    request.session = {  # type: ignore[assignment] # read as a mapping
        "account_authentication_methods": [{"at": at} | record for record in records],
        "account_authentication_methods_user": str((of or user).pk),
    }
    return request


@pytest.mark.parametrize(
    ("records", "two"),
    [
        ([], False),
        ([PASSWORD], False),
        ([PASSWORD, PASSWORD], False),
        ([APP], False),
        ([APP, APP], False),
        ([PASSWORD, APP], True),
        ([CODE, APP], True),
        ([PASSKEY], True),
    ],
)
def test_two_factors_are_two_different_ones_or_a_passkey(db: None, records: list[dict[str, Any]], two: bool) -> None:
    assert signed_in_with_two_factors(request_of(make_user(), *records)) is two


def test_records_of_another_account_count_for_nothing(db: None) -> None:
    request = request_of(make_user(), PASSWORD, APP, of=make_user())
    assert not signed_in_with_two_factors(request)
    assert not is_fresh(request)


def test_nobody_signed_in_is_never_fresh(db: None) -> None:
    request = request_of(make_user(), PASSWORD, APP)
    request.user = AnonymousUser()
    assert not signed_in_with_two_factors(request)
    assert not is_fresh(request)


def test_a_sign_in_is_fresh_for_five_minutes_unless_told_otherwise(db: None) -> None:
    user = make_user()
    assert is_fresh(request_of(user, PASSWORD, minutes_ago=4.9))
    assert not is_fresh(request_of(user, PASSWORD, minutes_ago=5.1))
    assert is_fresh(request_of(user, PASSWORD, minutes_ago=9), minutes=10)


def test_with_a_second_factor_a_password_alone_is_never_fresh(db: None) -> None:
    user = make_user()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert not is_fresh(request_of(user, APP | {"at": 0.0}, PASSWORD))
    assert is_fresh(request_of(user, PASSWORD | {"at": 0.0}, APP))
