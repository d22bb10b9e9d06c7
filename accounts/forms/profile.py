"""The forms on which people correct their protected fields, besides addresses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms.address import HomeAddressForm, MailingAddressForm
from accounts.forms.correction import CorrectionForm, home_country
from accounts.models import IdType, Profile
from accounts.services import normalise_answer
from accounts.validation import trimmed, validate_id_number, validate_postal_code

OWN = "own"
QUESTIONS = {
    "teacher": _("What was the name of a teacher you remember?"),
    "street": _("In which street did you live when you were ten?"),
    "friend": _("What was the name of your first friend?"),
    "book": _("Which book did you read more than once as a child?"),
    "trip": _("Where did your first long journey go?"),
}
SHORTEST_ANSWER = 3  # characters
TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class NameForm(CorrectionForm):
    """The real name, in one field: names differ too much to be cut into parts."""

    title = _("Real name")
    opens = fields_set = ("real_name",)
    real_name = forms.CharField(label=_("Real name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))

    def clean_real_name(self) -> str:
        """Ask for letters, of any script."""
        name = trimmed(self.cleaned_data["real_name"])
        if not any(character.isalpha() for character in name):
            raise ValidationError(_("A name has letters in it."), "no_letters")
        return name


class IdNumberForm(CorrectionForm):
    """An identity document: which kind, and its number."""

    title = _("ID number")
    opens = ("id_number",)
    fields_set = ("id_type", "id_number")
    id_type = forms.ChoiceField(label=_("Kind of document"), choices=[("", "—"), *IdType.choices])
    id_number = forms.CharField(
        label=_("Number"),
        max_length=60,
        help_text=_("Spaces and dashes don't matter."),
        widget=forms.TextInput(TYPED),
    )

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, profile=profile, initial={"id_type": profile.id_type, **(initial or {})})

    def clean(self) -> dict[str, Any]:
        """Check the number against its kind, with check digits where the standard has them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("id_type") and cleaned.get("id_number"):
            try:
                cleaned["id_number"] = validate_id_number(cleaned["id_type"], cleaned["id_number"])
            except ValidationError as error:
                self.add_error("id_number", error)
        return cleaned


class PostalCodeForm(CorrectionForm):
    """The postal code of the home address; the country is asked for where there is no home address."""

    title = _("Postal code")
    opens = fields_set = ("postal_code",)
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select({"autocomplete": "country"}))
    postal_code = forms.CharField(
        label=_("Postal code"), max_length=20, widget=forms.TextInput({"autocomplete": "postal-code"})
    )

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, profile=profile, initial=initial)
        self.home_country = home_country(profile)
        if self.home_country:
            del self.fields["country"]
            where = _("In the country of your home address: %(country)s.")
            self.fields["postal_code"].help_text = where % {"country": countries.name(self.home_country)}
        else:
            self.fields["country"].choices = [("", "—"), *countries]  # type: ignore[attr-defined] # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Check the code against the country's form."""
        cleaned: dict[str, Any] = super().clean() or {}
        country = self.home_country or cleaned.get("country")
        if country and cleaned.get("postal_code"):
            try:
                cleaned["postal_code"] = validate_postal_code(country, cleaned["postal_code"])
            except ValidationError as error:
                self.add_error("postal_code", error)
        return cleaned


class RecoveryForm(CorrectionForm):
    """A password-protection question from the list or of one's own, and its answer, which is never shown again."""

    title = _("Password-protection question and answer")
    opens = ("recovery_question",)
    fields_set = ("recovery_question", "recovery_answer")
    choice = forms.ChoiceField(
        label=_("Question"), widget=forms.RadioSelect, choices=[*QUESTIONS.items(), (OWN, _("A question of my own"))]
    )
    own_question = forms.CharField(
        label=_("My own question"), max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    recovery_answer = forms.CharField(
        label=_("Answer"),
        max_length=200,
        help_text=_("Upper and lower case and extra spaces don't matter. Only a hash of it is kept."),
        widget=forms.TextInput(TYPED),
    )

    def __init__(self, data: Any = None, *, profile: Profile, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, profile=profile, initial=_as_chosen((initial or {}).get("recovery_question") or ""))

    def clean(self) -> dict[str, Any]:
        """Give the question's own words, and refuse an answer that gives itself away."""
        cleaned: dict[str, Any] = super().clean() or {}
        own = trimmed(cleaned.get("own_question", ""))
        if cleaned.get("choice") == OWN and not own:
            self.add_error("own_question", _("Please write your question, or choose one from the list."))
        question = cleaned["recovery_question"] = str(QUESTIONS.get(cleaned.get("choice", ""), own))
        answer = normalise_answer(cleaned.get("recovery_answer", ""))
        if answer and (len(answer) < SHORTEST_ANSWER or answer in normalise_answer(question)):
            self.add_error("recovery_answer", _("This answer is too easy to guess. Please give a longer one."))
        return cleaned


def _as_chosen(question: str) -> dict[str, str]:
    for name, words in QUESTIONS.items():
        if question == str(words):
            return {"choice": name}
    return {"choice": OWN, "own_question": question} if question else {}


FORMS: dict[str, type[CorrectionForm]] = {
    "real_name": NameForm,
    "id_number": IdNumberForm,
    "home_address": HomeAddressForm,
    "mailing_address": MailingAddressForm,
    "postal_code": PostalCodeForm,
    "recovery_question": RecoveryForm,
}
