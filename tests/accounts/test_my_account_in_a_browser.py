"""My data and leaving, in Chromium: no JavaScript needed, no rule of the policy broken, nothing for axe to find."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import State, User
from tests.accounts.owner import SHOWN, make_owner
from tests.factories import PASSWORD
from tests.live import Live

PAGES = [
    "/my/data/",
    "/my/data/id_number/edit/",
    "/my/data/mailing_address/edit/",
    "/my/data/recovery_question/edit/",
    "/my/openings/",
    "/my/security/",
    "/my/cancel/",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sign_in(live: Live) -> Page:
    """Sign in on the page."""
    page = live.open("/accounts/login/")
    page.fill("[name=login]", SHOWN["email"])
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/my/data/")
    return page


def scrolls_sideways(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))


@pytest.mark.parametrize(("viewport", "colours"), [(WIDE, "dark"), (NARROW, "light")])
def test_every_page_fits_and_is_accessible(
    live_server: LiveServer, chromium: Browser, monkeypatch: pytest.MonkeyPatch, viewport: object, colours: str
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    make_owner()
    with Live.on(chromium, live_server.url, viewport=viewport, color_scheme=colours) as live:
        page = sign_in(live)
        for path in PAGES:
            live.open(path)
            live.check_access()
            assert not scrolls_sideways(page), path
        assert live.violations == []


@pytest.mark.clause("3.2")
def test_without_javascript_somebody_corrects_an_address_and_leaves(
    live_server: LiveServer, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    user = make_owner()
    with Live.on(chromium, live_server.url, java_script_enabled=False) as live:
        page = sign_in(live)
        page.get_by_role("button", name="Reveal ID number").click()
        assert SHOWN["id_number"] in page.content()
        move_to_china(live.open("/my/data/home_address/edit/"))
        assert "Saved: Home address." in page.content()
        live.open("/my/cancel/")
        page.get_by_label("Type").fill("cancel my account")
        page.get_by_role("button", name="Cancel my account").click()
        page.get_by_role("button", name="Undo: keep my account").wait_for()
        assert User.objects.get(pk=user.pk).state == State.CANCELLING
        page.get_by_role("button", name="Undo: keep my account").click()
        page.wait_for_url("**/my/data/")
        assert User.objects.get(pk=user.pk).state == State.ACTIVE


def move_to_china(page: Page) -> None:
    """Fill in an address whose lists depend on each other."""
    page.get_by_label("Country").select_option("CN")
    page.get_by_role("button", name="Show the fields of this country").click()
    page.get_by_label("Province").select_option("广东省")
    page.get_by_role("button", name="Update the lists below").first.click()
    page.get_by_label("City").select_option("深圳市")
    page.get_by_role("button", name="Update the lists below").nth(1).click()
    page.get_by_label("District").select_option("南山区")
    page.get_by_role("button", name="Save").click()
