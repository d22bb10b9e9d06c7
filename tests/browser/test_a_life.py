"""One account from the sign-up to its end, as its owner lives it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from accounts.models import State, User
from accounts.tasks import sweep_erasures
from tests.browser.hands import (
    code_sent_to,
    confirm_code,
    confirm_password,
    expect_page,
    fill_in,
    follow,
    let_sign_ins_age,
    press,
    sign_in,
    sign_out,
    subjects_sent_to,
)
from tests.factories import PASSWORD
from tests.live import Live
from vault.models import DataKey

EMAIL = "li.wei@example.com"
NAME = "Li Wei"
RESIDENT_ID = "11010519491231002X"  # the example of the standard, GB 11643
WRONG_ID = "110105194912310021"


@pytest.mark.timeout(300)
@pytest.mark.clause("P2")
@pytest.mark.clause("1.2")
@pytest.mark.clause("3.2")
def test_one_account_from_sign_up_to_erasure(live: Live) -> None:
    page = live.page
    registers(page)
    gives_data(page)
    looks_at_one_value(page)
    reads_in_chinese(page)
    thinks_again(page)
    leaves_for_good(page)


def registers(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Create an account").first.click()
    agreement = page.get_by_role("region", name="The agreement")
    expect(agreement).to_have_attribute("tabindex", "0")
    expect(agreement.get_by_role("heading").first).to_be_visible()
    assert agreement.evaluate("region => region.scrollHeight > region.clientHeight")
    box = page.locator("#id_agree")
    expect(box).not_to_be_checked()
    expect(box).to_have_attribute("required", "")

    fill_in(page, email=EMAIL, password1="password", date_of_birth="2990-05-17")
    box.check()
    press(page, "Create my account")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please look at this again")
    expect(summary).to_contain_text("This day is still to come.")
    expect(summary).to_contain_text("too common")
    expect(page.locator("#id_email")).to_have_value(EMAIL)
    expect(page.locator("#id_date_of_birth")).to_have_value("2990-05-17")
    assert not User.objects.exists()

    fill_in(page, password1=PASSWORD, date_of_birth="1990-05-17")
    press(page, "Create my account")
    expect_page(page, "Type the code from our e-mail")
    fill_in(page, code="XXXX-XXXX")
    press(page, "Confirm")
    expect(page.get_by_role("alert")).to_be_visible()
    confirm_code(page, EMAIL)
    expect_page(page, "My data")


def gives_data(page: Page) -> None:
    follow(page, "Add Real name")
    fill_in(page, real_name=NAME)
    press(page, "Save")
    expect(page.get_by_text("Saved: Real name.")).to_be_visible()

    follow(page, "Add ID number")
    page.locator("#id_id_type").select_option("cn_ric")
    fill_in(page, id_number=WRONG_ID)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("check digit doesn't fit")
    expect(page.locator("#id_id_number")).to_have_value(WRONG_ID)
    fill_in(page, id_number=RESIDENT_ID)
    press(page, "Save")
    expect(page.get_by_text("Saved: ID number.")).to_be_visible()

    follow(page, "Add Home address")
    page.locator("#id_country_code").select_option("DE")
    press(page, "Show the fields of this country")
    fill_in(page, city="Berlin", street_address="Sonnenallee 7")
    press(page, "Save")
    expect(page.get_by_text("Saved: Home address.")).to_be_visible()

    follow(page, "Add Password-protection question")
    page.get_by_label("Which book did you read more than once as a child?").check()
    fill_in(page, recovery_answer="The Water Margin")
    press(page, "Save")
    expect(page.get_by_text(re.compile("Saved: Password-protection question"))).to_be_visible()
    for value in (EMAIL, NAME, RESIDENT_ID, "Sonnenallee", "Which book"):
        assert value not in page.content()


def looks_at_one_value(page: Page) -> None:
    let_sign_ins_age()
    press(page, "Reveal Real name")
    confirm_password(page)
    expect(page.locator("#real_name")).to_contain_text(NAME)
    assert RESIDENT_ID not in page.content()
    follow(page, "Hide it again")
    assert NAME not in page.content()
    expect(page.locator("#real_name")).to_contain_text("Last opened by you")
    page.get_by_role("navigation", name="My account").get_by_role("link", name="Who has seen my data").click()
    expect_page(page, "Who has seen my data")
    expect(page.get_by_role("listitem").filter(has_text="You opened: real name.")).to_be_visible()


def reads_in_chinese(page: Page) -> None:
    press(page, "简体中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    with override("zh-hans"):
        expect_page(page, gettext("Who has seen my data"))
    page.goto("/agreements/")
    expect(page.get_by_role("link", name="服务协议").first).to_be_visible()
    press(page, "English")
    expect_page(page, "Agreements")


def thinks_again(page: Page) -> None:
    cancels(page)
    press(page, "Leave it running and sign out")
    sign_in(page, EMAIL)
    expect_page(page, "Your account is being cancelled")
    page.goto("/my/data/")
    expect_page(page, "Your account is being cancelled")
    press(page, "Undo: keep my account")
    expect_page(page, "My data")
    expect(page.get_by_text("Your account stays. Nothing was removed.")).to_be_visible()
    sign_out(page)


def cancels(page: Page) -> None:
    page.goto("/my/cancel/")
    fill_in(page, confirmation="yes")
    press(page, "Cancel my account")
    expect(page.get_by_role("alert")).to_contain_text("These words are different.")
    fill_in(page, confirmation="cancel my account")
    press(page, "Cancel my account")
    expect_page(page, "Your account is being cancelled")


def leaves_for_good(page: Page) -> None:
    sign_in(page, EMAIL)
    expect_page(page, "My data")
    cancels(page)
    sweep_erasures()
    user = User.objects.get()
    assert user.state == State.CANCELLING  # cooling off

    User.objects.update(erase_at=timezone.now() - timedelta(minutes=1))
    sweep_erasures()
    user.refresh_from_db()
    assert user.state == State.ERASED
    assert not DataKey.objects.exists()
    assert len(subjects_sent_to(EMAIL)) > len({code_sent_to(EMAIL)})

    page.goto("/my/data/")
    expect_page(page, "Sign in")  # the session ended with the account
    sign_in(page, EMAIL)
    expect(page.get_by_role("alert")).to_be_visible()
    expect_page(page, "Sign in")
