"""Sign people in without walking through the pages, where the sign-in isn't what is tested."""

import time

from django.test import Client

from accounts.models import User


def sign_in_with_two_factors(client: Client, user: User) -> None:
    """Give the browser a session as it is just after a password and a second factor, which the staff pages ask for."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session.save()
