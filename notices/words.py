"""The words of a notice: one template per kind, read in the inbox and sent by e-mail."""

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template import loader
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices.models import Notice

FIELDS = {
    "real_name": _("real name"),
    "id_type": _("kind of identity document"),
    "id_number": _("ID number"),
    "home_address": _("home address"),
    "mailing_address": _("mailing address"),
    "postal_code": _("postal code"),
    "email": _("e-mail address"),
    "password": _("password"),
    "recovery_question": _("password-protection question"),
    "recovery_answer": _("answer to the password-protection question"),
    "date_of_birth": _("date of birth"),
}


@dataclass(frozen=True)
class Words:
    """What a notice says, in one language: plain text, not escaped. `path` is where to go on this site, or empty."""

    title: str
    paragraphs: list[str]
    path: str
    link: str


def render(notice: Notice) -> Words:
    """Say a notice in the active language.

    Its template gives a first line, the title; a second line, a path and the words of the link; then paragraphs.
    """
    text = loader.render_to_string(f"notices/kinds/{notice.kind}.txt", _context(notice))
    title, target, body = text.split("\n", 2)
    path, _space, link = target.strip().partition(" ")
    paragraphs = [" ".join(paragraph.split()) for paragraph in body.split("\n\n")]
    return Words(title=title.strip(), paragraphs=[p for p in paragraphs if p], path=path, link=link)


def _context(notice: Notice) -> dict[str, Any]:
    details = {name: _readable(name, value) for name, value in notice.details.items()}
    operator = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return details | {"notice": notice, "about_id": notice.about_id, "operator": operator}


def _readable(name: str, value: Any) -> Any:
    """Turn a code into what a person reads, by the name of the detail: a date, a time, a field or several."""
    if name.endswith("_on"):
        return date.fromisoformat(value)
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name == "field":
        return FIELDS.get(value, value)
    if name == "fields":
        return get_text_list([str(FIELDS.get(field, field)) for field in value], gettext("and"))
    return value
