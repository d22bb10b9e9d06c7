"""What waits for a person, on the first page of the admin site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from disclosures.admin.queue import rows, tabs
from disclosures.models import DisclosureRequest

SHOWN = 10
Index = Callable[..., HttpResponse]


def with_work(index: Index) -> Index:
    """Give the admin site's first page the queue of whoever looks at it."""

    def index_with_work(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return index(request, extra_context=(extra_context or {}) | work(request.user))  # type: ignore[arg-type] # staff

    return index_with_work


def work(person: User) -> dict[str, Any]:
    """Give the figures, tabs and rows of the desk; nothing to who may not see disclosures."""
    if not person.has_perm("disclosures.view_disclosurerequest"):
        return {}
    requests = DisclosureRequest.objects.all()
    waiting, overdue = requests.waiting_for(person), requests.overdue().count()
    figures = [
        {"label": _("Waiting for me"), "value": waiting.count(), "tone": ""},
        {"label": _("Open requests"), "value": requests.open().count(), "tone": ""},
        {"label": _("Due < 24 h"), "value": (soon := requests.due_soon().count()), "tone": "warn" if soon else ""},
        {"label": _("Overdue"), "value": overdue, "tone": "bad" if overdue else ""},
    ]
    return {"figures": figures, "tabs": tabs(person, current="waiting"), "work": rows(waiting.for_queue()[:SHOWN])}
