"""Two connections at once: the row lock and the unique constraints let one of them win."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from disclosures.exceptions import DisclosureError, InvalidTransition, SelfReview
from disclosures.models import DisclosureRequest, Package
from disclosures.roles import APPROVER, INTAKE, LEGAL_REVIEWER
from disclosures.states import State
from tests.disclosures.path import approve, draft, make_officer, pass_review, release, request_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call each from a thread and a connection of its own, at the same moment; give results and refusals."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        ready.wait(10)
        try:
            return call()
        except DisclosureError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def refusals(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, DisclosureError)]


@pytest.mark.clause("1.3")
def test_one_person_at_two_windows_approves_once() -> None:
    for _ in range(ROUNDS):
        request, person = request_in(State.SECOND_REVIEW), make_officer(APPROVER)
        results = at_once(lambda: approve(request, person), lambda: approve(request, person))  # noqa: B023 - ends here
        assert refusals(results) == [InvalidTransition]
        assert request.approvals.filter(reviewer=person).count() == 1


@pytest.mark.clause("1.3")
def test_one_person_at_two_windows_never_gives_both_approvals() -> None:
    for _ in range(ROUNDS):
        request, person = request_in(State.LEGAL_REVIEW), make_officer(LEGAL_REVIEWER, APPROVER)
        results = at_once(lambda: pass_review(request, person), lambda: approve(request, person))  # noqa: B023
        assert len(refusals(results)) == 1
        assert set(refusals(results)) <= {InvalidTransition, SelfReview}
        assert request.approvals.count() == 1
        assert DisclosureRequest.objects.get(pk=request.pk).state == State.SECOND_REVIEW


def test_two_approvers_at_once_give_one_second_approval() -> None:
    for _ in range(ROUNDS):
        request, people = request_in(State.SECOND_REVIEW), [make_officer(APPROVER) for _ in range(2)]
        results = at_once(*(lambda p=person: approve(request, p) for person in people))  # noqa: B023
        assert refusals(results) == [InvalidTransition]
        assert request.approvals.count() == 2


def test_two_releases_at_once_hand_out_one_package() -> None:
    for _ in range(ROUNDS):
        request = request_in(State.APPROVED)
        results = at_once(lambda: release(request), lambda: release(request))  # noqa: B023
        assert refusals(results) == [InvalidTransition]
        assert Package.objects.filter(request=request).count() == 1


def test_drafts_filed_at_once_get_references_of_their_own() -> None:
    author = make_officer(INTAKE)
    requests = at_once(*[lambda: draft(author)] * 6)
    assert len({request.reference for request in requests}) == 6
