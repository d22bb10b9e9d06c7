"""Open protected fields, each with its entry in the audit log (clause 1.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.exceptions import NeverOpened
from accounts.models import Profile, User
from audit import services as audit
from audit.events import Event
from vault.exceptions import SealError

OPENABLE = (
    "real_name",
    "id_number",
    "home_address",
    "mailing_address",
    "postal_code",
    "email",
    "recovery_question",
    "date_of_birth",
)


@dataclass(frozen=True)
class Opened:
    """An opened field; `trouble` names the error where the stored value can't be opened, and is empty otherwise."""

    field: str
    value: Any = None
    trouble: str = ""


@transaction.atomic
def open_fields(
    *, user: User, fields: Iterable[str], actor: User | str, target: models.Model | None = None, clause: str = ""
) -> dict[str, Opened]:
    """Open fields of an account for its owner or, with the reason as `target` and `clause`, for somebody else.

    A value whose seal is broken is reported for that field alone; the others open.

    Raises:
        NeverOpened: a field is the password, the answer, or no protected field.
    """
    names = list(fields)
    if never := set(names) - set(OPENABLE):
        raise NeverOpened(", ".join(sorted(never)))
    profile = Profile.objects.filter(pk=user.pk).first() or Profile(user=user)
    event = Event.PROFILE_OPENED if actor == user else Event.FIELD_OPENED
    opened = {name: _open(user if name == "email" else profile, name) for name in names}
    for result in opened.values():
        _record(event, result, actor=actor, subject=user, target=target, clause=clause)
    return opened


def _open(row: models.Model, name: str) -> Opened:
    try:
        return Opened(name, getattr(row, name))
    except SealError as error:
        return Opened(name, trouble=type(error).__name__)


def _record(event: Event, opened: Opened, **about: Any) -> None:
    if opened.trouble:
        audit.record(Event.VALUE_BROKEN, field=opened.field, error=opened.trouble, **about)
    elif opened.value not in (None, ""):
        audit.record(event, field=opened.field, **about)
