"""The staff pages: the queue, a request's page, each step as a form, and who gets in."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.events import Event
from audit.models import Entry
from disclosures import services
from disclosures.admin.queue import rows
from disclosures.grounds import Ground
from disclosures.models import DisclosureRequest, Package
from disclosures.roles import APPROVER, AUDITOR, INTAKE, LEGAL_REVIEWER
from disclosures.states import State
from tests.disclosures.path import (
    FACTS,
    NOW,
    draft,
    draft_about,
    everything,
    make_account,
    make_officer,
    make_person,
    request_in,
)

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:disclosures_disclosurerequest_changelist")


def signed_in(person: User, *methods: str, seconds_ago: float = 10) -> Client:
    """Give a browser in which a person signed in, by default with a password and a second factor just now."""
    client = Client()
    client.force_login(person)
    session = client.session
    at = time.time() - seconds_ago
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [{"method": m, "at": at} for m in methods or ("password", "mfa")]
    session.save()
    return client


def step_url(request: DisclosureRequest, step: str) -> str:
    return reverse("admin:disclosures_disclosurerequest_step", args=[request.pk, step])


def press(request: DisclosureRequest, person: User, step: str, **data: Any) -> Any:
    return signed_in(person).post(step_url(request, step), data)


def test_the_whole_path_goes_through_the_staff_pages() -> None:
    intake, legal, approver = make_officer(INTAKE), make_officer(LEGAL_REVIEWER), make_officer(APPROVER)
    person = make_person()
    filed = signed_in(intake).post(reverse("admin:disclosures_disclosurerequest_add"), FACTS | {"ground": "statute"})
    request = DisclosureRequest.objects.get()
    assert filed["Location"] == request.get_absolute_url()
    press(request, intake, "add-account", identifier=person.email, fields_asked=["real_name", "email"])
    press(request, intake, "submit")
    press(request, legal, "take-up")
    name, _email = everything(request)
    press(request, legal, "pass", granted=[name], rationale="The article applies.")
    press(request, approver, "approve", granted=[name], rationale="Agreed.")
    answer = press(request, intake, "release", confirmed="on")
    assert json.loads(answer.content)["accounts"][0]["fields"] == {"real_name": "Wang Fang"}
    assert answer["Content-Disposition"] == f'attachment; filename="{request.reference}.json"'
    assert "no-store" in answer["Cache-Control"]
    press(request, intake, "close")
    request.refresh_from_db()
    assert request.state == State.CLOSED
    page = signed_in(intake).get(request.get_absolute_url()).content.decode()
    assert "A disclosure was released" in page
    assert Package.objects.get().sha256 in page


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("state", State)
def test_nobody_sees_a_protected_value_on_the_staff_pages(state: State) -> None:
    person = make_person(real_name="Canary Name")
    request = request_in(state, person)
    everybody = make_officer(INTAKE, LEGAL_REVIEWER, APPROVER, AUDITOR)
    client = signed_in(everybody)
    opened = Entry.objects.filter(event=Event.FIELD_OPENED).count()
    steps = ["take-up", "pass", "approve", "refuse", "release"]
    pages = [
        client.get(url).content.decode()
        for url in [QUEUE, request.get_absolute_url(), *(step_url(request, s) for s in steps)]
    ]
    for secret in ("Canary Name", person.email, person.profile.id_number):
        assert all(secret not in page for page in pages)
    assert any(str(person.pk.hex[:8]) in page for page in pages)
    assert Entry.objects.filter(event=Event.FIELD_OPENED).count() == opened


def test_a_search_says_found_or_not_and_nothing_else() -> None:
    request, person = draft(), make_person(real_name="Canary Name")
    ask = {"fields_asked": ["real_name"]}
    missed = press(request, request.author, "add-account", identifier="nobody@example.com", **ask)
    assert "Not found" in missed.content.decode()
    found = press(request, request.author, "add-account", identifier=person.email, **ask)
    page = signed_in(request.author).get(found["Location"]).content.decode()
    assert str(request.subjects.get()) in page
    assert person.email not in page
    assert "Canary Name" not in page


def test_only_fields_that_the_ground_permits_are_offered() -> None:
    request = draft(ground=Ground.EMERGENCY)
    page = signed_in(request.author).get(step_url(request, "add-account")).content.decode()
    assert 'value="real_name"' in page
    assert 'value="id_number"' not in page
    assert "recovery" not in page


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(("step", "state"), [("pass", State.LEGAL_REVIEW), ("approve", State.SECOND_REVIEW)])
def test_an_approver_sees_what_the_decision_rests_on_and_grants_nothing_by_default(step: str, state: State) -> None:
    request = request_in(state)
    page = signed_in(make_officer(LEGAL_REVIEWER, APPROVER)).get(step_url(request, step)).content.decode()
    assert all(text in page for text in (*FACTS.values(), str(request.get_ground_display())))
    assert ("The article applies." in page) == (state == State.SECOND_REVIEW)
    assert 'type="checkbox"' in page
    assert "checked" not in page


def test_an_approval_without_a_tick_is_refused() -> None:
    request = request_in(State.LEGAL_REVIEW)
    answer = press(request, make_officer(LEGAL_REVIEWER), "pass", rationale="Sound.")
    assert answer.status_code == 200
    assert not request.approvals.exists()


def test_after_a_release_the_desk_says_what_to_do_and_offers_no_second_one() -> None:
    request = request_in(State.APPROVED)
    client = signed_in(request.author)
    assert "The file downloads once" in client.get(step_url(request, "release")).content.decode()
    client.post(step_url(request, "release"), {"confirmed": "on"})
    again = client.post(step_url(request, "release"), {"confirmed": "on"})
    for page in (again, client.get(step_url(request, "release")), client.get(request.get_absolute_url())):
        assert "Handed out. Now close it." in page.content.decode()
        assert 'name="confirmed"' not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "words"), [(State.LEGAL_REVIEW, "asked for</span>"), (State.SECOND_REVIEW, "passed by legal review")]
)
def test_the_scope_says_how_far_a_field_has_come(state: State, words: str) -> None:
    assert words in signed_in(make_officer(AUDITOR)).get(request_in(state).get_absolute_url()).content.decode()


def test_a_refusal_of_the_service_is_shown_and_what_was_typed_stays() -> None:
    request = request_in(State.SECOND_REVIEW)
    same = User.objects.get(pk=request.approvals.get().reviewer_id)
    same.groups.set(make_officer(LEGAL_REVIEWER, APPROVER).groups.all())
    answer = press(request, same, "approve", granted=everything(request), rationale="My words")
    page = answer.content.decode()
    assert "Somebody else must do this" in page
    assert "My words" in page


def test_a_step_that_is_not_open_any_more_says_so() -> None:
    request = request_in(State.APPROVED)
    answer = press(request, make_officer(APPROVER), "refuse", reason="")
    assert answer.status_code == 200
    services.withdraw_request(request_id=request.pk, author=request.author, sign_in=NOW, reason="Gone.")
    assert "moved on" in press(request, make_officer(APPROVER), "refuse", reason="Late.").content.decode()


@pytest.mark.parametrize("step", ["submit", "withdraw"])
@pytest.mark.clause("1.3")
def test_a_stale_sign_in_is_asked_to_prove_itself_and_nothing_changes(step: str) -> None:
    request = draft_about(make_person())
    Authenticator.objects.create(user=request.author, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = signed_in(request.author, seconds_ago=301)
    answer = client.post(step_url(request, step), {"reason": "Mistake."})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    request.refresh_from_db()
    assert request.state == State.DRAFT


@pytest.mark.clause("1.1")
def test_one_factor_opens_no_staff_page() -> None:
    request = draft_about(make_person())
    for url in (QUEUE, request.get_absolute_url(), step_url(request, "submit")):
        assert signed_in(request.author, "password").get(url).status_code == 302


@pytest.mark.parametrize("roles", [[], None])
def test_without_a_role_nothing_is_seen(roles: list[str] | None) -> None:
    person = make_account() if roles is None else make_officer()
    request = draft()
    add = reverse("admin:disclosures_disclosurerequest_add")
    for url in (QUEUE, add, request.get_absolute_url(), step_url(request, "submit")):
        assert signed_in(person).get(url).status_code in (302, 403)


def test_an_auditor_reads_all_and_changes_nothing() -> None:
    auditor = make_officer(AUDITOR)
    client = signed_in(auditor)
    for state in State:
        request = request_in(state)
        page = client.get(request.get_absolute_url())
        assert page.status_code == 200
        assert "object-tools" not in page.content.decode()
    for model in ("approval", "package"):
        assert client.get(reverse(f"admin:disclosures_{model}_changelist")).status_code == 200
    assert client.get(reverse("admin:disclosures_disclosurerequest_add")).status_code == 403
    assert client.get(reverse("admin:audit_entry_changelist")).status_code == 200


def test_there_is_no_address_to_delete_or_edit_a_request() -> None:
    request = request_in(State.RELEASED)
    client = signed_in(make_officer(INTAKE, is_superuser=True))
    for name in ("delete", "change", "history", "no-such-step"):
        assert client.post(step_url(request, name)).status_code == 404
    approval = request.approvals.first()
    assert approval is not None
    assert client.post(reverse("admin:disclosures_approval_delete", args=[approval.pk])).status_code == 403


def test_each_person_finds_what_waits_for_them() -> None:
    requests = {state: request_in(state) for state in State}
    people = {role: make_officer(role) for role in (INTAKE, LEGAL_REVIEWER, APPROVER, AUDITOR)}
    waiting = {
        INTAKE: {State.APPROVED, State.RELEASED},
        LEGAL_REVIEWER: {State.SUBMITTED, State.LEGAL_REVIEW},
        APPROVER: {State.SECOND_REVIEW},
        AUDITOR: set(),
    }
    for role, states in waiting.items():
        found = DisclosureRequest.objects.waiting_for(people[role])
        assert {request.state for request in found} == states
    author = requests[State.DRAFT].author
    assert requests[State.DRAFT] in DisclosureRequest.objects.waiting_for(author)


def test_parties_and_first_approvers_do_not_find_a_request_waiting() -> None:
    both = make_officer(LEGAL_REVIEWER, APPROVER)
    request_in(State.SECOND_REVIEW, person=both)
    mine = request_in(State.SECOND_REVIEW)
    first = mine.approvals.get().reviewer
    first.groups.set(both.groups.all())
    assert not DisclosureRequest.objects.waiting_for(both).filter(pk__in=[]).exists()
    assert mine not in DisclosureRequest.objects.waiting_for(User.objects.get(pk=first.pk))
    assert list(DisclosureRequest.objects.waiting_for(both)) == [mine]


def test_the_queue_goes_by_due_date_with_state_ground_and_age() -> None:
    later, sooner = draft_about(make_person()), draft_about(make_person(), author=make_officer(INTAKE))
    DisclosureRequest.objects.filter(pk=sooner.pk).update(due_at=timezone.now() - timedelta(hours=5))
    page = signed_in(make_officer(AUDITOR)).get(QUEUE, {"tab": "open"})
    listed = [row.reference for row in page.context["rows"]]
    assert listed == [sooner.reference, later.reference]
    first = page.context["rows"][0]
    assert (first.state, first.late, first.due) == ("draft", "bad", "overdue by 5\xa0hours")
    counts = {tab["label"]: tab["count"] for tab in page.context["tabs"]}
    assert (counts["Overdue"], counts["All open"], counts["Due < 24 h"]) == (1, 2, 0)


def test_a_request_is_found_by_its_reference() -> None:
    request, _other = draft(), draft()
    page = signed_in(make_officer(AUDITOR)).get(QUEUE, {"reference": request.reference.lower()})
    assert [row.reference for row in page.context["rows"]] == [request.reference]


@pytest.mark.parametrize("address", [QUEUE + "?tab=all", reverse("admin:index")])
def test_a_longer_queue_takes_no_more_queries(address: str, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client, author = signed_in(make_officer(INTAKE, APPROVER)), make_officer(INTAKE)
    client.get(address)  # what is read once for all, such as content types
    counts = []
    for _ in range(2):
        for _ in range(5):
            draft(author)
        with django_assert_max_num_queries(60) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_broken_seal_spoils_no_other_fact() -> None:
    request = draft_about(make_person())
    DisclosureRequest.objects.filter(pk=request.pk).update(contact_sealed="1.broken")
    page = signed_in(request.author).get(request.get_absolute_url()).content.decode()
    assert "can&#x27;t be opened" in page or "can't be opened" in page
    assert FACTS["purpose"] in page
    assert rows(DisclosureRequest.objects.all().for_queue())


def test_no_page_breaks_the_policy_with_inline_style_or_script() -> None:
    client = signed_in(make_officer(INTAKE, LEGAL_REVIEWER, APPROVER))
    request = request_in(State.LEGAL_REVIEW)
    urls = [
        QUEUE,
        request.get_absolute_url(),
        step_url(request, "pass"),
        reverse("admin:disclosures_disclosurerequest_add"),
    ]
    for url in urls:
        page = client.get(url).content.decode()
        assert "<style" not in page
        assert ' style="' not in page
        assert "<script>" not in page
