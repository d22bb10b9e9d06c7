"""What a decision rests on: the facts of a request, and the approvals given so far with their rationale."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.models import Approval, DisclosureRequest
from vault.exceptions import SealError

FACTS = {
    "organisation": gettext_lazy("Requester"),
    "contact": gettext_lazy("Contact"),
    "legal_basis": gettext_lazy("Legal basis"),
    "purpose": gettext_lazy("Purpose"),
    "reason": gettext_lazy("Reason of the end"),
}


def context(disclosure: DisclosureRequest) -> dict[str, Any]:
    """Give a template the cards of facts and approvals. No protected value is opened here."""
    approvals = disclosure.approvals.select_related("reviewer")
    return {
        "disclosure": disclosure,
        "facts": facts(disclosure),
        "approvals": [(approval, readable(approval, "rationale")) for approval in approvals],
    }


def facts(disclosure: DisclosureRequest) -> list[tuple[str | Promise, str]]:
    """Give the facts with their labels; a fact whose seal is broken says so and spoils no other."""
    read = {name: readable(disclosure, name) for name in FACTS}
    return [(FACTS[name], text) for name, text in read.items() if text]


def readable(row: Approval | DisclosureRequest, name: str) -> str:
    """Open a row's sealed text, or say that it can't be."""
    try:
        return str(getattr(row, name))
    except SealError:
        return _("This text was changed or moved in the database and can't be opened.")
