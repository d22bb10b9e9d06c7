"""What the workers run. Arguments are ids; running one twice does no harm."""

from contextlib import suppress
from uuid import UUID

from celery import shared_task

from accounts import services
from accounts.exceptions import CoolingOff, InvalidTransition
from accounts.models import User

SWEEP_EXPIRES = 60.0  # seconds: by then the next sweep asks again, so requests never pile up


@shared_task
def erase_account(user_id: str) -> None:
    """Erase one account, or go on with it; nothing happens if it was undone or done meanwhile."""
    with suppress(CoolingOff, InvalidTransition):
        services.erase_account(account_id=UUID(user_id))


@shared_task
def sweep_erasures() -> None:
    """Ask for every erasure that is due, or that an earlier run didn't finish."""
    waiting = User.objects.due_for_erasure() | User.objects.being_erased()
    for account_id in waiting.values_list("pk", flat=True):
        erase_account.apply_async((str(account_id),), retry=False, expires=SWEEP_EXPIRES)


@shared_task
def remind() -> None:
    """Remind everybody whose cooling-off has a day left."""
    services.send_reminders()


@shared_task
def sweep_orphan_keys() -> None:
    """Destroy data keys that belong to nobody."""
    services.sweep_orphan_keys()


@shared_task
def sweep_unverified() -> None:
    """Remove sign-ups that were never confirmed."""
    services.sweep_unverified()
