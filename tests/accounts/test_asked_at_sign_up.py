"""The protected fields that an operator can ask for at registration."""

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from accounts.forms.sections import ASKABLE
from accounts.models import Profile, User
from tests.accounts.people import ADDRESS, Answer, Person, words
from tests.accounts.test_sinks import everything_stored, leaks

TYPED = {
    "real_name-real_name": "Sebastian Langhammer",
    "id_number-id_type": "cn_ric",
    "id_number-id_number": "360426199101010071",
    "home_address-country_code": "CN",
    "home_address-country_area": "北京市",
    "home_address-city": "东城区",
    "home_address-street_address": "Dongdan Dajie 101",
    "mailing_address-same_as_home": "on",
    "postal_code-postal_code": "100005",
}


@pytest.fixture
def asked(settings: Settings) -> None:
    """Ask for everything that can be asked for."""
    settings.REQUIRED_AT_SIGN_UP = list(ASKABLE)


def test_nothing_more_is_asked_unless_the_operator_wants_it(person: Person) -> None:
    page = words(person.get("account_signup"))
    assert "real_name" not in page
    assert "home_address" not in page


@pytest.mark.clause("1.2")
def test_what_the_operator_asks_for_is_checked_and_sealed(asked: None, person: Person) -> None:
    answer = person.sign_up(**TYPED)
    assert answer.status_code == 302, errors_of(answer)
    profile = Profile.objects.get()
    assert (profile.real_name, profile.id_type, profile.id_number) == (
        "Sebastian Langhammer",
        "cn_ric",
        "360426199101010071",
    )
    for address in (profile.home_address, profile.mailing_address):
        assert (address or {})["street_address"] == "Dongdan Dajie 101"
    assert profile.postal_code == "100005"
    for row in everything_stored():
        assert not leaks(row, "Sebastian Langhammer", "360426199101010071", "Dongdan Dajie 101")


def errors_of(answer: Answer) -> list[object]:
    """List what is wrong with the form and its sections."""
    form = answer.context["form"]
    return [form.errors, *(section.errors for section in form.sections)]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"real_name-real_name": ""}, "Please look at “Real name” again."),
        ({"id_number-id_number": "360426199101010072"}, "check digit"),
        ({"id_number-id_type": ""}, "Please look at “ID number” again."),
        ({"home_address-country_code": ""}, "Please look at “Home address” again."),
        ({"home_address-street_address": ""}, "Please look at “Home address” again."),
        ({"postal_code-postal_code": "1"}, "This isn&#x27;t a postal code of this place."),
    ],
)
def test_what_does_not_fit_is_explained_and_everything_typed_is_kept(
    asked: None, person: Person, wrong: dict[str, str], why: str
) -> None:
    page = words(person.sign_up(**TYPED | wrong))
    assert why in page
    assert f'value="{ADDRESS}"' in page
    assert not User.objects.exists()
    for name, value in TYPED.items():
        if name not in wrong and value != "on" and "home_address-country_code" not in wrong:
            assert value in page


def test_choosing_a_country_shows_its_fields_and_finds_no_fault_yet(asked: None, person: Person) -> None:
    page = words(person.sign_up(**{"home_address-country_code": "US", "reload": "home_address-country_code"}))
    assert 'name="home_address-street_address"' in page
    assert f'value="{ADDRESS}"' in page
    assert "Please look at this again" not in page
    assert "This field is required" not in page


def test_a_name_that_nobody_can_be_asked_for_is_refused_at_start(settings: Settings) -> None:
    settings.REQUIRED_AT_SIGN_UP = ["real_name", "shoe_size"]
    assert [message.id for message in run_checks() if message.id == "accounts.E002"] == ["accounts.E002"]
