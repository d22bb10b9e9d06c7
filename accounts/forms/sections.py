"""The protected fields that an operator asks for at registration (`REQUIRED_AT_SIGN_UP`): parts of the sign-up form."""

from typing import Any

from django.conf import settings
from django.http import QueryDict

from accounts.forms.correction import CorrectionForm
from accounts.forms.profile import FORMS
from accounts.models import Profile

# In this order: a later one builds on an earlier one.
ASKABLE = ("real_name", "id_number", "home_address", "mailing_address", "postal_code")


def make_sections(data: QueryDict | None) -> list[CorrectionForm]:
    """Make the parts, each with the rules that it has on the pages of the account."""
    profile = Profile()
    wanted = [name for name in ASKABLE if name in settings.REQUIRED_AT_SIGN_UP]
    return [_make_section(name, data, profile) for name in wanted]


def _make_section(name: str, data: QueryDict | None, profile: Profile) -> CorrectionForm:
    section = FORMS[name](None if data is None else _part(data, f"{name}-"), profile=profile)
    section.prefix = name
    if section.is_bound and section.is_valid():
        for field, value in section.changes().items():
            setattr(profile, field, value)
    return section


def _part(data: QueryDict, prefix: str) -> dict[str, Any]:
    """Give one part's input by its names on the page, which the fields go by, and by its own, which the form does."""
    own = {name: value for name, value in data.items() if name.startswith(prefix)}
    return own | {name.removeprefix(prefix): value for name, value in own.items()}
