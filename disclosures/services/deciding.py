"""What reviewers do: take up, approve in two steps by two people, refuse. The scope only gets narrower."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.events import Event
from disclosures.exceptions import FieldNotGrantable, NothingGranted
from disclosures.models import Approval, DisclosureRequest, ScopeItem, Step
from disclosures.services.people import tell_reviewers
from disclosures.services.rules import check_may, lock_request, owed, record
from disclosures.sign_in import SignIn
from disclosures.states import State, check_step
from notices import services as notices
from notices.kinds import Kind


@transaction.atomic
def start_review(*, request_id: UUID, reviewer: User, sign_in: SignIn) -> DisclosureRequest:
    """Take a submitted request up for legal review.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn, SelfReview, SameDepartment: the person can't review this.
        InvalidTransition: it isn't waiting for that.
    """
    request = lock_request(request_id)
    check_may(reviewer, "review_request", sign_in)
    request.check_reviewer(reviewer)
    request.move_to(State.LEGAL_REVIEW)
    request.save(update_fields=["state"])
    record(Event.DISCLOSURE_TAKEN_UP, request, reviewer)
    return request


@transaction.atomic
def pass_legal_review(
    *, request_id: UUID, reviewer: User, sign_in: SignIn, rationale: str, granted: Iterable[int]
) -> DisclosureRequest:
    """Give the first approval, for the scope items in `granted` alone; another person must give the second.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn, SelfReview, SameDepartment: the person can't review this.
        InvalidTransition: it isn't in legal review. ReasonOwed: no rationale was given.
        FieldNotGrantable: an item isn't, or isn't any more, in the scope. NothingGranted: no item is left.
    """
    request = lock_request(request_id)
    check_may(reviewer, "review_request", sign_in)
    _approve(request, reviewer, sign_in, Step.LEGAL, rationale)
    withheld = _narrow(request, granted)
    request.move_to(State.SECOND_REVIEW)
    request.save(update_fields=["state"])
    record(Event.DISCLOSURE_REVIEWED, request, reviewer, withheld=withheld)
    tell_reviewers(request, "approve_request")
    return request


@transaction.atomic
def approve_request(
    *, request_id: UUID, reviewer: User, sign_in: SignIn, rationale: str, granted: Iterable[int]
) -> DisclosureRequest:
    """Give the second approval, for the scope items in `granted` alone, after somebody else gave the first.

    The row lock makes two reviewers pressing at once safe: the second finds it approved.

    Raises:
        As `pass_legal_review`.
    """
    request = lock_request(request_id)
    check_may(reviewer, "approve_request", sign_in)
    _approve(request, reviewer, sign_in, Step.SECOND, rationale)
    withheld = _narrow(request, granted)
    request.decide(State.APPROVED, reviewer)
    request.save(update_fields=["state", "decided_by", "decided_at"])
    record(Event.DISCLOSURE_APPROVED, request, reviewer, withheld=withheld)
    notices.send(Kind.DISCLOSURE_APPROVED, to=request.author, about=request, reference=request.reference)
    return request


@transaction.atomic
def refuse_request(*, request_id: UUID, reviewer: User, sign_in: SignIn, reason: str) -> DisclosureRequest:
    """Refuse a request at any moment between submission and release; the author is told.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn, SelfReview: the person can't review this.
        InvalidTransition: it isn't under review. ReasonOwed: no reason was given.
    """
    request = lock_request(request_id)
    permission = "approve_request" if reviewer.has_perm("disclosures.approve_request") else "review_request"
    check_may(reviewer, permission, sign_in)
    request.check_outsider(reviewer)
    request.decide(State.REFUSED, reviewer)
    request.reason = owed(reason)
    request.save(update_fields=["state", "decided_by", "decided_at", "reason_sealed"])
    record(Event.DISCLOSURE_REFUSED, request, reviewer)
    notices.send(Kind.DISCLOSURE_REFUSED, to=request.author, about=request, reference=request.reference)
    return request


STATE_OF = {Step.LEGAL: State.SECOND_REVIEW, Step.SECOND: State.APPROVED}


def _approve(request: DisclosureRequest, reviewer: User, sign_in: SignIn, step: Step, rationale: str) -> None:
    check_step(request.state, STATE_OF[step])
    request.check_reviewer(reviewer)
    approval = Approval(request=request, reviewer=reviewer, step=step, two_factor=sign_in.two_factor)
    approval.rationale = owed(rationale)
    approval.sign_in_age_seconds = int(sign_in.age.total_seconds())
    approval.save(force_insert=True)


def _narrow(request: DisclosureRequest, granted: Iterable[int]) -> list[str]:
    """Withhold what isn't in `granted`; give the names of the fields withheld."""
    kept, scope = set(granted), ScopeItem.objects.filter(subject__request=request, granted=True)
    present = dict(scope.values_list("pk", "field"))
    if kept - present.keys():
        raise FieldNotGrantable
    if not kept:
        raise NothingGranted
    scope.exclude(pk__in=kept).update(granted=False)
    return sorted({field for pk, field in present.items() if pk not in kept})
