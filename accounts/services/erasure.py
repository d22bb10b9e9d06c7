"""Erase an account: a checklist that can be killed at any point and run again (clause 3.2)."""

import logging
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.erasure_steps import Step, checklist
from accounts.exceptions import CoolingOff, StepMissing
from accounts.models import Erasure, ErasureStep, State, User
from audit import services as audit
from audit.events import Event

logger = logging.getLogger(__name__)

ERASER = "system:erase_account"


def erase_account(*, account_id: UUID) -> State:
    """Erase an account whose cooling-off is over, or go on where an earlier run stopped; tell the state it is in then.

    Each step is a transaction of its own with the account locked, so two workers never do one step twice. The first
    step that can't be confirmed ends the run and leaves the account `erasing`; the sweep runs it again.

    Raises:
        CoolingOff: it may not be erased yet.
        InvalidTransition: it isn't being cancelled, or is erased already.
    """
    _begin(account_id)
    if all(_try_step(account_id, name, step) for name, step in checklist().items()):
        _finish(account_id)
    return State(User.objects.values_list("state", flat=True).get(pk=account_id))


def run_erasure_again(*, account_id: UUID, actor: User) -> State:
    """Run an unfinished erasure now, because a member of staff asks for it.

    Raises:
        InvalidTransition: the account isn't being erased.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        user.check_being_erased()
        audit.record(Event.ERASURE_STARTED, actor=actor, subject=user, target=user, clause="3.2", again=True)
    return erase_account(account_id=account_id)


@transaction.atomic
def _begin(account_id: UUID) -> None:
    user = User.objects.select_for_update().get(pk=account_id)
    if user.state == State.ERASING:
        return
    if user.erase_at and user.erase_at > timezone.now():
        raise CoolingOff
    user.move_to(State.ERASING)
    user.is_active = False
    user.save(update_fields=["state", "is_active"])
    Erasure.objects.create(user=user)
    audit.record(Event.ERASURE_STARTED, actor=ERASER, subject=user, target=user, clause="3.2")


def _try_step(account_id: UUID, name: str, step: Step) -> bool:
    """Do a step and confirm it, or write down why it couldn't be done; no text of an error, which could hold data."""
    try:
        _do_step(account_id, name, step)
    except Exception as error:  # noqa: BLE001 - whatever it is, the account stays `erasing` and staff can see it
        logger.warning("Erasure of account %s: %s failed (%s)", account_id.hex[:8], name, type(error).__name__)
        _row(account_id, name, last_error=type(error).__name__)
        return False
    return True


@transaction.atomic
def _do_step(account_id: UUID, name: str, step: Step) -> None:
    user = User.objects.select_for_update().get(pk=account_id)
    if ErasureStep.objects.filter(erasure_id=account_id, name=name, done_at__isnull=False).exists():
        return
    step(user=user)
    _row(account_id, name, done_at=timezone.now(), last_error="")
    audit.record(Event.ERASURE_STEP_DONE, actor=ERASER, subject=user, clause="3.2", step=name)


def _row(account_id: UUID, name: str, **result: object) -> None:
    """Write down how an attempt at a step ended."""
    row, _ = ErasureStep.objects.get_or_create(
        erasure_id=account_id, name=name, defaults={"position": list(checklist()).index(name)}
    )
    ErasureStep.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1, **result)


@transaction.atomic
def _finish(account_id: UUID) -> None:
    """Write the tombstone: the id, and that it was erased."""
    user = User.objects.select_for_update().get(pk=account_id)
    if user.state == State.ERASED:
        return
    if ErasureStep.objects.filter(erasure_id=account_id, done_at=None).exists():
        raise StepMissing
    user.move_to(State.ERASED)
    user.strip()
    user.save()
    Erasure.objects.filter(pk=account_id).update(finished_at=timezone.now())
    audit.record(Event.ERASURE_COMPLETED, actor=ERASER, subject=user, target=user, clause="3.2")
