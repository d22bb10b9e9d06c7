"""The same pages with JavaScript switched off: sign-up to one's own data, and back out."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.hands import (
    confirm_code,
    confirm_password,
    expect_page,
    fill_in,
    follow,
    let_sign_ins_age,
    press,
    sign_in,
    sign_up,
)

EMAIL = "plain@example.com"


def test_everything_works_without_javascript(visit: Visit) -> None:
    page = visit(java_script_enabled=False).page
    sign_up(page, EMAIL)
    confirm_code(page, EMAIL)
    expect_page(page, "My data")

    follow(page, "Add Mailing address")
    page.locator("#id_country_code").select_option("CN")
    press(page, "Show the fields of this country")
    page.locator("#id_country_area").select_option(index=1)
    press(page, "Update the lists below")
    expect(page.locator("select#id_city")).to_be_visible()
    follow(page, "Back without saving")

    follow(page, "Add Real name")
    fill_in(page, real_name="Lin Dan")
    press(page, "Save")
    let_sign_ins_age()
    press(page, "Reveal all of it")
    confirm_password(page)
    expect(page.locator("#real_name")).to_contain_text("Lin Dan")

    press(page, "简体中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    press(page, "English")
    page.locator("summary", has_text="Account menu").click()
    press(page, "Sign out")
    sign_in(page, EMAIL)
    expect_page(page, "My data")
