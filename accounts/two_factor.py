"""How a person signed in: with how many factors, and how long ago; from the records that allauth keeps in the session.

Approvals, the admin site and everything that opens personal data ask here.
"""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes only stand in for one of these


def has_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether the account has an authenticator app or a passkey."""
    return user.is_authenticated and is_mfa_enabled(user, SECOND_FACTORS)


def signed_in_with_two_factors(request: HttpRequest) -> bool:
    """Tell whether two factors were proven in this session: password or e-mailed code, and a second one; or a passkey.

    A passkey used without a password counts as two: the device, and the person verified by it.
    """
    records = _records(request)
    methods = {record["method"] for record in records}
    return any(record.get("passwordless") for record in records) or ("mfa" in methods and len(methods) > 1)


def is_fresh(request: HttpRequest, minutes: int = 5) -> bool:
    """Tell whether the person proved who they are within the last minutes: by their second factor if they have one."""
    records = _records(request)
    if has_second_factor(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    return bool(records) and time.time() - records[-1]["at"] < minutes * 60


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user) if request.user.is_authenticated else []
