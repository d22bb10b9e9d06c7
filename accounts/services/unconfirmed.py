"""Sign-ups whose e-mail address nobody has confirmed. They hold the address only until somebody does better.

Anybody can type anybody's address, so an unconfirmed sign-up gives way to the next sign-up for its address and to
whoever confirms the address for another account; after three days it is removed anyway.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from audit import services as audit
from audit.events import Event
from notices import services as notices
from vault import keys
from vault.blind_index import normalise
from vault.exceptions import SealError
from vault.locks import lock_value

KEPT = timedelta(days=3)
ADDRESS = "e-mail address"  # what the lock is for


def lock_address(email: str) -> None:
    """Let nobody else take or give up this address before the transaction ends."""
    lock_value(normalise(email), ADDRESS)


def unconfirmed() -> QuerySet[User]:
    """Find accounts that came by sign-up, never confirmed an address and never signed in."""
    addresses = EmailAddress.objects.filter(user_id=OuterRef("pk"))
    users: QuerySet[User] = User.objects.filter(last_login=None, is_staff=False)
    return users.filter(Exists(addresses), ~Exists(addresses.filter(verified=True)))


@transaction.atomic
def remove_unconfirmed(*, user_id: UUID, reason: str) -> bool:
    """Remove an unconfirmed account and all that it holds, and destroy its data key; tell whether there was one.

    Its acceptance and its audit entries stay, under an id that leads to nobody. The caller holds the address's lock.
    """
    user = unconfirmed().select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        return False
    notices.erase_notices(user=user)
    user.delete()
    audit.record(Event.ACCOUNT_EXPIRED, actor="system:accounts", subject=user_id, reason=reason)
    # The sweep of orphaned keys does it where this process dies before.
    transaction.on_commit(partial(keys.destroy_data_key, user_id))
    return True


def free_address(*, email: str, owner: User) -> None:
    """Take an address from every unconfirmed account but its owner's, who has just proven that they receive mail there.

    It is called in the transaction that confirms the address.
    """
    lock_address(email)
    for user_id in unconfirmed().filter(email=email).exclude(pk=owner.pk).values_list("pk", flat=True):
        remove_unconfirmed(user_id=user_id, reason="confirmed_by_another")


def sweep_unverified() -> int:
    """Remove the sign-ups that nobody has confirmed within three days; tell how many there were."""
    late = unconfirmed().filter(joined_at__lt=timezone.now() - KEPT)
    return sum(_expire(user) for user in late.iterator())


@transaction.atomic
def _expire(user: User) -> bool:
    try:
        lock_address(user.email)
    except SealError as error:  # it goes all the same: an address that can't be opened can't be confirmed meanwhile
        error_name = type(error).__name__
        audit.record(Event.VALUE_BROKEN, actor="system:accounts", subject=user, field="email", error=error_name)
    return remove_unconfirmed(user_id=user.pk, reason="never_confirmed")
