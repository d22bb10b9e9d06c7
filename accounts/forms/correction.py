"""What every form that corrects a protected field has."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import Promise

from accounts.models import Profile
from vault.exceptions import SealError


class CorrectionForm(forms.Form):
    """Corrects one protected field; `opens` names what it shows as it is now, `fields_set` what it writes.

    `initial` holds the present values by field name.
    """

    title: ClassVar[str | Promise]
    opens: ClassVar[tuple[str, ...]]
    fields_set: ClassVar[tuple[str, ...]]

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.profile = profile

    @property
    def removable(self) -> bool:
        """Tell whether the field may be left empty."""
        return not set(self.fields_set) & set(settings.REQUIRED_AT_SIGN_UP)

    @property
    def can_be_saved(self) -> bool:
        """Tell whether everything that the field asks for is on the page."""
        return True

    @property
    def has_value(self) -> bool:
        """Tell whether the form shows a present value."""
        return any(self.initial.values())

    def changes(self) -> dict[str, Any]:
        """Give what `correct_profile` takes."""
        return {name: self.cleaned_data[name] for name in self.fields_set}

    def removal(self) -> dict[str, Any]:
        """Give what `correct_profile` takes to empty the field."""
        return {name: getattr(Profile(), name) for name in self.fields_set}


def home_country(profile: Profile) -> str:
    """Give the country of the home address, which decides the form of a postal code; empty if there is none to read."""
    try:
        return str((profile.home_address or {}).get("country_code", ""))
    except SealError:
        return ""
