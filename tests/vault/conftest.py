"""A person with values to seal, and a look at what the database really holds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from accounts.models import Profile, User
from tests.factories import make_user

NAME, NUMBER, ADDRESS = "Zoë Ångström", "11010519491231002X", {"country": "CN", "city": "北京"}


@pytest.fixture
def person(db: None) -> User:
    """An account with a filled profile, all of it stored."""
    user = make_user(email="zoe@example.com")
    Profile.objects.filter(user=user).delete()
    fields: dict[str, Any] = {"real_name": NAME, "id_number": NUMBER, "home_address": ADDRESS, "postal_code": "100000"}
    Profile.objects.create(user=user, date_of_birth=date(1990, 5, 17), **fields)
    return user


@pytest.fixture
def column(db: None) -> Callable[..., Any]:
    """Read, or with a second value write, a profile's column behind Django's back."""

    def access(user: User, name: str, *value: str | None) -> Any:
        where = user.pk.hex if connection.vendor == "sqlite" else user.pk
        with connection.cursor() as cursor:
            if value:
                cursor.execute(f"UPDATE accounts_profile SET {name} = %s WHERE user_id = %s", [*value, where])
            cursor.execute(f"SELECT {name} FROM accounts_profile WHERE user_id = %s", [where])
            return cursor.fetchone()[0]

    return access
