"""What a person sees of the disclosures about them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from disclosures import services
from disclosures.models import DisclosureRequest
from disclosures.roles import LEGAL_REVIEWER
from disclosures.states import State
from tests.disclosures.path import (
    FACTS,
    approve,
    draft_about,
    everything,
    make_officer,
    make_person,
    pass_review,
    release,
    request_in,
    submit,
    take_up,
)

pytestmark = pytest.mark.django_db


def page_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("my_disclosures")).content.decode()


@pytest.mark.clause("1.3")
def test_a_person_sees_reference_ground_fields_recipient_and_time() -> None:
    person = make_person()
    request = request_in(State.RELEASED, person)
    page = page_of(person)
    for words in (request.reference, "real name and e-mail address", FACTS["organisation"], "A law or regulation"):
        assert words in page
    assert f"{request.package.at:%Y-%m-%dT%H:%M:%S}" in page
    assert "1.3.2" not in page  # the agreement numbers its clauses otherwise
    assert FACTS["contact"] not in page
    assert "Wang Fang" not in page


@pytest.mark.parametrize("state", set(State) - {State.RELEASED, State.CLOSED})
def test_nothing_is_told_before_the_release(state: State) -> None:
    person = make_person()
    request = request_in(state, person)
    assert request.reference not in page_of(person)


def test_nobody_sees_disclosures_about_others() -> None:
    request_in(State.RELEASED)
    assert "None of your data has been disclosed" in page_of(make_person())


def test_who_was_withheld_entirely_has_nothing_to_see() -> None:
    first, second = make_person(), make_person()
    request = draft_about(first)
    add_person(request, second)
    kept = everything(submit(request))[:2]
    pass_review(request, take_up(request, make_officer(LEGAL_REVIEWER)), kept)
    approve(request)
    release(request)
    assert request.reference in page_of(first)
    assert request.reference not in page_of(second)


def add_person(request: DisclosureRequest, person: User) -> None:
    identifier = str(person.pk)
    services.add_subject(request_id=request.pk, author=request.author, identifier=identifier, fields=["email"])


def test_it_asks_who_it_is() -> None:
    assert Client().get(reverse("my_disclosures")).status_code == 302
