"""The switch of language: the pages follow it, and so does the mail of somebody who is signed in."""

from typing import Any

from allauth.mfa import app_settings
from allauth.utils import get_form_class
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import services
from accounts.forms.passkey import AddPasskeyForm, EditPasskeyForm
from accounts.models import User
from tests.accounts.owner import come_back
from tests.factories import make_user


def language_of(user: User) -> str:
    return User.objects.get(pk=user.pk).language


def switch(client: Client, language: str) -> str:
    """Choose a language; give the one that pages have then."""
    client.post(reverse("set_language"), {"language": language})
    return client.get(reverse("home"))["Content-Language"]


def test_the_mail_of_somebody_signed_in_follows_the_pages(db: None) -> None:
    user = make_user()
    client = come_back(user)
    assert (switch(client, "zh-hans"), language_of(user)) == ("zh-hans", "zh-hans")
    assert (switch(client, "en"), language_of(user)) == ("en", "en")


def test_somebody_who_is_not_signed_in_changes_the_pages_alone(db: None, client: Client) -> None:
    user = make_user()
    assert (switch(client, "zh-hans"), language_of(user)) == ("zh-hans", "en")


def test_a_language_that_the_site_does_not_speak_changes_nothing(db: None) -> None:
    user = make_user()
    assert (switch(come_back(user), "fr"), language_of(user)) == ("en", "en")


def test_looking_at_the_switch_changes_nothing(db: None) -> None:
    user = make_user()
    come_back(user).get(reverse("set_language"), {"language": "zh-hans"})
    assert language_of(user) == "en"


def test_who_is_being_erased_keeps_no_choice(db: None) -> None:
    user = make_user(is_active=False)
    services.choose_language(user_id=user.pk, language="zh-hans")
    assert language_of(user) == "en"


def test_the_name_of_a_passkey_has_a_label_of_ours() -> None:
    ours: dict[str, Any] = {"add_webauthn": AddPasskeyForm, "edit_webauthn": EditPasskeyForm}
    for form, own in ours.items():
        assert get_form_class(app_settings.FORMS, form, None) is own
        assert own.base_fields["name"].label == "Name"


def test_an_account_is_named_in_the_language_of_the_reader(db: None) -> None:
    user = make_user()
    with translation.override("en"):
        assert str(user) == f"account {user.pk.hex[:8]}"
