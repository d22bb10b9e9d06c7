"""The author's own steps after the draft: submit, withdraw, and close what was released."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import State as AccountState
from accounts.models import User
from audit.events import Event
from disclosures.exceptions import AccountErased, RequestIncomplete, ValueUnreadable
from disclosures.models import DisclosureRequest, ScopeItem
from disclosures.services.people import check_adults, tell_reviewers
from disclosures.services.rules import check_author, check_may, lock_request, owed, record, report_broken
from disclosures.sign_in import SignIn
from disclosures.states import State

GONE = (AccountState.ERASING, AccountState.ERASED)


def submit_request(*, request_id: UUID, author: User, sign_in: SignIn) -> DisclosureRequest:
    """Hand a draft to legal review; from here on its facts and subjects are fixed, and legal reviewers are told.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn: the person can't, or isn't signed in well enough.
        InvalidTransition: it isn't a draft.
        RequestIncomplete: it concerns nobody. AccountErased, MinorConcerned: whom it concerns forbids it.
        ValueUnreadable: a date of birth is broken; nothing was submitted, and the audit log has it.
    """
    try:
        return _submit(request_id, author, sign_in)
    except ValueUnreadable as broken:
        report_broken(broken, author)
        raise


@transaction.atomic
def _submit(request_id: UUID, author: User, sign_in: SignIn) -> DisclosureRequest:
    request = lock_request(request_id)
    check_may(author, "file_request", sign_in)
    check_author(request, author)
    request.move_to(State.SUBMITTED)
    _check_subjects(request)
    request.submitted_at = timezone.now()
    request.save(update_fields=["state", "submitted_at"])
    record(Event.DISCLOSURE_SUBMITTED, request, author, ground=request.ground)
    tell_reviewers(request, "review_request")
    return request


@transaction.atomic
def withdraw_request(*, request_id: UUID, author: User, sign_in: SignIn, reason: str) -> DisclosureRequest:
    """Take a request back, at any moment before its release.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn: the person can't, or isn't signed in well enough.
        InvalidTransition: it was released, refused or withdrawn. ReasonOwed: no reason was given.
    """
    request = lock_request(request_id)
    check_may(author, "file_request", sign_in)
    check_author(request, author)
    request.decide(State.WITHDRAWN, author)
    request.reason = owed(reason)
    request.save(update_fields=["state", "decided_by", "decided_at", "reason_sealed"])
    record(Event.DISCLOSURE_WITHDRAWN, request, author)
    return request


@transaction.atomic
def close_request(*, request_id: UUID, officer: User, sign_in: SignIn) -> DisclosureRequest:
    """Close a released request: the requester has what was granted.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn: the person can't, or isn't signed in well enough.
        InvalidTransition: it isn't released.
    """
    request = lock_request(request_id)
    check_may(officer, "release_request", sign_in)
    request.move_to(State.CLOSED)
    request.save(update_fields=["state"])
    record(Event.DISCLOSURE_CLOSED, request, officer)
    return request


def _check_subjects(request: DisclosureRequest) -> None:
    accounts = dict(request.subjects.values_list("account_id", "account__state"))
    if not ScopeItem.objects.filter(subject__request=request).exists():
        raise RequestIncomplete
    if set(accounts.values()) & set(GONE):
        raise AccountErased
    check_adults(accounts)
