"""The staff pages that belong to no model: each is known, and none is a way around the site's own pages."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from tests.factories import PASSWORD, make_user
from tests.sign_in import sign_in_with_two_factors

KNOWN = {
    "index",
    "app_list",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    None,  # whatever else is asked: not found
}


def test_every_staff_page_that_is_no_models_is_known(db: None) -> None:
    assert {pattern.name for pattern in admin.site.get_urls() if isinstance(pattern, URLPattern)} == KNOWN


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_a_password_is_changed_on_the_page_that_asks_who_it_is(client: Client, db: None, name: str) -> None:
    boss = make_user(is_staff=True, is_superuser=True)
    sign_in_with_two_factors(client, boss)
    new = "another horse battery"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    for answer in (client.get(reverse(f"admin:{name}")), client.post(reverse(f"admin:{name}"), typed)):
        assert answer.status_code == 302
        assert answer["Location"] == reverse("account_change_password")
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_nobody_signs_in_on_a_page_of_the_staff_pages_own(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:login"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
