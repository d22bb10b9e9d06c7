"""A person at the pages, as a browser would be: forms are read from the page and sent back with what is filled in."""

import re
from html.parser import HTMLParser
from typing import Any, TypeAlias

from django.core import mail
from django.test import Client, TestCase
from django.urls import reverse

from tests.factories import PASSWORD

Answer: TypeAlias = Any  # the test client's: a response with a context

ADDRESS = "li.wei@example.com"
ADULT = "1990-05-17"


class Fields(HTMLParser):
    """Collects what a page's inputs hold, as a browser would send it back."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one input."""
        given = dict(attrs)
        name = given.get("name")
        ticked = given.get("type") != "checkbox" or "checked" in given
        if tag == "input" and name and name != "csrfmiddlewaretoken" and ticked:
            self.values[name] = given.get("value") or ""


class Person:
    """Somebody with a browser."""

    def __init__(self, **client: Any) -> None:
        self.client = Client(**client)

    def get(self, name: str, **kwargs: Any) -> Answer:
        """Open a page by its name."""
        return self.client.get(reverse(name), **kwargs)

    def post(self, name: str, **data: str) -> Answer:
        """Send a form; what waits for the commit happens, as it would."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse(name), data)

    def fill_in(self, name: str, **data: str | None) -> Answer:
        """Open a page and send its form back with some fields filled in; None leaves one out."""
        values = Fields(self.get(name).content.decode()).values | data
        return self.post(name, **{key: value for key, value in values.items() if value is not None})

    def sign_up(self, **data: str | None) -> Answer:
        """Fill in the sign-up form as an adult who agrees, but for what is given."""
        usual = {"email": ADDRESS, "password1": PASSWORD, "date_of_birth": ADULT, "agree": "on"}
        return self.fill_in("account_signup", **usual | data)

    def sign_in(self, email: str = ADDRESS, password: str = PASSWORD) -> Answer:
        """Sign in."""
        return self.post("account_login", login=email, password=password)

    def confirm(self, code: str = "") -> Answer:
        """Type the code from the newest mail."""
        return self.post("account_email_verification_sent", code=code or newest_code())

    @property
    def is_signed_in(self) -> bool:
        """Tell whether the session belongs to an account."""
        return "_auth_user_id" in self.client.session


def newest_code() -> str:
    """Read the code in the newest mail."""
    found = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, "the newest mail has no code"
    return found[1]


def words(answer: Answer) -> str:
    """Give a page's text."""
    return str(answer.content.decode())
