"""What people do at the pages, in the words of the pages."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import PASSWORD
from tests.live import Live
from tests.sign_in import sign_in_with_two_factors
from vault.sessions import SessionStore

CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)
TOTP_PERIOD = 30  # seconds


def press(page: Page, name: str) -> None:
    """Press the button of this name, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow the link of this name to its page."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).click()


def fill_in(page: Page, **answers: str) -> None:
    """Fill in fields by their ids, which are Django's."""
    for name, answer in answers.items():
        page.locator(f"#id_{name}").fill(answer)


def expect_page(page: Page, heading: str) -> None:
    """Wait until the page with this main heading is there."""
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()


def sign_up(page: Page, email: str) -> None:
    """Fill in the sign-up form as an adult who agrees, and send it."""
    page.goto("/accounts/signup/")
    fill_in(page, email=email, password1=PASSWORD, date_of_birth="1990-05-17")
    page.locator("#id_agree").check()
    press(page, "Create my account")


def sign_in(page: Page, email: str) -> None:
    """Type address and password on the sign-in page."""
    page.goto("/accounts/login/")
    fill_in(page, login=email, password=PASSWORD)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    """Sign out by the account's menu."""
    page.locator("summary", has_text="Account menu").click()
    press(page, "Sign out")
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()


def confirm_code(page: Page, email: str) -> None:
    """Type the code that was mailed to this address."""
    expect_page(page, "Type the code from our e-mail")
    fill_in(page, code=code_sent_to(email))
    press(page, "Confirm")


def confirm_password(page: Page) -> None:
    """Prove who it is on the page that asks again."""
    expect_page(page, "Is it still you?")
    fill_in(page, password=PASSWORD)
    press(page, "Confirm")


def code_sent_to(email: str) -> str:
    """Give the newest code that was mailed to this address."""
    texts = [str(message.body) for message in reversed(mail.outbox) if message.to == [email]]
    return next(found[1] for text in texts if (found := CODE.search(text)))


def subjects_sent_to(email: str) -> list[str]:
    """Give the subjects of all mails to this address, the oldest first."""
    return [str(message.subject) for message in mail.outbox if message.to == [email]]


def code_of(secret: str) -> str:
    """Give the code that an authenticator app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


def come_in(live: Live, user: User) -> Page:
    """Give the browser a session as after a sign-in with two factors, where that isn't what is told."""
    client = Client()
    sign_in_with_two_factors(client, user)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["reauthenticated"] = True
    session.save()
    cookie = client.cookies["sessionid"]
    live.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
    return live.page


def let_sign_ins_age(seconds: int = 600) -> None:
    """Make every sign-in older than it is, as if people had been away from their desks."""
    for key in Session.objects.values_list("session_key", flat=True):
        session = SessionStore(key)
        for record in session.get("account_authentication_methods", []):
            record["at"] -= seconds
        session.modified = True
        session.save()
