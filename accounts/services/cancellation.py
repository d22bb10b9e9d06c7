"""Ask for the account to be cancelled, think again, or be reminded (clauses 3.2 and P6)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.exceptions import LastSuperuser
from accounts.models import State, User
from accounts.services.sessions import end_sessions
from audit import services as audit
from audit.events import Event
from notices import services as notices
from notices.kinds import Kind

REMINDER = "system:remind"
LEAVING = ["state", "cancellation_requested_at", "erase_at", "reminded_at"]


@transaction.atomic
def request_cancellation(*, user: User, keep_session: str = "") -> User:
    """Start the cooling-off of `COOLING_OFF_DAYS`; every session ends but the one whose key is given.

    It works whatever the person has accepted or declined (clause P6).

    Raises:
        InvalidTransition: the account is being cancelled or erased already.
        LastSuperuser: nobody would be left who can administer the platform.
    """
    refuse_last_superuser(user)
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    locked.move_to(State.CANCELLING)
    locked.cancellation_requested_at = timezone.now()
    locked.erase_at = locked.cancellation_requested_at + timedelta(days=settings.COOLING_OFF_DAYS)
    locked.reminded_at = None
    locked.save(update_fields=LEAVING)
    end_sessions(user=locked, actor=user, keep=keep_session)
    audit.record(Event.CANCELLATION_REQUESTED, actor=user, subject=user, target=user, clause="3.2")
    notices.send(Kind.CANCELLATION_REQUESTED, to=locked, erase_at=locked.erase_at)
    return locked


def refuse_last_superuser(user: User) -> None:
    """Lock all who can administer the platform, so that the last two can't leave at once.

    Raises:
        LastSuperuser: the account is the only one.
    """
    administrators = list(User.objects.able_to_administer().select_for_update().order_by("pk"))
    if administrators == [user]:
        raise LastSuperuser


@transaction.atomic
def undo_cancellation(*, user: User) -> User:
    """Keep the account after all; nothing was removed yet.

    Raises:
        InvalidTransition: the account isn't being cancelled, or its erasure has begun.
    """
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    locked.move_to(State.ACTIVE)
    locked.cancellation_requested_at = locked.erase_at = locked.reminded_at = None
    locked.save(update_fields=LEAVING)
    audit.record(Event.CANCELLATION_UNDONE, actor=user, subject=user, target=user, clause="3.2")
    notices.send(Kind.CANCELLATION_UNDONE, to=locked)
    return locked


def send_reminders() -> int:
    """Remind everybody whose erasure begins within a day, once each; tell how many were reminded."""
    waiting = User.objects.due_for_reminder().values_list("pk", flat=True)
    return sum(_remind(User(pk=account_id)) for account_id in waiting)


@transaction.atomic
def _remind(user: User) -> bool:
    locked = User.objects.due_for_reminder().select_for_update().filter(pk=user.pk).first()
    if locked is None or locked.erase_at is None:
        return False
    locked.reminded_at = timezone.now()
    locked.save(update_fields=["reminded_at"])
    notices.send(Kind.CANCELLATION_REMINDER, to=locked, erase_at=locked.erase_at)
    return True
