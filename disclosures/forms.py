"""The shape of what staff type. A form's `arguments()` are those of the service behind it."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from disclosures.grounds import RULES, Ground
from disclosures.models import DisclosureRequest, ScopeItem
from disclosures.scope import DisclosableField
from vault.exceptions import SealError

NOTE = forms.Textarea(attrs={"rows": 4})


class StepForm(forms.Form):
    """A step without anything to fill in: the button is the confirmation."""

    def __init__(self, *args: Any, disclosure: DisclosureRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if disclosure:
            self.fit(disclosure)

    def fit(self, disclosure: DisclosureRequest) -> None:
        """Fit choices and initial values to the request."""

    def arguments(self) -> dict[str, Any]:
        """Give the service's arguments."""
        return self.cleaned_data


def basis_help() -> SafeString:
    """Say, ground by ground, what the legal basis must name."""
    lines = ((ground.label, RULES[ground].basis) for ground in Ground)
    return format_html("<ul>{}</ul>", format_html_join("", "<li><strong>{}</strong>: {}</li>", lines))


class RequestForm(StepForm):
    """The facts of a request."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(label=_("Requesting organisation"), max_length=300)
    contact = forms.CharField(
        label=_("Official's contact"), max_length=500, help_text=_("Name, office, telephone. Kept sealed.")
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=5000, widget=NOTE)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=5000, widget=NOTE, help_text=_("What the fields are needed for. Kept sealed.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_basis"].help_text = basis_help()

    def fit(self, disclosure: DisclosureRequest) -> None:
        """Start from what the draft says now; a text whose seal is broken starts empty, and its label says why."""
        for name, field in self.fields.items():
            try:
                self.initial[name] = getattr(disclosure, name)
            except SealError:
                self.initial[name] = ""
                field.label = _("%(label)s (the text before was changed in the database and can't be opened)") % {
                    "label": field.label
                }


class SubjectForm(StepForm):
    """One account, by exact data, and the fields asked for."""

    identifier = forms.CharField(
        label=_("E-mail address, ID number or account id"),
        max_length=254,
        help_text=_("It must match exactly. Nothing of the account is shown; every search is on record."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    fields_asked = forms.MultipleChoiceField(label=_("Fields asked for"), widget=forms.CheckboxSelectMultiple)

    def fit(self, disclosure: DisclosureRequest) -> None:
        """Offer the fields that the ground permits."""
        permitted = disclosure.rules.permitted
        self.fields["fields_asked"].choices = [(f.value, f.label) for f in DisclosableField if f in permitted]  # type: ignore[attr-defined] # a choice field

    def arguments(self) -> dict[str, Any]:
        """Give the service's arguments."""
        return {"identifier": self.cleaned_data["identifier"], "fields": self.cleaned_data["fields_asked"]}


class RemovalForm(StepForm):
    """One of the accounts in a draft."""

    subject_id = forms.TypedChoiceField(label=_("Account"), coerce=int, widget=forms.RadioSelect)

    def fit(self, disclosure: DisclosureRequest) -> None:
        """Offer the accounts by their pseudonyms."""
        choices = [(subject.pk, str(subject)) for subject in disclosure.subjects.all()]
        self.fields["subject_id"].choices = choices  # type: ignore[attr-defined] # a choice field


class ReasonForm(StepForm):
    """A reason, owed."""

    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=NOTE, help_text=_("Kept sealed."))


class ReviewForm(StepForm):
    """What is granted, and why."""

    granted = forms.TypedMultipleChoiceField(
        label=_("Fields to grant"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick only what the purpose needs. What is withheld once stays withheld."),
    )
    rationale = forms.CharField(
        label=_("Rationale"),
        max_length=5000,
        widget=NOTE,
        help_text=_("Why the ground applies, and why each ticked field is necessary. Kept sealed."),
    )

    def fit(self, disclosure: DisclosureRequest) -> None:
        """Offer what is granted so far; no box is ticked, so that each grant is deliberate."""
        items = ScopeItem.objects.filter(subject__request=disclosure, granted=True).select_related("subject")
        groups: dict[str, list[tuple[int, str | Promise]]] = {}
        for item in items:
            groups.setdefault(str(item.subject), []).append((item.pk, DisclosableField(item.field).label))
        self.fields["granted"].choices = list(groups.items())  # type: ignore[attr-defined] # a choice field


class ReleaseForm(StepForm):
    """The confirmation of a release."""

    confirmed = forms.BooleanField(
        label=_("I hand this file to the requester and nobody else. I know that it can be fetched only this once."),
    )

    def arguments(self) -> dict[str, Any]:
        """Give the service's arguments: none."""
        return {}
