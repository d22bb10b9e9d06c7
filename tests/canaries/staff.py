"""Members of staff do their work on an account of canaries, and things go wrong."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts import services
from disclosures.models import DisclosureRequest
from disclosures.roles import APPROVER, INTAKE, LEGAL_REVIEWER
from disclosures.scope import DisclosableField
from tests.accounts.people import Person
from tests.canaries.planting import Walk
from tests.disclosures.path import everything, make_officer
from tests.sign_in import sign_in_with_two_factors

ADD = "admin:disclosures_disclosurerequest_add"
STEP = "admin:disclosures_disclosurerequest_step"
LISTS = [
    f"admin:{model}_changelist"
    for model in ("accounts_user", "account_emailaddress", "mfa_authenticator", "usersessions_usersession",
                  "audit_entry", "notices_notice", "disclosures_package", "disclosures_approval")
]  # fmt: skip


def disclose(walk: Walk) -> None:
    """File two requests, the account found by its address and by its ID number, and release the first."""
    intake, legal, approver = (officer(role) for role in (INTAKE, LEGAL_REVIEWER, APPROVER))
    request = file(walk, intake, walk.canaries.kept("email"))
    file(walk, intake, walk.canaries["id_number"])
    granted = {"granted": everything(request), "rationale": f"Necessary to find {walk.canaries['real_name']}"}
    take(intake, request, "submit")
    take(legal, request, "take-up")
    take(legal, request, "pass", **granted)
    take(approver, request, "approve", **granted)
    released = json.loads(take(intake, request, "release", confirmed="on").content)
    assert released["accounts"][0]["fields"]["real_name"] == walk.canaries["real_name"]
    take(intake, request, "close")
    walk.person.get("my_disclosures")


def officer(*roles: str, **fields: Any) -> Person:
    """Give a new member of staff a browser, signed in with two factors just now."""
    person = Person()
    sign_in_with_two_factors(person.client, make_officer(*roles, **fields))
    return person


def file(walk: Walk, intake: Person, identifier: str) -> DisclosureRequest:
    """File a request about whoever is found, for every field that can be asked for; its texts name the person."""
    about = f"Concerns {walk.canaries['real_name']}, {walk.canaries['home_street']}"
    facts = dict.fromkeys(("organisation", "contact", "legal_basis", "purpose"), about)
    filed = intake.post(ADD, ground="statute", **facts)
    request = DisclosureRequest.objects.latest("created_at")
    assert filed["Location"] == request.get_absolute_url()
    take(intake, request, "add-account", identifier=identifier, fields_asked=DisclosableField.values)
    assert request.subjects.get().account_id == walk.user.pk
    return request


def take(person: Person, request: DisclosureRequest, step: str, **data: Any) -> Any:
    """Send the form of a step."""
    return person.client.post(reverse(STEP, args=[request.pk, step]), data)


def seek(walk: Walk) -> None:
    """Find the account by its address, and look at every list; then search each list for the address."""
    chief = walk.visitor(keeps_pages=True)
    sign_in_with_two_factors(chief.client, make_officer(is_superuser=True))
    found = chief.client.post(reverse("admin:accounts_user_find"), {"email": walk.canaries["email"]})
    assert str(walk.user.pk) in found["Location"]
    for address in (found["Location"], *map(reverse, LISTS)):
        assert chief.client.get(address).status_code == 200
    chief.keeps_pages = False  # links on a page repeat what was asked
    for address in map(reverse, LISTS):
        chief.client.get(address, {"q": walk.canaries["email"]})


def go_wrong(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    """Meet the pages of every kind of error, with values in the question asked and in the form that was sent."""
    typed = {name: walk.canaries[name] for name in ("real_name", "email", "password")}
    client = walk.person.client
    answers = [
        walk.visitor(enforce_csrf_checks=True).client.post(reverse("account_login"), typed),
        client.post(f"/nowhere/?{urlencode(typed)}", typed),
        client.post(reverse("my_data"), typed),
        break_down(walk, patch, typed),
    ]
    assert [answer.status_code for answer in answers] == [403, 404, 405, 500]


def break_down(walk: Walk, patch: pytest.MonkeyPatch, typed: dict[str, str]) -> Any:
    """Send a form on which the site breaks down."""
    with patch.context() as broken:
        broken.delattr(services, "correct_profile")
        broken.setattr(walk.person.client, "raise_request_exception", False)
        return walk.person.client.post(reverse("edit_data", args=["real_name"]), typed)
