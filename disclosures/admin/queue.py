"""The queue by due date, with its saved tabs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from disclosures.models import DisclosureRequest
from disclosures.models.requests import DUE_SOON, RequestQuerySet
from disclosures.states import OPEN, State

PER_PAGE = 50
TONES = {
    State.SUBMITTED: "accent",
    State.LEGAL_REVIEW: "accent",
    State.SECOND_REVIEW: "warn",
    State.APPROVED: "good",
    State.RELEASED: "good",
    State.REFUSED: "bad",
}


@dataclass(frozen=True)
class Tab:
    """A saved view of the queue."""

    name: str
    label: str | Promise
    pick: Callable[[RequestQuerySet, User], RequestQuerySet]


TABS = (
    Tab("waiting", gettext_lazy("Waiting for me"), lambda requests, person: requests.waiting_for(person)),
    Tab(
        "second", gettext_lazy("Needs second approval"), lambda requests, _: requests.filter(state=State.SECOND_REVIEW)
    ),
    Tab("soon", gettext_lazy("Due < 24 h"), lambda requests, _: requests.due_soon()),
    Tab("overdue", gettext_lazy("Overdue"), lambda requests, _: requests.overdue()),
    Tab("open", gettext_lazy("All open"), lambda requests, _: requests.open()),
    Tab("all", gettext_lazy("All"), lambda requests, _: requests.all()),
)


@dataclass(frozen=True)
class Row:
    """A request as a row of a queue; `tone` and `late` are the design system's words for colours."""

    url: str
    reference: str
    ground: str
    state: str
    tone: str
    due: str
    late: str
    age: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Give the queue's template what the address asks for: `?tab=` and `?reference=`."""
    person: User = request.user  # type: ignore[assignment] # the admin site lets nobody else in
    reference = request.GET.get("reference", "").strip().upper()
    current = "all" if reference else request.GET.get("tab", "waiting")
    tab = next((tab for tab in TABS if tab.name == current), TABS[0])
    found = tab.pick(DisclosureRequest.objects.all(), person).for_queue()
    if reference:
        found = found.filter(reference=reference)
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "title": _("Disclosure requests"),
        "tabs": tabs(person, current=tab.name),
        "tab": tab.name,
        "reference": reference,
        "page": listed,
        "rows": rows(listed),
        "can_file": person.has_perm("disclosures.file_request"),
    }


def tabs(person: User, current: str = "") -> list[dict[str, Any]]:
    """Give each saved view with how many requests it holds."""
    address = reverse("admin:disclosures_disclosurerequest_changelist")
    return [
        {
            "label": tab.label,
            "url": f"{address}?tab={tab.name}",
            "count": tab.pick(DisclosureRequest.objects.all(), person).count(),
            "current": tab.name == current,
        }
        for tab in TABS
    ]


def rows(requests: Iterable[DisclosureRequest]) -> list[Row]:
    """Put requests into rows, without a query each."""
    return [_row(request) for request in requests]


def _row(request: DisclosureRequest) -> Row:
    return Row(
        url=request.get_absolute_url(),
        reference=request.reference,
        ground=request.get_ground_display(),
        state=request.get_state_display(),
        tone=tone(request),
        due=due(request),
        late=late(request),
        age=timesince(request.created_at, depth=1),
    )


def tone(request: DisclosureRequest) -> str:
    """Give the colour of the state's pill."""
    return TONES.get(State(request.state), "")


def due(request: DisclosureRequest) -> str:
    """Say how much time is left, or over; nothing where no clock runs."""
    if request.state not in OPEN:
        return ""
    if request.due_at < timezone.now():
        return _("overdue by %(time)s") % {"time": timesince(request.due_at, depth=2)}
    return _("in %(time)s") % {"time": timeuntil(request.due_at, depth=2)}


def late(request: DisclosureRequest) -> str:
    """Give the colour of the clock."""
    left = request.due_at - timezone.now()
    if request.state not in OPEN or left > DUE_SOON:
        return ""
    return "warn" if left.total_seconds() > 0 else "bad"
