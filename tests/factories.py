"""People and things to test with. Extend it as apps grow; a factory per model, a function per usual person."""

import time
from datetime import date
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import Profile, User

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(**fields: Any) -> User:
    """Make an adult who can sign in with PASSWORD, with a data key and a profile that holds a date of birth alone."""
    email = fields.pop("email", f"person{next(_numbers)}@example.com")
    user = User.objects.create_user(email, PASSWORD, **fields)
    Profile.objects.create(user=user, date_of_birth=date(1990, 5, 17))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_staff(**fields: Any) -> User:
    """Make a member of staff; give `department` where the rule under test asks for another one."""
    return make_user(is_staff=True, **fields)


def sign_in(client: Client, user: User, *, two_factors: bool | None = None, minutes_ago: float = 0) -> None:
    """Sign a person in as if by password, and for staff, unless told otherwise, by authenticator app as well."""
    at = time.time() - minutes_ago * 60
    records: list[dict[str, Any]] = [{"method": "password", "at": at}]
    if user.is_staff if two_factors is None else two_factors:
        app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        app = app or TOTP.activate(user, generate_totp_secret()).instance
        records.append({"method": "mfa", "type": "totp", "id": app.pk, "at": at})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [record | {"reauthenticated": True} for record in records]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
