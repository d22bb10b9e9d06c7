"""People with roles, and requests at any point of their path."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import Profile, User
from disclosures import services
from disclosures.grounds import Ground
from disclosures.models import DisclosureRequest, ScopeItem
from disclosures.roles import APPROVER, INTAKE, LEGAL_REVIEWER, seed_roles
from disclosures.scope import DisclosableField
from disclosures.sign_in import SignIn
from disclosures.states import State

NOW = SignIn(two_factor=True, age=timedelta(seconds=10))
_numbers = count(1)
FACTS = {
    "organisation": "District Court of Springfield",
    "contact": "Clerk Jane Roe, +1 555 0100",
    "legal_basis": "Data Retention Act, article 7",
    "purpose": "Identify the holder of one account",
}


def make_account(**fields: Any) -> User:
    """Make an adult without a password, since hashing one takes longer than most tests here."""
    email = fields.pop("email", f"person{next(_numbers)}@example.com")
    user = User.objects.create_user(email, **fields)
    Profile.objects.create(user=user, date_of_birth=date(1990, 5, 17))
    return user


def make_officer(*roles: str, **fields: Any) -> User:
    """Make a member of staff with these roles."""
    seed_roles()
    officer = make_account(is_staff=True, **fields)
    officer.groups.set(Group.objects.filter(name__in=roles))
    return officer


def make_person(**profile: Any) -> User:
    """Make a user with a filled-in profile."""
    person = make_account()
    filled = {"real_name": "Wang Fang", "id_type": "other", "id_number": f"X-{person.pk.hex[:10]}"} | profile
    for name, value in filled.items():
        setattr(person.profile, name, value)
    person.profile.save()
    return person


def draft(author: User | None = None, ground: Ground = Ground.STATUTE, **facts: str) -> DisclosureRequest:
    """File a draft that concerns nobody yet."""
    return services.draft_request(author=author or make_officer(INTAKE), ground=ground, **FACTS | facts)


def draft_about(
    person: User, *fields: DisclosableField, author: User | None = None, ground: Ground = Ground.STATUTE
) -> DisclosureRequest:
    """File a draft that asks for a person's fields, by default the real name and the e-mail address."""
    request = draft(author, ground)
    asked = fields or (DisclosableField.REAL_NAME, DisclosableField.EMAIL)
    services.add_subject(request_id=request.pk, author=request.author, identifier=str(person.pk), fields=asked)
    return request


def everything(request: DisclosureRequest) -> list[int]:
    """Give the ids of all that is still granted."""
    return list(ScopeItem.objects.filter(subject__request=request, granted=True).values_list("pk", flat=True))


def submit(request: DisclosureRequest) -> DisclosureRequest:
    """Have the author submit it."""
    return services.submit_request(request_id=request.pk, author=request.author, sign_in=NOW)


def take_up(request: DisclosureRequest, reviewer: User | None = None) -> User:
    """Have a legal reviewer take it up; give the reviewer."""
    reviewer = reviewer or make_officer(LEGAL_REVIEWER, department="Legal")
    services.start_review(request_id=request.pk, reviewer=reviewer, sign_in=NOW)
    return reviewer


def pass_review(request: DisclosureRequest, reviewer: User, granted: list[int] | None = None) -> DisclosureRequest:
    """Have a legal reviewer give the first approval."""
    kept = everything(request) if granted is None else granted
    return services.pass_legal_review(
        request_id=request.pk, reviewer=reviewer, sign_in=NOW, rationale="The article applies.", granted=kept
    )


def approve(request: DisclosureRequest, reviewer: User | None = None) -> DisclosureRequest:
    """Have another person give the second approval."""
    return services.approve_request(
        request_id=request.pk,
        reviewer=reviewer or make_officer(APPROVER, department="Privacy"),
        sign_in=NOW,
        rationale="Agreed.",
        granted=everything(request),
    )


def release(request: DisclosureRequest) -> services.Release:
    """Have the author hand it out."""
    return services.release_package(request_id=request.pk, officer=request.author, sign_in=NOW)


def request_in(state: State, person: User | None = None, ground: Ground = Ground.STATUTE) -> DisclosureRequest:
    """Bring a new request about a person into a state, by the services alone."""
    request = draft_about(person or make_person(), ground=ground)
    if state == State.WITHDRAWN:
        return services.withdraw_request(request_id=request.pk, author=request.author, sign_in=NOW, reason="Mistake.")
    steps = {State.SUBMITTED: submit, State.LEGAL_REVIEW: take_up, State.SECOND_REVIEW: _pass, State.APPROVED: approve}
    steps |= {State.RELEASED: release, State.CLOSED: _close, State.REFUSED: _refuse}
    if state == State.REFUSED:
        steps = {State.SUBMITTED: submit, State.REFUSED: _refuse}
    for reached, step in steps.items():
        if request.state == state:
            break
        step(request)
        request.refresh_from_db()
        assert request.state == reached
    return request


def _pass(request: DisclosureRequest) -> None:
    pass_review(request, make_officer(LEGAL_REVIEWER, department="Legal"))


def _close(request: DisclosureRequest) -> None:
    services.close_request(request_id=request.pk, officer=request.author, sign_in=NOW)


def _refuse(request: DisclosureRequest) -> None:
    reviewer = make_officer(LEGAL_REVIEWER)
    services.refuse_request(request_id=request.pk, reviewer=reviewer, sign_in=NOW, reason="Not competent.")
