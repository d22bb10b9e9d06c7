"""E-mail what waits: claim, send, settle. See docs/notices.md for what a crash at each point leads to."""

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from audit import services as audit
from audit.events import Event
from notices import post
from notices.exceptions import AddressGone, NoAddress
from notices.hurry import broker
from notices.models import LEASE, MAX_ATTEMPTS, WAITS, Notice, State

logger = logging.getLogger(__name__)

CARRIER = "system:deliver_notice"
SWEEP_SIZE = 1000  # requests to the workers in one sweep
SWEEP_EXPIRES = 60.0  # seconds: by then the next sweep asks again, so requests never pile up
SWEEP_GRACE = timedelta(seconds=30)  # what became due less long ago was just hurried by its own request


def deliver(*, notice_id: UUID) -> State | None:
    """E-mail one notice that is due; tell the state it is in then, or None if there was nothing to do.

    The row is locked to claim it and to settle it, never while the mail server is spoken to. A claim is a lease:
    whoever is killed before the mail left loses nothing, since the lease runs out and the sweep delivers. Whoever is
    killed between mail and settling has the same mail sent again, with the same Message-ID: at least once.
    """
    notice = _claim(notice_id)
    if notice is None:
        return None
    state, error = _hand_over(notice)
    return _settle(notice, state, error)


def hurry_waiting() -> int:
    """Ask the workers for every delivery that is overdue; tell how many requests the broker took."""
    waiting = Notice.objects.due(timezone.now() - SWEEP_GRACE).order_by("next_try_at")
    count = 0
    for notice_id in waiting.values_list("pk", flat=True)[:SWEEP_SIZE]:
        if not broker.hurry(notice_id, expires=SWEEP_EXPIRES):
            break
        count += 1
    return count


@transaction.atomic
def try_again(*, notice_id: UUID, actor: AbstractBaseUser) -> Notice:
    """Put a failed delivery back in the queue, with all its attempts before it.

    Raises:
        AddressGone: it went to an address of its own, which was forgotten.
        InvalidTransition: it hasn't failed.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.one_off:
        raise AddressGone
    notice.move_to(State.QUEUED)
    notice.attempts, notice.next_try_at, notice.error = 0, timezone.now(), ""
    notice.save(update_fields=["state", "attempts", "next_try_at", "error"])
    audit.record(Event.NOTICE_RETRIED, actor=actor, subject=notice.to_id, target=notice, kind=notice.kind)
    transaction.on_commit(partial(broker.hurry, notice.pk), robust=True)
    return notice


@transaction.atomic
def _claim(notice_id: UUID) -> Notice | None:
    """Take a due notice for one attempt; nobody else takes it before the lease has run out."""
    notice = Notice.objects.due().select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:
        return None
    if notice.attempts >= MAX_ATTEMPTS:  # the last attempt was killed before it could say so
        _finish(notice, State.FAILED)
        return None
    now = timezone.now()
    notice.attempts, notice.last_tried_at, notice.next_try_at = notice.attempts + 1, now, now + LEASE
    notice.save(update_fields=["attempts", "last_tried_at", "next_try_at"])
    return notice


def _hand_over(notice: Notice) -> tuple[State, str]:
    """Send the mail; give the state it earns and the error's name. An error's text could hold the address: dropped."""
    try:
        post.send(notice)
    except NoAddress:
        return State.NOT_OWED, ""
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach a log with its text
        logger.warning("%s: attempt %d failed (%s)", notice, notice.attempts, type(error).__name__)
        return State.QUEUED if notice.attempts < MAX_ATTEMPTS else State.FAILED, type(error).__name__
    return State.SENT, ""


@transaction.atomic
def _settle(claimed: Notice, state: State, error: str) -> State | None:
    """Write down how an attempt ended, unless another has taken over or the account was erased meanwhile."""
    notice = Notice.objects.select_for_update().filter(pk=claimed.pk, attempts=claimed.attempts).first()
    if notice is None or notice.state != State.QUEUED:
        return None
    notice.error = error
    return _wait(notice) if state == State.QUEUED else _finish(notice, state)


def _wait(notice: Notice) -> State:
    notice.next_try_at = timezone.now() + WAITS[notice.attempts - 1]
    notice.save(update_fields=["next_try_at", "error"])
    return State.QUEUED


def _finish(notice: Notice, state: State) -> State:
    """End the delivery, forget its address, and record how it ended."""
    notice.move_to(state)
    notice.sent_at = timezone.now() if state == State.SENT else None
    notice.save(update_fields=["state", "address", "error", "sent_at"])
    if event := {State.SENT: Event.NOTICE_DELIVERED, State.FAILED: Event.NOTICE_FAILED}.get(state):
        audit.record(event, actor=CARRIER, subject=notice.to_id, target=notice, kind=notice.kind)
    return state
