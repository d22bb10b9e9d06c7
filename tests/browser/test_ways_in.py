"""What a person changes about how they sign in."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.hands import (
    code_of,
    confirm_code,
    confirm_password,
    expect_page,
    fill_in,
    follow,
    press,
    sign_in,
    sign_out,
    subjects_sent_to,
)
from tests.factories import make_user
from tests.live import Live

OLD, NEW = "old@example.com", "new@example.com"


def test_a_new_address_is_confirmed_by_code_and_both_are_told(live: Live) -> None:
    make_user(email=OLD)
    page = live.page
    sign_in(page, OLD)
    page.goto("/my/security/")
    follow(page, "Change E-mail address")
    fill_in(page, email=NEW)
    press(page, "Change my address")
    confirm_password(page)
    confirm_code(page, NEW)
    expect(page.get_by_text("Your e-mail address is confirmed.")).to_be_visible()
    assert subjects_sent_to(OLD)
    assert len(subjects_sent_to(NEW)) == 2  # the code, and that it was changed
    sign_out(page)
    sign_in(page, OLD)
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, NEW)
    expect_page(page, "My data")


@pytest.mark.clause("1.1")
def test_an_authenticator_app_and_recovery_codes_are_asked_for_at_the_next_sign_in(live: Live) -> None:
    make_user(email=OLD)
    page = live.page
    sign_in(page, OLD)
    page.goto("/accounts/2fa/")
    follow(page, "Set up an app")
    confirm_password(page)
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    page.get_by_text("I can’t scan it").click()
    secret = page.locator("details .mono").inner_text()
    fill_in(page, code="000000")
    press(page, "Turn on")
    expect(page.get_by_role("alert")).to_be_visible()
    fill_in(page, code=code_of(secret))
    press(page, "Turn on")
    expect_page(page, "Recovery codes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10

    sign_out(page)
    sign_in(page, OLD)
    expect_page(page, "One more step")
    page.goto("/my/data/")
    expect_page(page, "One more step")  # the password alone opens nothing
    gives(page, codes[0])
    expect_page(page, "My data")
    sign_out(page)
    sign_in(page, OLD)
    gives(page, codes[0])
    expect(page.get_by_role("alert")).to_be_visible()  # each works once
    gives(page, codes[1])
    expect_page(page, "My data")


def gives(page: Page, code: str) -> None:
    fill_in(page, code=code)
    press(page, "Sign in")


def test_a_passkey_is_enough_to_sign_in(live: Live) -> None:
    make_user(email=OLD)
    page = live.page
    credentials = plug_in_authenticator(page)
    sign_in(page, OLD)
    page.goto("/accounts/2fa/")
    follow(page, "Add a passkey")
    confirm_password(page)
    fill_in(page, name="My laptop")
    page.locator("#id_passwordless").check()
    press(page, "Add this device")
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    assert [one["isResidentCredential"] for one in credentials()] == [True]
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop").first).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/")
    press(page, "Sign in with a passkey")
    expect_page(page, "My data")
    press(page, "Reveal E-mail address")  # with a passkey, two factors have just been proven
    expect(page.locator("#email")).to_contain_text(OLD)


def plug_in_authenticator(page: Page) -> Any:
    """Give the browser a platform authenticator that says yes; return what lists its credentials."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    verified = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})
    which = {"authenticatorId": device["authenticatorId"]}
    return lambda: session.send("WebAuthn.getCredentials", which)["credentials"]


def test_sessions_elsewhere_are_listed_and_ended(live: Live, visit: Visit) -> None:
    make_user(email=OLD)
    elsewhere = visit().page
    for page in (live.page, elsewhere):
        sign_in(page, OLD)
        expect_page(page, "My data")
    page = live.open("/accounts/sessions/")
    expect(page.locator("dl.rows .row")).to_have_count(2)
    expect(page.get_by_text("This one")).to_have_count(1)
    press(page, "Sign out everywhere else")
    expect(page.locator("dl.rows .row")).to_have_count(1)
    elsewhere.goto("/my/data/")
    expect_page(elsewhere, "Sign in")
    page.goto("/my/data/")
    expect_page(page, "My data")
