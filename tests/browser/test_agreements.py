"""Whoever has no account reads the very text that an account would agree to."""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from agreements.models import Text
from tests.browser.hands import press
from tests.live import Live

URL = "/agreements/service-agreement/"


@pytest.mark.clause("P1")
def test_the_agreement_is_read_in_both_languages_down_to_its_bytes(live: Live) -> None:
    page = live.open("/")
    page.get_by_role("contentinfo").get_by_role("link", name="The agreement").click()
    page.locator("main h2 a").click()
    page.wait_for_url(f"**{URL}")
    for language, switch in (("en", "简体中文"), ("zh-hans", "English")):
        text = Text.objects.get(language=language)
        article = page.locator("article.prose")
        expect(article).to_have_attribute("lang", language)
        expect(article.get_by_role("heading", level=1)).to_have_text(text.title)
        assert not words_of(text.body) - words_of(article.inner_text())

        printed = page.locator("dl.facts code").inner_text()
        link = page.locator("a[href$='text.md']").get_attribute("href")
        answer = page.request.get(str(link))
        assert answer.body() == text.body.encode()
        assert hashlib.sha256(answer.body()).hexdigest() == printed == text.sha256
        press(page, switch)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def words_of(text: str) -> set[str]:
    """Give the words of a text, whatever marks stand around them."""
    return set(re.findall(r"\w{2,}", text.casefold()))
