"""The page of one's own data: masked, opened after a fresh sign-in, corrected with validation that fits."""

from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.exceptions import FieldRequired, NeverOpened, NotActive, NotCorrectable
from accounts.models import Profile, State, User
from accounts.openings import GROUNDS
from accounts.services import normalise_answer
from accounts.services.openings import OPENABLE
from audit import services as audit
from audit.events import Event
from disclosures.grounds import RULES
from notices.models import Notice
from tests.accounts.owner import DATA, HOME, SHOWN, come_back, entries, leave, make_owner, page, sign_in, tamper
from tests.factories import PASSWORD, make_staff, make_user
from vault import keys

BROKEN = "This value can't be opened"


@pytest.fixture
def owner(db: None) -> User:
    """Somebody who has given everything."""
    return make_owner()


def edit(client: Client, field: str, **data: Any) -> Any:
    """Send the form of one field."""
    return client.post(reverse("edit_data", args=[field]), data)


def stored(user: User) -> Profile:
    """Read the profile anew."""
    return Profile.objects.get(pk=user.pk)


# Masked


@pytest.mark.clause("1.2")
def test_everything_is_masked_until_it_is_asked_for(owner: User) -> None:
    answer = page(sign_in(owner).get(reverse("my_data")))
    assert not [value for value in SHOWN.values() if value in answer]
    assert answer.count("••••••••") == 10
    assert entries(owner, Event.PROFILE_OPENED) == []


def test_what_was_not_given_says_so(db: None) -> None:
    answer = page(sign_in(make_user()).get(reverse("my_data")))
    assert answer.count("Not given") == 7


def test_someone_who_is_not_signed_in_is_led_to_the_sign_in(client: Client) -> None:
    for name in ["my_data", "reveal_data", "my_openings", "my_security", "my_cancel"]:
        assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


# Opened


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("field", OPENABLE)
def test_one_field_is_opened_for_one_answer_and_written_down(owner: User, field: str) -> None:
    client = sign_in(owner)
    answer = page(client.post(reverse("reveal_data"), {"field": field}))
    assert [name for name, value in SHOWN.items() if value in answer] == [field]
    assert [entry.details for entry in entries(owner, Event.PROFILE_OPENED)] == [{"field": field}]
    after = page(client.get(reverse("my_data")))
    assert SHOWN[field] not in after
    assert "Last opened by you on" in after


def test_all_is_opened_at_once_but_never_the_password_or_the_answer(owner: User) -> None:
    answer = page(sign_in(owner).post(reverse("reveal_data"), {"field": "all"}))
    assert all(value in answer for value in SHOWN.values())
    assert "argon2" not in answer
    assert len(entries(owner, Event.PROFILE_OPENED)) == len(OPENABLE)


@pytest.mark.clause("1.2")
@pytest.mark.parametrize("field", ["password", "recovery_answer", "is_staff", ""])
def test_what_nobody_may_see_cannot_be_asked_for(owner: User, field: str) -> None:
    client = sign_in(owner)
    assert client.post(reverse("reveal_data"), {"field": field})["Location"] == reverse("my_data")
    with pytest.raises(NeverOpened):
        services.open_fields(user=owner, fields=[field], actor=owner)


def test_looking_at_the_address_of_the_reveal_opens_nothing(owner: User) -> None:
    assert sign_in(owner).get(reverse("reveal_data"), {"field": "all"})["Location"] == reverse("my_data")
    assert entries(owner, Event.PROFILE_OPENED) == []


@pytest.mark.clause("1.1")
def test_a_sign_in_long_ago_is_asked_again_and_goes_on_where_it_was(owner: User) -> None:
    client = come_back(owner)
    asked = client.post(reverse("reveal_data"), {"field": "id_number"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert entries(owner, Event.PROFILE_OPENED) == []
    answer = page(client.post(asked["Location"], {"password": PASSWORD, "next": reverse("reveal_data")}))
    assert SHOWN["id_number"] in answer


def test_no_cache_keeps_a_page_with_an_opened_value(owner: User) -> None:
    client = sign_in(owner)
    opened = client.post(reverse("reveal_data"), {"field": "all"})
    edited = client.get(reverse("edit_data", args=["real_name"]))
    assert all("no-store" in answer["Cache-Control"] for answer in [opened, edited])


@pytest.mark.parametrize("column", ["real_name", "id_number", "home_address", "postal_code", "date_of_birth", "email"])
@pytest.mark.parametrize("kind", ["plain", "cut", "moved"])
def test_a_value_that_was_tampered_with_is_reported_and_the_rest_still_opens(
    owner: User, column: str, kind: str
) -> None:
    row = User.objects.get(pk=owner.pk) if column == "email" else stored(owner)
    token = row.__dict__[column].token
    other = stored(make_owner_of_another()).__dict__["real_name"].token
    client = sign_in(owner)
    tamper(owner, column, {"plain": '"in clear"', "cut": token[:-8], "moved": other}[kind])
    answer = client.post(reverse("reveal_data"), {"field": "all"})
    assert answer.status_code == 200
    assert page(answer).count(BROKEN) == 1
    assert all(value in page(answer) for name, value in SHOWN.items() if name != column)
    assert [entry.details["field"] for entry in entries(owner, Event.VALUE_BROKEN)] == [column]


def make_owner_of_another() -> User:
    """Make somebody else, with a name."""
    other = make_user()
    services.correct_profile(user=other, changes={"real_name": "Somebody Else"})
    return other


def test_a_broken_value_can_be_entered_again(owner: User) -> None:
    client = sign_in(owner)
    tamper(owner, "real_name", "in clear")
    assert client.get(reverse("edit_data", args=["real_name"])).status_code == 200
    assert edit(client, "real_name", real_name="Ada Again").status_code == 302
    assert stored(owner).real_name == "Ada Again"


def test_a_missing_key_is_reported_for_each_value_without_an_error(owner: User) -> None:
    client = sign_in(owner)
    keys.destroy_data_key(owner.pk)
    answer = client.post(reverse("reveal_data"), {"field": "all"})
    assert answer.status_code == 200
    assert page(answer).count("The key of your account") == len(OPENABLE)


# Corrected


CORRECTIONS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("real_name", {"real_name": "  Zoë   Ángström "}, {"real_name": "Zoë Ángström"}),
    ("real_name", {"real_name": "李伟"}, {"real_name": "李伟"}),
    (
        "id_number",
        {"id_type": "cn_ric", "id_number": "110105 19491231 002x"},
        {"id_type": "cn_ric", "id_number": "11010519491231002X"},
    ),
    ("id_number", {"id_type": "es_dni", "id_number": "54362315-K"}, {"id_number": "54362315K"}),
    ("id_number", {"id_type": "br_cpf", "id_number": "390.533.447-05"}, {"id_number": "39053344705"}),
    ("id_number", {"id_type": "passport", "id_number": "c01x 00t47"}, {"id_number": "C01X00T47"}),
    (
        "home_address",
        {"country_code": "US", "country_area": "CA", "city": "Cupertino", "street_address": "1 Loop\r\nBuilding 2"},
        {
            "home_address": {
                "country_code": "US",
                "country_area": "CA",
                "city": "Cupertino",
                "street_address": "1 Loop\nBuilding 2",
            }
        },
    ),
    (
        "home_address",
        {
            "country_code": "CN",
            "country_area": "广东省",
            "city": "深圳市",
            "city_area": "南山区",
            "street_address": "科苑路 15 号",
        },
        {
            "home_address": {
                "country_code": "CN",
                "country_area": "广东省",
                "city": "深圳市",
                "city_area": "南山区",
                "street_address": "科苑路 15 号",
            }
        },
    ),
    ("postal_code", {"postal_code": "10115"}, {"postal_code": "10115"}),
    ("mailing_address", {"same_as_home": "on"}, {"mailing_address": HOME | {"postal_code": "12045"}}),
    ("recovery_question", {"choice": "own", "own_question": "Which sea?", "recovery_answer": "Baltic"}, {}),
]


@pytest.mark.parametrize(("field", "typed", "expected"), CORRECTIONS)
def test_a_correction_is_stored_written_down_and_told(
    owner: User, field: str, typed: dict[str, str], expected: dict[str, Any]
) -> None:
    before = len(entries(owner, Event.PROFILE_CORRECTED))
    assert edit(sign_in(owner), field, **typed)["Location"] == reverse("my_data")
    profile = stored(owner)
    assert {name: getattr(profile, name) for name in expected} == expected
    entry = entries(owner, Event.PROFILE_CORRECTED)[before]
    assert set(entry.details) == {"fields"}
    notice = Notice.objects.filter(to=owner, kind="profile_corrected").first()
    assert notice is not None
    assert notice.details == entry.details


REFUSALS: list[tuple[str, dict[str, str], str]] = [
    ("real_name", {"real_name": ""}, "This field is required"),
    ("real_name", {"real_name": "12345"}, "A name has letters"),
    ("real_name", {"real_name": "x" * 201}, "at most 200 characters"),
    ("id_number", {"id_type": "cn_ric", "id_number": "110105194912310021"}, "The check digit doesn"),
    ("id_number", {"id_type": "pl_pesel", "id_number": "44051401358"}, "The check digit doesn"),
    ("id_number", {"id_type": "br_cpf", "id_number": "39053344704"}, "The check digit doesn"),
    ("id_number", {"id_type": "es_dni", "id_number": "54362315Z"}, "The check digit doesn"),
    ("id_number", {"id_type": "kr_rrn", "id_number": "971013-9019903"}, "The check digit doesn"),
    ("id_number", {"id_type": "cn_ric", "id_number": "110105"}, "number of characters"),
    ("id_number", {"id_type": "us_ssn", "id_number": "666-00-0000"}, "part of this number"),
    ("id_number", {"id_type": "passport", "id_number": "<script>"}, "doesn't look like"),
    ("id_number", {"id_type": "", "id_number": "44051401359"}, "This field is required"),
    ("home_address", {"country_code": ""}, "This field is required"),
    ("home_address", {"country_code": "XX"}, "Select a valid choice"),
    ("home_address", {"country_code": "DE", "street_address": "Sonnenallee 7"}, "This field is required"),
    (
        "home_address",
        {"country_code": "US", "country_area": "ZZ", "city": "X", "street_address": "1"},
        "Select a valid",
    ),
    (
        "home_address",
        {"country_code": "CN", "country_area": "广东省", "city": "Atlantis", "street_address": "1"},
        "Select a valid choice",
    ),
    ("mailing_address", HOME | {"postal_code": "1"}, "One looks like"),
    ("postal_code", {"postal_code": "ABC"}, "One looks like"),
    ("recovery_question", {"choice": "own", "recovery_answer": "Baltic"}, "Please write your question"),
    ("recovery_question", {"choice": "book", "recovery_answer": "ab"}, "too easy to guess"),
    ("recovery_question", {"choice": "own", "own_question": "Red or blue?", "recovery_answer": "BLUE"}, "too easy"),
]


@pytest.mark.parametrize(("field", "typed", "message"), REFUSALS)
def test_a_bad_correction_is_explained_and_what_was_typed_is_kept(
    owner: User, field: str, typed: dict[str, str], message: str
) -> None:
    answer = edit(sign_in(owner), field, **typed)
    assert answer.status_code == 200
    assert message in page(answer)
    kept = [value for name, value in typed.items() if value and name not in {"country_code", "country_area", "city"}]
    assert all(value in page(answer) for value in kept)
    assert stored(owner).real_name == DATA["real_name"]
    assert stored(owner).id_number == DATA["id_number"]
    assert stored(owner).home_address == HOME


def test_an_edit_page_shows_what_is_there_and_that_is_written_down(owner: User) -> None:
    answer = page(sign_in(owner).get(reverse("edit_data", args=["id_number"])))
    assert SHOWN["id_number"] in answer
    assert [entry.details["field"] for entry in entries(owner, Event.PROFILE_OPENED)] == ["id_number"]


def test_editing_needs_a_fresh_sign_in(owner: User) -> None:
    answer = come_back(owner).get(reverse("edit_data", args=["real_name"]))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("field", ["email", "password", "date_of_birth", "recovery_answer", "is_staff"])
def test_other_fields_have_no_edit_page_here(owner: User, field: str) -> None:
    assert sign_in(owner).get(reverse("edit_data", args=[field])).status_code == 404
    with pytest.raises(NotCorrectable):
        services.correct_profile(user=owner, changes={"date_of_birth": "2000-01-01"})


def test_choosing_a_country_reloads_the_form_and_keeps_what_was_typed(owner: User) -> None:
    client = sign_in(owner)
    answer = page(edit(client, "home_address", country_code="CN", street_address="科苑路 15 号", reload="country_code"))
    assert "Province" in answer
    assert "广东省 · Guangdong Sheng" in answer
    assert "科苑路 15 号" in answer
    assert "Update the lists below" in answer
    assert "Please look at this again" not in answer
    lower = page(edit(client, "home_address", country_code="CN", country_area="广东省", reload="country_area"))
    assert "深圳市 · Shenzhen Shi" in lower
    assert stored(owner).home_address == HOME


def test_an_address_is_saved_once_the_fields_of_its_country_are_there(db: None) -> None:
    client = sign_in(make_user())
    assert ">Save<" not in page(client.get(reverse("edit_data", args=["home_address"])))
    assert ">Save<" in page(edit(client, "home_address", country_code="DE", reload="country_code"))
    assert ">Save<" in page(client.get(reverse("edit_data", args=["mailing_address"])))  # a copy needs no country


def test_a_postal_code_asks_for_the_country_where_there_is_no_home_address(db: None) -> None:
    user = make_user()
    client = sign_in(user)
    assert 'name="country"' in page(client.get(reverse("edit_data", args=["postal_code"])))
    assert "no postal codes in this country" in page(edit(client, "postal_code", country="HK", postal_code="12345"))
    assert edit(client, "postal_code", country="GB", postal_code="ec1y 8sy").status_code == 302
    assert stored(user).postal_code == "EC1Y 8SY"


def test_the_home_address_cannot_be_copied_where_there_is_none_or_its_seal_is_broken(owner: User) -> None:
    client = sign_in(owner)
    tamper(owner, "home_address", "{}")
    assert "can't be copied" in page(edit(client, "mailing_address", same_as_home="on"))
    services.correct_profile(user=owner, changes={"home_address": None})
    assert "given a home address yet" in page(edit(client, "mailing_address", same_as_home="on"))


def test_the_security_page_offers_to_add_a_question_or_to_change_it(owner: User) -> None:
    for user, offer in [(owner, "Change"), (make_user(), "Add")]:
        answer = page(sign_in(user).get(reverse("my_security")))
        link = f'href="{reverse("edit_data", args=["recovery_question"])}">{offer}<'
        assert link in answer


def test_what_is_said_of_a_page_without_values_is_not_said_above_opened_ones(owner: User) -> None:
    client = sign_in(owner)
    assert "We open nothing" in page(client.get(reverse("my_data")))
    assert "We open nothing" not in page(client.post(reverse("reveal_data"), {"field": "all"}))


@pytest.mark.clause("1.2")
def test_the_answer_is_hashed_before_it_is_sealed_and_never_shown_again(owner: User) -> None:
    client = sign_in(owner)
    typed = {"choice": "own", "own_question": "Which street?", "recovery_answer": "  Große\tSTRASSE "}
    edit(client, "recovery_question", **typed)
    sealed_answer = stored(owner).recovery_answer
    assert sealed_answer.startswith("argon2$argon2id$")
    assert check_password(normalise_answer("grosse   strasse"), sealed_answer)
    assert not check_password(normalise_answer("klein"), sealed_answer)
    shown = page(client.get(reverse("edit_data", args=["recovery_question"])))
    assert "Which street?" in shown
    assert "Große" not in shown
    assert "argon2" not in shown


def test_a_value_can_be_removed(owner: User) -> None:
    client = sign_in(owner)
    for field, empty in [("real_name", ""), ("id_number", ""), ("home_address", None), ("recovery_question", "")]:
        assert edit(client, field, remove="1").status_code == 302
        assert getattr(stored(owner), field) == empty
    assert stored(owner).recovery_answer == ""
    assert stored(owner).id_type == ""


def test_what_the_operator_asks_for_can_be_replaced_but_not_removed(owner: User, settings: Any) -> None:
    settings.REQUIRED_AT_SIGN_UP = ["real_name"]
    client = sign_in(owner)
    assert "Remove it" not in page(client.get(reverse("edit_data", args=["real_name"])))
    edit(client, "real_name", remove="1")
    assert stored(owner).real_name == DATA["real_name"]
    with pytest.raises(FieldRequired):
        services.correct_profile(user=owner, changes={"real_name": ""})
    assert edit(client, "real_name", real_name="Ada Neu").status_code == 302


@pytest.mark.parametrize("state", [state for state in State if state != State.ACTIVE])
def test_nothing_is_corrected_in_an_account_that_is_leaving(owner: User, state: State) -> None:
    leave(owner, state)
    with pytest.raises(NotActive):
        services.correct_profile(user=owner, changes={"real_name": "Too Late"})


# Who has seen it


@pytest.mark.clause("1.1")
def test_a_person_sees_who_has_opened_their_data_and_why(owner: User) -> None:
    client = sign_in(owner)
    assert "Nobody has opened any of your data yet." in page(client.get(reverse("my_openings")))
    staff = make_staff()
    services.open_fields(user=owner, fields=["real_name", "email"], actor=staff)
    services.open_fields(user=owner, fields=["postal_code"], actor=owner)
    answer = page(client.get(reverse("my_openings")))
    assert f"Opened by a member of staff (account {str(staff.pk)[:8]}): real name and e-mail address." in answer
    assert "You opened: postal code." in answer
    masked = page(client.get(reverse("my_data")))
    assert f"Last opened by a member of staff (account {str(staff.pk)[:8]}) on" in masked


@pytest.mark.parametrize(
    ("clause", "why"),
    [("1.3.2", "DR-2026-000001 (a law or regulation requires it): real"), ("", "DR-2026-000001: real")],
)
def test_an_opening_for_a_disclosure_says_its_ground_in_words(owner: User, clause: str, why: str) -> None:
    details: Any = {"field": "real_name", "reference": "DR-2026-000001"}
    audit.record(Event.FIELD_OPENED, actor=make_staff(), subject=owner, clause=clause, **details)
    assert f"for disclosure {why} name." in page(sign_in(owner).get(reverse("my_openings")))


def test_every_ground_of_a_disclosure_has_its_words() -> None:
    assert set(GROUNDS) == {rules.clause for rules in RULES.values()}


def test_nobody_sees_the_openings_of_somebody_else(owner: User) -> None:
    services.open_fields(user=owner, fields=["real_name"], actor=make_staff())
    assert "Nobody has opened" in page(sign_in(make_user()).get(reverse("my_openings")))


def test_the_security_page_leads_to_everything_about_signing_in(owner: User) -> None:
    answer = page(sign_in(owner).get(reverse("my_security")))
    for name in ["account_change_password", "account_email", "mfa_index", "usersessions_list"]:
        assert reverse(name) in answer
