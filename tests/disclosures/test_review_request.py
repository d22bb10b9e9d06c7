"""Two different people, in order, freshly signed in with two factors; and every state that lacks a step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import State as AccountState
from accounts.models import User
from audit.events import Event
from audit.models import Entry
from disclosures import services
from disclosures.exceptions import (
    AccountErased,
    FieldNotGrantable,
    InvalidTransition,
    MinorConcerned,
    NothingGranted,
    OneFactorSignIn,
    ReasonOwed,
    RequestIncomplete,
    RoleMissing,
    SameDepartment,
    SelfReview,
    StaleSignIn,
)
from disclosures.grounds import Ground
from disclosures.models import DisclosureRequest, ScopeItem
from disclosures.roles import APPROVER, AUDITOR, INTAKE, LEGAL_REVIEWER, ROLES
from disclosures.scope import DisclosableField
from disclosures.sign_in import SignIn
from disclosures.states import TRANSITIONS, State
from notices.kinds import Kind
from notices.models import Notice
from tests.disclosures.path import (
    NOW,
    approve,
    draft,
    draft_about,
    everything,
    make_officer,
    make_person,
    pass_review,
    request_in,
    submit,
    take_up,
)

pytestmark = pytest.mark.django_db

Step = Callable[[DisclosureRequest, User, SignIn], object]


def do_submit(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.submit_request(request_id=request.pk, author=person, sign_in=sign_in)


def do_withdraw(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.withdraw_request(request_id=request.pk, author=person, sign_in=sign_in, reason="Filed by mistake.")


def do_start(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.start_review(request_id=request.pk, reviewer=person, sign_in=sign_in)


def do_pass(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.pass_legal_review(
        request_id=request.pk, reviewer=person, sign_in=sign_in, rationale="Sound.", granted=everything(request)
    )


def do_approve(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.approve_request(
        request_id=request.pk, reviewer=person, sign_in=sign_in, rationale="Sound.", granted=everything(request)
    )


def do_refuse(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.refuse_request(request_id=request.pk, reviewer=person, sign_in=sign_in, reason="Not competent.")


def do_release(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.release_package(request_id=request.pk, officer=person, sign_in=sign_in)


def do_close(request: DisclosureRequest, person: User, sign_in: SignIn) -> object:
    return services.close_request(request_id=request.pk, officer=person, sign_in=sign_in)


# step: (how, the role that may, the state it leads to, a state it leads on from)
STEPS: dict[str, tuple[Step, str, State, State]] = {
    "submit": (do_submit, INTAKE, State.SUBMITTED, State.DRAFT),
    "start": (do_start, LEGAL_REVIEWER, State.LEGAL_REVIEW, State.SUBMITTED),
    "pass": (do_pass, LEGAL_REVIEWER, State.SECOND_REVIEW, State.LEGAL_REVIEW),
    "approve": (do_approve, APPROVER, State.APPROVED, State.SECOND_REVIEW),
    "refuse": (do_refuse, APPROVER, State.REFUSED, State.SECOND_REVIEW),
    "release": (do_release, INTAKE, State.RELEASED, State.APPROVED),
    "close": (do_close, INTAKE, State.CLOSED, State.RELEASED),
    "withdraw": (do_withdraw, INTAKE, State.WITHDRAWN, State.APPROVED),
}
AUTHORS_OWN = ("submit", "withdraw")


def who_may(step: str, request: DisclosureRequest) -> User:
    return request.author if step in AUTHORS_OWN else make_officer(STEPS[step][1])


@pytest.mark.parametrize("step", STEPS)
def test_each_step_leads_on_and_is_on_record(step: str) -> None:
    how, _role, after, before = STEPS[step]
    request = request_in(before)
    person = who_may(step, request)
    how(request, person, NOW)
    request.refresh_from_db()
    assert request.state == after
    entry = Entry.objects.filter(target_id=str(request.pk)).first()
    assert entry is not None
    assert (entry.actor, entry.clause) == (str(person.pk), "1.3.2")


@pytest.mark.parametrize(
    ("step", "state"), [(step, state) for step in STEPS for state in State if STEPS[step][2] not in TRANSITIONS[state]]
)
def test_a_step_is_refused_in_every_state_that_lacks_it(step: str, state: State) -> None:
    request = request_in(state)
    entries = Entry.objects.count()
    with pytest.raises(InvalidTransition):
        STEPS[step][0](request, who_may(step, request), NOW)
    request.refresh_from_db()
    assert (request.state, Entry.objects.count()) == (state, entries)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("sign_in", "refusal"),
    [
        (SignIn(two_factor=False, age=timedelta(0)), OneFactorSignIn),
        (SignIn(two_factor=True, age=timedelta(minutes=5, seconds=1)), StaleSignIn),
        (SignIn(two_factor=True, age=timedelta(days=2)), StaleSignIn),
        (SignIn(two_factor=True, age=timedelta(seconds=-1)), StaleSignIn),
    ],
)
def test_no_step_without_a_fresh_two_factor_sign_in(step: str, sign_in: SignIn, refusal: type[Exception]) -> None:
    request = request_in(before := STEPS[step][3])
    with pytest.raises(refusal):
        STEPS[step][0](request, who_may(step, request), sign_in)
    request.refresh_from_db()
    assert request.state == before


@pytest.mark.parametrize("step", STEPS)
def test_a_role_takes_its_own_steps_alone(step: str) -> None:
    how, role, _after, before = STEPS[step]
    request = request_in(before)
    others = set(ROLES) - {role} - ({LEGAL_REVIEWER} if step == "refuse" else set())
    for other in [*others, None]:
        with pytest.raises(RoleMissing):
            how(request, make_officer(*filter(None, [other])), NOW)


@pytest.mark.parametrize("step", AUTHORS_OWN)
def test_only_the_author_submits_and_withdraws(step: str) -> None:
    with pytest.raises(RoleMissing):
        STEPS[step][0](request_in(State.DRAFT), make_officer(INTAKE), NOW)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("step", ["start", "pass", "approve", "refuse"])
def test_the_author_reviews_nothing_of_their_own(step: str) -> None:
    how, role, _after, before = STEPS[step]
    request = request_in(before)
    request.author.groups.set(make_officer(INTAKE, role).groups.all())
    with pytest.raises(SelfReview):
        how(request, User.objects.get(pk=request.author_id), NOW)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("step", ["start", "pass", "approve", "refuse", "release"])
def test_the_person_concerned_reviews_and_releases_nothing_about_themself(step: str) -> None:
    how, role, _after, before = STEPS[step]
    concerned = make_officer(role)
    request = request_in(before, person=concerned)
    with pytest.raises(SelfReview):
        how(request, concerned, NOW)


@pytest.mark.clause("1.3")
def test_one_person_never_gives_both_approvals() -> None:
    both = make_officer(LEGAL_REVIEWER, APPROVER)
    request = submit(draft_about(make_person()))
    pass_review(request, take_up(request, both))
    with pytest.raises(SelfReview):
        approve(request, both)
    assert request.approvals.count() == 1


@pytest.mark.clause("1.3")
def test_two_other_people_must_approve_before_a_release() -> None:
    request = request_in(State.APPROVED)
    approvals = list(request.approvals.all())
    reviewers = {approval.reviewer_id for approval in approvals}
    assert [approval.step for approval in approvals] == ["legal", "second"]
    assert all(approval.two_factor and approval.sign_in_age_seconds == 10 for approval in approvals)
    assert [approval.rationale for approval in approvals] == ["The article applies.", "Agreed."]
    assert len(reviewers) == 2
    assert request.author_id not in reviewers
    assert request.decided_by_id == approvals[1].reviewer_id


@pytest.mark.parametrize("department", ["", "Content"])
def test_the_platforms_own_case_takes_approvers_from_elsewhere(department: str) -> None:
    author = make_officer(INTAKE, department="Content")
    request = submit(draft_about(make_person(), author=author, ground=Ground.PROPERTY_RIGHTS))
    with pytest.raises(SameDepartment):
        take_up(request, make_officer(LEGAL_REVIEWER, department=department))
    take_up(request, make_officer(LEGAL_REVIEWER, department="Legal"))


def test_a_reviewer_can_only_narrow_the_scope() -> None:
    request = submit(draft_about(make_person()))
    name, email = everything(request)
    pass_review(request, take_up(request), [name])
    assert dict(ScopeItem.objects.values_list("field", "granted")) == {"real_name": True, "email": False}
    with pytest.raises(FieldNotGrantable):
        services.approve_request(
            request_id=request.pk, reviewer=make_officer(APPROVER), sign_in=NOW, rationale="All.", granted=[name, email]
        )
    reviewed = Entry.objects.get(event=Event.DISCLOSURE_REVIEWED)
    assert reviewed.details["withheld"] == ["email"]


def test_a_field_of_another_request_cannot_be_granted() -> None:
    request, other = request_in(State.LEGAL_REVIEW), request_in(State.LEGAL_REVIEW)
    with pytest.raises(FieldNotGrantable):
        pass_review(request, make_officer(LEGAL_REVIEWER), everything(other))


def test_an_approval_of_nothing_is_refused() -> None:
    request = request_in(State.LEGAL_REVIEW)
    with pytest.raises(NothingGranted):
        pass_review(request, make_officer(LEGAL_REVIEWER), [])
    assert not request.approvals.exists()


@pytest.mark.parametrize("step", ["withdraw", "refuse"])
def test_a_reason_is_owed(step: str) -> None:
    request = request_in(State.SECOND_REVIEW)
    person = who_may(step, request)
    with pytest.raises(ReasonOwed):
        if step == "refuse":
            services.refuse_request(request_id=request.pk, reviewer=person, sign_in=NOW, reason=" ")
        else:
            services.withdraw_request(request_id=request.pk, author=person, sign_in=NOW, reason=" ")


def test_an_approval_owes_its_rationale() -> None:
    request = request_in(State.LEGAL_REVIEW)
    with pytest.raises(ReasonOwed):
        services.pass_legal_review(
            request_id=request.pk,
            reviewer=make_officer(LEGAL_REVIEWER),
            sign_in=NOW,
            rationale="",
            granted=everything(request),
        )


def test_a_request_about_nobody_is_not_submitted() -> None:
    with pytest.raises(RequestIncomplete):
        submit(draft())


@pytest.mark.parametrize("state", [AccountState.ERASING, AccountState.ERASED])
def test_a_request_about_an_erased_account_is_not_submitted(state: AccountState) -> None:
    person = make_person()
    request = draft_about(person)
    User.objects.filter(pk=person.pk).update(state=state, is_active=False, email="")
    with pytest.raises(AccountErased):
        submit(request)


@pytest.mark.clause("1.0")
def test_a_request_about_a_minor_is_not_submitted_for_want_of_a_third_approver() -> None:
    today = timezone.localdate()
    minor = make_person(date_of_birth=today.replace(year=today.year - 17, day=1))
    with pytest.raises(MinorConcerned):
        submit(draft_about(minor))


def test_reviewers_approvers_and_the_author_are_told() -> None:
    legal, approver = make_officer(LEGAL_REVIEWER), make_officer(APPROVER)
    make_officer(AUDITOR)
    request = submit(draft_about(make_person()))
    assert told(Kind.DISCLOSURE_SUBMITTED) == {legal.pk}
    take_up(request, legal)
    pass_review(request, legal)
    assert told(Kind.DISCLOSURE_SUBMITTED) == {legal.pk, approver.pk}
    approve(request, approver)
    assert told(Kind.DISCLOSURE_APPROVED) == {request.author_id}
    services.refuse_request(request_id=request.pk, reviewer=legal, sign_in=NOW, reason="New facts.")
    assert told(Kind.DISCLOSURE_REFUSED) == {request.author_id}


def told(kind: Kind) -> set[object]:
    return set(Notice.objects.filter(kind=kind).values_list("to", flat=True))


def test_parties_are_not_asked_to_review() -> None:
    author = make_officer(INTAKE, LEGAL_REVIEWER, APPROVER)
    concerned = make_officer(LEGAL_REVIEWER)
    submit(draft_about(concerned, DisclosableField.EMAIL, author=author))
    assert told(Kind.DISCLOSURE_SUBMITTED) == set()
