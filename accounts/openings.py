"""Who has opened a person's protected fields, said so that the person understands it (clause 1.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.events import Event
from audit.models import Entry
from notices.words import FIELDS

OPENINGS = [Event.PROFILE_OPENED, Event.FIELD_OPENED]
TOGETHER = timedelta(seconds=2)  # between two fields opened in one go
# Why a disclosure was allowed, by the clause of its entry: people know the reasons, not the policy's numbers.
GROUNDS = {
    "1.3.1": gettext_lazy("you allowed it"),
    "1.3.2": gettext_lazy("a law or regulation requires it"),
    "1.3.3": gettext_lazy("a court or authority requires it by legal procedure"),
    "1.3.4": gettext_lazy("to protect the platform's property rights"),
    "1.3.5": gettext_lazy("to protect someone's safety in an emergency"),
    "1.3.6": gettext_lazy("a danger to national security is suspected"),
    "1.3.7": gettext_lazy("a partner takes the same responsibility for your privacy"),
}


@dataclass(frozen=True)
class Opening:
    """One occasion on which fields were opened: who it was, which fields, why, and when."""

    by_owner: bool
    who: str
    fields: str
    why: str
    at: datetime


def openings_of(user: User) -> QuerySet[Entry]:
    """Find every entry about a field of the account that was opened, the newest first."""
    return Entry.objects.about(user).filter(event__in=OPENINGS)


def last_openings(user: User) -> dict[str, Opening]:
    """Give, for each field, the last time it was opened by anybody."""
    newest = openings_of(user).order_by().values("details__field").annotate(newest=Max("id"))
    entries = Entry.objects.filter(pk__in=[row["newest"] for row in newest])
    return {_field(entry): _tell(user, [entry]) for entry in entries}


def tell_openings(user: User, entries: Iterable[Entry]) -> list[Opening]:
    """Put entries into words; fields that were opened together are told together."""
    occasions: list[list[Entry]] = []
    for entry in entries:
        if occasions and _is_same_occasion(occasions[-1][-1], entry):
            occasions[-1].append(entry)
        else:
            occasions.append([entry])
    return [_tell(user, occasion[::-1]) for occasion in occasions]


def _field(entry: Entry) -> str:
    return str(entry.details.get("field", ""))


def _is_same_occasion(one: Entry, other: Entry) -> bool:
    together = abs(one.at - other.at) <= TOGETHER
    return together and one.actor == other.actor and one.details.get("reference") == other.details.get("reference")


def _tell(user: User, entries: list[Entry]) -> Opening:
    first = entries[0]
    fields = dict.fromkeys(str(FIELDS.get(_field(entry), _field(entry))) for entry in entries)
    return Opening(
        by_owner=first.actor == str(user.pk),
        who=_who(user, first),
        fields=get_text_list(list(fields), _("and")),
        why=_why(first),
        at=first.at,
    )


def _who(user: User, entry: Entry) -> str:
    if entry.actor == str(user.pk):
        return _("you")
    if entry.actor.startswith("system:"):
        return _("an automatic task")
    return _("a member of staff (account %(id)s)") % {"id": entry.actor[:8]}


def _why(entry: Entry) -> str:
    reference = entry.details.get("reference", "")
    if not reference:
        return ""
    if entry.clause not in GROUNDS:
        return _("for disclosure %(reference)s") % {"reference": reference}
    return _("for disclosure %(reference)s (%(ground)s)") % {"reference": reference, "ground": GROUNDS[entry.clause]}
