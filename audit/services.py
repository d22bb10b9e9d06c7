"""The only way into the audit log."""

import re
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from audit.details import Detail, checked
from audit.events import Event
from audit.exceptions import OutsideTransaction, UnknownActor
from audit.models import Entry

ANONYMOUS = "anonymous"
SYSTEM_ACTOR = re.compile(r"system:[a-z0-9_.:-]{1,90}")


def record(
    event: Event,
    *,
    actor: AbstractBaseUser | UUID | str | None,
    subject: AbstractBaseUser | UUID | None = None,
    target: models.Model | None = None,
    clause: str = "",
    **details: Detail,
) -> Entry:
    """Write down what happened, in the transaction of the change: both are kept or neither is.

    `actor` is who did it: an account, its id, `system:<task or command>`, or None for someone not signed in.
    `subject` is the account concerned, `target` the row changed, `clause` the policy's clause behind it.
    Details are codes, such as a field's name. It is a plain insert: no lock, so writers never wait for each other.

    Raises:
        OutsideTransaction: there's no transaction to be part of.
        UnknownActor: the text names neither a system actor nor an account.
        PersonalDataInDetails: a detail isn't a code.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    entry = Entry(
        event=Event(event),
        at=timezone.now(),
        actor=_name(actor),
        subject=subject.pk if isinstance(subject, AbstractBaseUser) else subject,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        clause=clause,
        details=checked(details),
    )
    entry.leaf_hash = entry.expected_leaf_hash()
    entry.save(force_insert=True)
    return entry


def _name(actor: AbstractBaseUser | UUID | str | None) -> str:
    if actor is None:
        return ANONYMOUS
    if isinstance(actor, AbstractBaseUser):
        return str(actor.pk)
    if isinstance(actor, UUID) or SYSTEM_ACTOR.fullmatch(actor):
        return str(actor)
    return _account_id(actor)


def _account_id(text: str) -> str:
    """Read the id of an account that came as text, as a task's argument does."""
    try:
        return str(UUID(text))
    except ValueError:
        raise UnknownActor from None
