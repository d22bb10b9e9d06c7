"""Write a notice in the transaction of the change that it tells of."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from audit import services as audit
from audit.details import Detail, Details, checked
from audit.events import Event
from notices import post
from notices.hurry import broker
from notices.kinds import Kind
from notices.models import Notice


@transaction.atomic
def send(
    kind: Kind,
    *,
    to: AbstractBaseUser,
    about: models.Model | None = None,
    email_to: str = "",
    once: str = "",
    **details: Detail | date,
) -> Notice:
    """Tell a person something: write it in the caller's transaction, and have it e-mailed after the commit.

    `email_to` sends the mail to that address and leaves it out of the inbox; it is kept sealed, until delivered.
    `once` makes a second call with the same kind, person and key give back the first notice.
    Details are codes; a date (`…_on`) or a time (`…_at`) may be given as such.

    Raises:
        PersonalDataInDetails: a detail isn't a code.
    """
    values = {
        "to_id": to.pk,
        "kind": Kind(kind),
        "about_type": about._meta.label_lower if about else "",
        "about_id": str(about.pk) if about else "",
        "details": checked(_codes(details)),
        "one_off": bool(email_to),
        "address": post.seal_address(email_to) if email_to else "",
    }
    notice, made = _write(values, f"{Kind(kind)}:{to.pk}:{once}" if once else None)
    if made:
        audit.record(Event.NOTICE_SENT, actor="system:notices", subject=to, target=notice, kind=notice.kind)
        transaction.on_commit(partial(broker.hurry, notice.pk), robust=True)
    return notice


def _write(values: dict[str, Any], once: str | None) -> tuple[Notice, bool]:
    if once is None:
        return Notice.objects.create(**values), True
    return Notice.objects.get_or_create(once=once, defaults=values)


def _codes(details: dict[str, Detail | date]) -> Details:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in details.items()}
