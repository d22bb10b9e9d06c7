"""The page of one request: where it stands, what is missing, facts, scope, and its timeline from the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.models import Entry
from disclosures.admin import material, queue, steps
from disclosures.models import DisclosureRequest, Subject
from disclosures.scope import DisclosableField
from disclosures.states import PATH, State

MISSING: dict[State, str | Promise] = {
    State.SUBMITTED: gettext_lazy("A legal reviewer must take it up."),
    State.LEGAL_REVIEW: gettext_lazy("The first approval, by a legal reviewer who is neither author nor concerned."),
    State.SECOND_REVIEW: gettext_lazy(
        "The second approval, by somebody other than author, first approver and concerned."
    ),
    State.APPROVED: gettext_lazy("Intake must hand out the granted fields."),
    State.RELEASED: gettext_lazy("Handed out. Now close it."),
}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    what: str
    who: str
    at: datetime
    more: str


def context(request: HttpRequest, disclosure: DisclosureRequest) -> dict[str, Any]:
    """Give the page's template what it shows. No protected value is opened here."""
    person: User = request.user  # type: ignore[assignment] # the admin site lets nobody else in
    subjects = list(disclosure.subjects.prefetch_related("scope"))
    return material.context(disclosure) | {
        "title": disclosure.reference,
        "tone": queue.tone(disclosure),
        "due": queue.due(disclosure),
        "late": queue.late(disclosure),
        "stepper": stepper(disclosure),
        "missing": missing(disclosure, subjects),
        "steps": steps.open_steps(person, disclosure),
        "subjects": subjects,
        "timeline": timeline(disclosure),
    }


def stepper(disclosure: DisclosureRequest) -> list[dict[str, Any]]:
    """Give the states of a request's path, each with whether it is done or now; an early end closes the path."""
    ends = [State(disclosure.state)] if disclosure.state not in PATH else []
    path = [*_reached(disclosure), *ends] if ends else list(PATH)
    now = path.index(State(disclosure.state))
    return [
        {"label": state.label, "done": position < now, "now": position == now} for position, state in enumerate(path)
    ]


def _reached(disclosure: DisclosureRequest) -> list[State]:
    """Give the states that a refused or withdrawn request certainly went through."""
    return [State.DRAFT, State.SUBMITTED] if disclosure.submitted_at else [State.DRAFT]


def missing(disclosure: DisclosureRequest, subjects: list[Subject]) -> list[str | Promise]:
    """Say what the next step still needs."""
    found: list[str | Promise] = []
    if disclosure.state == State.DRAFT:
        found.append(_("The author must submit it.") if subjects else _("Name at least one account."))
    elif disclosure.state in MISSING:
        found.append(MISSING[State(disclosure.state)])
    if disclosure.rules.missing_safeguard and disclosure.state in PATH[:5]:
        found.append(disclosure.rules.missing_safeguard)
        found.append(_("So nothing can be released on this ground for now."))
    return found


def timeline(disclosure: DisclosureRequest) -> list[Moment]:
    """Tell what happened, from the audit log, the oldest first."""
    entries = Entry.objects.filter(target_type=disclosure._meta.label_lower, target_id=str(disclosure.pk)).order_by(
        "pk"
    )
    actors = _actors(entries)
    return [Moment(entry.get_event_display(), actors[entry.actor], entry.at, _more(entry)) for entry in entries]


def _actors(entries: Any) -> dict[str, str]:
    """Name the actors by pseudonym and department, in one query."""
    names = {entry.actor for entry in entries}
    ids = [UUID(name) for name in names if not name.startswith("system:")]
    found = {str(user.pk): who(user) for user in User.objects.filter(pk__in=ids)}
    return {name: found.get(name, _("an automatic task")) for name in names}


def who(user: User) -> str:
    """Name a member of staff by pseudonym and department."""
    return f"{user}, {user.department}" if user.department else str(user)


def _more(entry: Entry) -> str:
    fields = entry.details.get("fields") or entry.details.get("withheld") or []
    fields = [entry.details["field"]] if "field" in entry.details else fields
    names = get_text_list([str(DisclosableField(field).label) for field in fields], _("and"))
    return _("withheld: %(fields)s") % {"fields": names} if entry.details.get("withheld") else names
