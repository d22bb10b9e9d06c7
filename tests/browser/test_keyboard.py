"""Somebody with a keyboard and no mouse."""

import re

from playwright.sync_api import Page, expect

from tests.browser.hands import code_sent_to, expect_page
from tests.factories import PASSWORD
from tests.live import Live

EMAIL = "keys@example.com"
MOST_STOPS = 40
SHOWS_FOCUS = """
element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return ring && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}
"""


def test_sign_up_and_sign_in_need_no_mouse(live: Live) -> None:
    page = live.open("/")
    skips_to_the_content(page)
    tab_to(page, "a:text-is('Create an account')")
    page.keyboard.press("Enter")
    tab_to(page, "#id_email")
    page.keyboard.type(EMAIL)
    tab_to(page, "#id_password1")
    page.keyboard.type(PASSWORD)
    tab_to(page, "#id_date_of_birth")
    page.keyboard.type("17051990")
    reads_the_agreement(page)
    tab_to(page, "#id_agree")
    page.keyboard.press("Space")
    expect(page.locator("#id_agree")).to_be_checked()
    tab_to(page, "button:text-is('Create my account')")
    page.keyboard.press("Enter")

    expect_page(page, "Type the code from our e-mail")
    tab_to(page, "#id_code")
    page.keyboard.type(code_sent_to(EMAIL))
    page.keyboard.press("Enter")
    expect_page(page, "My data")

    leaves_by_the_menu(page)
    tab_to(page, "header a:text-is('Sign in')")
    page.keyboard.press("Enter")
    tab_to(page, "#id_login")
    page.keyboard.type(EMAIL)
    tab_to(page, "#id_password")
    page.keyboard.type(PASSWORD)
    tab_to(page, "button:text-is('Sign in')")
    page.keyboard.press("Space")
    expect_page(page, "My data")


def skips_to_the_content(page: Page) -> None:
    """The first stop leads past the header, and is seen only while it has the focus."""
    skip = page.locator("a.skip")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def reads_the_agreement(page: Page) -> None:
    """The text is a stop of its own and scrolls by keys, to its last words."""
    last_words = page.locator(".scroll-region > :last-child")
    expect(last_words).not_to_be_in_viewport()
    tab_to(page, ".scroll-region")
    page.keyboard.press("End")
    expect(last_words).to_be_in_viewport()


def leaves_by_the_menu(page: Page) -> None:
    """Enter opens the menu, Escape closes it and keeps the focus, and its last entry signs out."""
    tab_to(page, "details.menu > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    page.keyboard.press("Enter")
    tab_to(page, ".menu button:text-is('Sign out')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/$"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; on the way, every stop must show that it has it."""
    page.wait_for_load_state()
    wanted = page.locator(selector).first
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count():
            assert focused.evaluate(SHOWS_FOCUS), focused.evaluate("element => element.outerHTML")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} can't be reached by Tab on {page.url}")
