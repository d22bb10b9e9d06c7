"""What holds for every page, on a phone and on a desk, in light and in dark."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import ConsoleMessage, expect

from accounts.services import request_cancellation
from tests.browser import scenes
from tests.browser.hands import come_in, expect_page
from tests.browser.scenes import Scene
from tests.factories import make_user
from tests.live import Live

ALL_RULES = {"resultTypes": ["violations"]}  # the rest isn't worked out, which is faster
# What another colour scheme can change:
COLOURS_ALONE = ALL_RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDTHS = [390, 1280]


def as_nobody(live: Live) -> list[Scene]:
    return scenes.public_scenes()


def as_owner(live: Live) -> list[Scene]:
    owner, _boss = scenes.live_in()
    come_in(live, owner)
    return scenes.account_scenes()


def as_staff(live: Live) -> list[Scene]:
    _owner, boss = scenes.live_in()
    come_in(live, boss)
    return scenes.staff_scenes()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("enter", [as_nobody, as_owner, as_staff])
def test_every_page_is_open_to_everyone_who_reads(live: Live, enter: Callable[[Live], list[Scene]], width: int) -> None:
    live.page.set_viewport_size({"width": width, "height": 800})
    errors = errors_of(live)
    found = {scene.path: list(faults(live, scene, width)) for scene in enter(live)}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert errors == []


def test_an_account_that_is_being_cancelled_has_one_page_and_it_reads_well(live: Live) -> None:
    user = make_user()
    page = come_in(live, user)
    request_cancellation(user=user, keep_session=page.context.cookies()[0]["value"])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert list(faults(live, Scene("/my/cancel/"), width)) == []
    expect_page(page, "Your account is being cancelled")
    expect(page.get_by_role("navigation", name="My account")).to_have_count(0)


def faults(live: Live, scene: Scene, width: int) -> Iterator[str]:
    """Look at one page in both colour schemes, and tell what is wrong with it."""
    page = live.page
    scene.show(page)
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        yield f"{wide} px wide"
    live.injecting = True  # axe breaks the policy by its coming
    for scheme, options in (("light", ALL_RULES), ("dark", COLOURS_ALONE)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two words
        answer = Axe().run(page, options=options)
        if answer.violations_count:
            yield f"{scheme}: {answer.generate_report()}"
    page.emulate_media(color_scheme="light")
    live.injecting = False


def errors_of(live: Live) -> list[str]:
    """Collect what the console says from now on, but for what axe does, and pages that are meant to be refused."""
    page, errors = live.page, list[str]()

    def hear(message: ConsoleMessage) -> None:
        is_the_page = message.text.startswith("Failed to load resource") and message.location["url"] == page.url
        if message.type in ("error", "warning") and not live.injecting and not is_the_page:
            errors.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    return errors


def test_no_page_is_forgotten() -> None:
    told = {*scenes.PUBLIC, *scenes.ACCOUNT, *scenes.WITH_ARGUMENTS}
    told |= scenes.NOT_PAGES | scenes.REDIRECTS | scenes.ONLY_ON_THE_WAY
    assert set(names(get_resolver().url_patterns)) - told == set()


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Name every address outside the staff pages, whose table makes itself."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns) if pattern.app_name != "admin" else ()
        elif pattern.name:
            yield pattern.name
