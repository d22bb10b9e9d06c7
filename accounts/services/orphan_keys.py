"""Destroy data keys that belong to nobody."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.exceptions import TooManyOrphans
from accounts.models import State, User
from audit import services as audit
from audit.events import Event
from vault import keys
from vault.models import DataKey

SWEEPER = "system:sweep_orphan_keys"
GRACE = timedelta(hours=1)  # a sign-up makes the key first; its account appears when the sign-up commits
BATCH = 1000
ALWAYS_ALLOWED = 50  # keys; above that, at most a tenth of all


def sweep_orphan_keys() -> int:
    """Destroy keys older than an hour whose account was never made, or is erased; tell how many.

    Keys and accounts are in two databases, so ids are compared, a thousand at a time.

    Raises:
        TooManyOrphans: more than 50 keys and a tenth of all have no account. Nothing was destroyed: one database was
            probably restored or named wrongly, and without its keys everybody's data would be lost.
    """
    orphans = [account_id for batch in _batches() for account_id in _without_account(batch)]
    if len(orphans) > max(ALWAYS_ALLOWED, DataKey.objects.count() // 10):
        raise TooManyOrphans(f"{len(orphans)} data keys have no account")
    for account_id in orphans:
        _destroy(account_id)
    return len(orphans)


def _batches() -> Iterator[list[UUID]]:
    old = DataKey.objects.filter(created_at__lt=timezone.now() - GRACE).order_by("pk")
    last = ""
    while rows := list(old.filter(pk__gt=last).values_list("pk", "account_id")[:BATCH]):
        yield [account_id for _, account_id in rows]
        last = rows[-1][0]


def _without_account(account_ids: list[UUID]) -> set[UUID]:
    living = User.objects.filter(pk__in=account_ids).exclude(state=State.ERASED)
    return set(account_ids) - set(living.values_list("pk", flat=True))


@transaction.atomic
def _destroy(account_id: UUID) -> None:
    audit.record(Event.KEY_SWEPT, actor=SWEEPER, subject=account_id)
    keys.destroy_data_key(account_id)
