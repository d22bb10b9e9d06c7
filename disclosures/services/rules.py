"""What several operations begin with: the lock, the role, the author, the reason."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit import services as audit
from audit.details import Detail
from audit.events import Event
from disclosures.exceptions import ReasonOwed, RoleMissing, ValueUnreadable
from disclosures.models import DisclosureRequest
from disclosures.sign_in import SignIn


def lock_request(request_id: UUID) -> DisclosureRequest:
    """Read a request and hold it against every other step until the transaction ends."""
    locked = DisclosureRequest.objects.select_for_update(of=("self",)).select_related("author")
    return locked.get(pk=request_id)


def check_may(person: User, permission: str, sign_in: SignIn | None = None) -> None:
    """Let pass who has the permission and, where a sign-in is given, signed in with two factors just now.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn: it isn't so.
    """
    if not person.has_perm(f"disclosures.{permission}"):
        raise RoleMissing
    if sign_in:
        sign_in.check()


def check_author(request: DisclosureRequest, person: User) -> None:
    """Let pass the author alone.

    Raises:
        RoleMissing: it is somebody else's request.
    """
    if request.author_id != person.pk:
        raise RoleMissing


def owed(text: str) -> str:
    """Give the text without the space around it.

    Raises:
        ReasonOwed: nothing is left.
    """
    stripped = text.strip()
    if not stripped:
        raise ReasonOwed
    return stripped


@transaction.atomic
def report_broken(broken: ValueUnreadable, actor: User) -> None:
    """Write an entry about a value that can't be opened, after what wanted to read it was undone."""
    audit.record(Event.VALUE_BROKEN, actor=actor, subject=broken.account_id, field=broken.field)


def record(
    event: Event, request: DisclosureRequest, actor: User | str, *, subject: UUID | None = None, **details: Detail
) -> None:
    """Write an entry about a request, under its ground's clause; `subject` is the account that a step concerns."""
    audit.record(
        event,
        actor=actor,
        subject=subject,
        target=request,
        clause=request.rules.clause,
        reference=request.reference,
        **details,
    )
