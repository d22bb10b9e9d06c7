"""The whole path in a browser, as three people who sign in with two factors, and the person concerned."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from config.demo import AUTHOR, REVIEWER, SECOND, USER, Player, make_players
from disclosures.roles import seed_roles
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def players(transactional_db: None) -> dict[str, Player]:
    """Everybody, by address."""
    seed_roles()
    call_command("seed_agreement", verbosity=0)
    made, _request = make_players()
    return {player.part.email: player for player in made}


class Stage:
    """Where people come to a browser of their own, one after the other."""

    def __init__(self, chromium: Browser, url: str, players: dict[str, Player]) -> None:
        self.chromium, self.url, self.players = chromium, url, players

    @contextmanager
    def as_(self, email: str, **context: object) -> Iterator[Live]:
        """Sign somebody in with everything they have; in the end no policy rule was broken."""
        player = self.players[email]
        with Live.on(self.chromium, self.url, **context) as live:
            page = live.open("/accounts/login/")
            page.fill("[name=login]", email)
            page.fill("[name=password]", player.password)
            page.locator("[name=password]").press("Enter")
            if player.totp_secret:
                page.fill("[name=code]", code_of(player.totp_secret))
                page.locator("[name=code]").press("Enter")
            page.wait_for_url("**/my/data/")
            yield live
            assert live.violations == []


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def stage(
    live_server: LiveServer, chromium: Browser, players: dict[str, Player], monkeypatch: pytest.MonkeyPatch
) -> Stage:
    """A stage on the running site."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
    return Stage(chromium, live_server.url, players)


def press(page: Page, name: str) -> None:
    """Press the button or link of that name in the page itself."""
    page.locator("#content").get_by_role("button", name=name, exact=True).or_(
        page.locator("#content").get_by_role("link", name=name, exact=True)
    ).first.click()


def open_waiting(live: Live, reference: str) -> Page:
    """Find a request on the desk, under what waits for the reader."""
    page = live.open("/admin/")
    live.check_access()
    page.get_by_role("link", name=reference).first.click()
    return page


@pytest.mark.clause("1.3")
@pytest.mark.timeout(300)
def test_three_people_take_a_request_from_draft_to_release(stage: Stage, tmp_path: Path) -> None:
    with stage.as_(AUTHOR.email) as author:
        reference = file_request(author)
    with stage.as_(REVIEWER.email, viewport={"width": 390, "height": 844}, color_scheme="dark") as reviewer:
        review(reviewer, reference)
    with stage.as_(SECOND.email) as approver:
        approve(approver, reference)
    with stage.as_(AUTHOR.email) as author:
        content = release(author, reference, tmp_path / "package.json")
    assert content["accounts"][0]["fields"] == {"real_name": "Wang Fang", "email": USER.email}
    with stage.as_(USER.email, viewport={"width": 390, "height": 844}) as person:
        see_it(person, reference)


def file_request(live: Live) -> str:
    """File, name an account, submit; give the reference."""
    page = live.open("/admin/disclosures/disclosurerequest/")
    live.check_access()
    press(page, "New request")
    live.check_access()
    page.get_by_label("A law or regulation requires it").check()
    page.get_by_label("Requesting organisation").fill("District Court of Springfield")
    page.get_by_label("Official's contact").fill("Clerk Jane Roe")
    page.get_by_label("Legal basis").fill("Data Retention Act, article 7")
    page.get_by_label("Purpose").fill("Identify the holder of one account")
    press(page, "File as a draft")
    reference = page.get_by_role("heading", level=1).first.inner_text()
    live.check_access()
    name_account(live, "nobody@example.com")
    assert page.get_by_text("Not found").first.is_visible()
    live.check_access()
    name_account(live, USER.email, go=False)
    assert USER.email not in page.locator("#content").inner_text()
    press(page, "Submit")
    live.check_access()
    press(page, "Submit")
    assert "submitted" in page.locator("#content").inner_text()
    return reference


def name_account(live: Live, email: str, *, go: bool = True) -> None:
    """Ask for three fields of an account."""
    page = live.page
    if go:
        press(page, "Add an account")
    page.get_by_label("E-mail address, ID number or account id").fill(email)
    for field in ("real name", "home address", "e-mail address"):
        page.get_by_label(field, exact=True).check()
    press(page, "Add an account")


def tick(page: Page, *fields: str) -> None:
    """Tick the boxes of these fields, none of which is ticked."""
    for field in fields:
        box = page.get_by_label(field, exact=True)
        assert not box.is_checked()
        box.check()


def review(live: Live, reference: str) -> None:
    """Take it up, withhold the address, give the first approval; on a phone, in the dark."""
    page = open_waiting(live, reference)
    live.check_access()
    press(page, "Take up for legal review")
    press(page, "Take up for legal review")
    press(page, "Approve after legal review")
    live.check_access()
    assert page.get_by_text("Identify the holder of one account").first.is_visible()
    tick(page, "real name", "e-mail address")
    page.get_by_label("Rationale").fill("The article applies; the address isn't needed.")
    press(page, "Approve after legal review")
    assert page.locator("#content").get_by_text("withheld").first.is_visible()
    live.check_access()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def approve(live: Live, reference: str) -> None:
    """Give the second approval."""
    page = open_waiting(live, reference)
    press(page, "Approve")
    assert page.get_by_text("the address isn't needed").first.is_visible()
    assert page.get_by_label("home address", exact=True).count() == 0
    tick(page, "real name", "e-mail address")
    page.get_by_label("Rationale").fill("Agreed.")
    press(page, "Approve")
    assert "approved" in page.locator("#content").inner_text()
    live.check_access()


def release(live: Live, reference: str, target: Path) -> dict[str, list[dict[str, object]]]:
    """Hand it out, once, and close it; give the file's content."""
    page = open_waiting(live, reference)
    press(page, "Release")
    live.check_access()
    page.get_by_label("I hand this file").check()
    with page.expect_download() as download:
        press(page, "Release")
    download.value.save_as(target)
    assert download.value.suggested_filename == f"{reference}.json"
    press(page, "Back")
    assert page.get_by_text("A protected field was opened").first.is_visible()
    press(page, "Close")
    press(page, "Close")
    assert "closed" in page.locator("#content").inner_text()
    content: dict[str, list[dict[str, object]]] = json.loads(target.read_text())
    return content


def see_it(live: Live, reference: str) -> None:
    """Read what was disclosed, in the account and in the inbox."""
    page = live.open("/my/disclosures/")
    live.check_access()
    text = page.locator("main").inner_text()
    for words in (reference, "real name and e-mail address", "District Court of Springfield"):
        assert words in text
    page = live.open("/notices/")
    assert "Some of your data were disclosed" in page.locator("main").inner_text()
