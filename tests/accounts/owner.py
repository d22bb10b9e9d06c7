"""Somebody on the pages of their own account."""

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import State, User
from accounts.services import correct_profile
from audit.events import Event
from audit.models import Entry
from tests.factories import PASSWORD, make_user

HOME = {"country_code": "DE", "street_address": "Sonnenallee 7", "city": "Berlin"}
DATA: dict[str, Any] = {
    "real_name": "Ada Musterfrau",
    "id_type": "pl_pesel",
    "id_number": "44051401359",
    "home_address": HOME,
    "mailing_address": HOME | {"street_address": "Postfach 12 34", "postal_code": "10967"},
    "postal_code": "12045",
    "recovery_question": "Which bridge?",
    "recovery_answer": "Oberbaum",
}
SHOWN = {
    "real_name": "Ada Musterfrau",
    "id_number": "44051401359",
    "home_address": "Sonnenallee 7",
    "mailing_address": "Postfach 12 34",
    "postal_code": "12045",
    "email": "ada@example.com",
    "recovery_question": "Which bridge?",
    "date_of_birth": "May 17, 1990",
}


def make_owner(**fields: Any) -> User:
    """Make somebody who has given everything."""
    user = make_user(email="ada@example.com", **fields)
    correct_profile(user=user, changes=DATA)
    return user


def sign_in(user: User) -> Client:
    """Sign in on the page, just now."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def come_back(user: User) -> Client:
    """Give a browser whose session is good but whose sign-in is long ago."""
    client = Client()
    client.force_login(user)
    return client


def page(answer: Any) -> str:
    """Give the words of a page, its entities read."""
    return unescape(answer.content.decode())


def entries(user: User, event: Event) -> list[Entry]:
    """Give what the audit log says about somebody, the oldest first."""
    return list(Entry.objects.about(user).filter(event=event).order_by("id"))


def tamper(user: User, column: str, value: str) -> None:
    """Write to a column of the profile past everything, as somebody with the database would."""
    table = "accounts_user" if column == "email" else "accounts_profile"
    key = "id" if column == "email" else "user_id"
    pk = user.pk if connection.vendor == "postgresql" else user.pk.hex
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, pk])


def leave(user: User, state: State) -> None:
    """Put an account into a state past every rule."""
    now = user.joined_at
    User.objects.filter(pk=user.pk).update(
        state=state, is_active=state == State.CANCELLING, email="", erase_at=now, cancellation_requested_at=now
    )
