"""The seven grounds of clause 1.3, and what each asks for."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disclosures.scope import DisclosableField


class Ground(TextChoices):
    """Why a protected field may be disclosed. There is no eighth reason (clause 1.3)."""

    CONSENT = "consent", _("The user allows it")
    STATUTE = "statute", _("A law or regulation requires it")
    LEGAL_PROCESS = "legal_process", _("A court or authority requires it by legal procedure")
    PROPERTY_RIGHTS = "property_rights", _("To protect the platform's property rights")
    EMERGENCY = "emergency", _("To protect someone's safety in an emergency")
    NATIONAL_SECURITY = "national_security", _("A danger to national security is suspected")
    PARTNER = "partner", _("A partner with the same responsibility for privacy")


@dataclass(frozen=True)
class Rules:
    """What a ground asks for.

    `basis` says what its legal basis must name. `permitted` are the fields that can be asked for. `limit` replaces the
    ten working days where it is set. `missing_safeguard` says why nothing can be released on it yet, or is empty.
    """

    clause: str
    basis: str | Promise
    permitted: frozenset[DisclosableField] = frozenset(DisclosableField)
    limit: timedelta | None = None
    missing_safeguard: str | Promise = ""


EMERGENCY_FIELDS = frozenset(
    {
        DisclosableField.REAL_NAME,
        DisclosableField.HOME_ADDRESS,
        DisclosableField.MAILING_ADDRESS,
        DisclosableField.EMAIL,
    }
)

RULES: dict[Ground, Rules] = {
    Ground.CONSENT: Rules(
        "1.3.1",
        _("What the user was asked, when, and for which recipient"),
        missing_safeguard=_("The user's consent can't be asked for here yet."),
    ),
    Ground.STATUTE: Rules("1.3.2", _("The provision: law, article, jurisdiction")),
    Ground.LEGAL_PROCESS: Rules(
        "1.3.3", _("Authority, case number, the document, and how its authenticity was checked")
    ),
    Ground.PROPERTY_RIGHTS: Rules(
        "1.3.4",
        _("The right concerned, and why nothing milder protects it"),
        missing_safeguard=_("The user must be told before the release, and that waiting time can't be kept here yet."),
    ),
    Ground.EMERGENCY: Rules(
        "1.3.5",
        _("Who is in danger of what, and why it can't wait"),
        permitted=EMERGENCY_FIELDS,
        limit=timedelta(hours=8),
    ),
    Ground.NATIONAL_SECURITY: Rules(
        "1.3.6", _("The reasons for the suspicion, and the public security organ informed")
    ),
    Ground.PARTNER: Rules(
        "1.3.7",
        _("The contract, its term, and the clause on the same responsibility"),
        missing_safeguard=_("The partner's contract can't be checked here yet."),
    ),
}
