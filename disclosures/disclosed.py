"""Disclosures about a person, said so that the person understands them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from disclosures.models import Package
from disclosures.scope import DisclosableField
from vault.exceptions import SealError


@dataclass(frozen=True)
class Disclosure:
    """One disclosure about one person."""

    reference: str
    ground: str
    fields: str
    recipient: str
    at: datetime


def disclosed_about(account_id: UUID) -> "QuerySet[Package]":
    """Find every release that concerned an account, the newest first."""
    about = Package.objects.filter(request__subjects__account=account_id, fields__has_key=str(account_id))
    return about.select_related("request")


def tell(package: Package, account_id: UUID) -> Disclosure:
    """Put a release into words for one of the people it concerned."""
    request = package.request
    names = [str(DisclosableField(field).label) for field in package.fields[str(account_id)]]
    return Disclosure(
        reference=request.reference,
        ground=request.get_ground_display(),
        fields=get_text_list(names, _("and")),
        recipient=_recipient(package),
        at=package.at,
    )


def _recipient(package: Package) -> str:
    try:
        return str(package.request.organisation)
    except SealError:
        return _("can't be shown: the text was changed in the database")
