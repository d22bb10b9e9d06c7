"""The sign-up form: who, and agreement to the very text that stands above the box (clause P2)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal import flows
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.age import age_on
from accounts.exceptions import AddressTaken
from accounts.forms.correction import CorrectionForm
from accounts.forms.email import EmailField
from accounts.forms.sections import make_sections
from accounts.models import User
from accounts.services.register import AGREEMENT, register_account
from agreements import statements
from agreements.evidence import network_prefix, user_agent_sha256
from agreements.exceptions import StatementRefused
from agreements.models import Text
from agreements.services import text_in_force

OLDEST = 150  # years
LONGEST_TITLE = 150  # characters; the label is kept with the acceptance, which has room for 200


def control_label(text: Text) -> str:
    """Give the words beside the box that binds to the text."""
    return gettext("I have read and agree to “%(title)s”, version %(number)d") % {
        "title": Truncator(text.title).chars(LONGEST_TITLE),
        "number": text.version_number,
    }


class DateOfBirthField(forms.DateField):
    """A date on which somebody alive can have been born, in ISO form as the browsers' date control sends it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "date", "autocomplete": "bday"}
        errors = {"invalid": _("Please give the date as year-month-day, such as 1990-05-17.")}
        widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, error_messages=errors, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse a day to come, and one that nobody alive was born on."""
        super().validate(value)
        today = timezone.localdate()
        if value and value > today:
            raise ValidationError(_("This day is still to come."), "future")
        if value and age_on(value, today) > OLDEST:
            raise ValidationError(_("This is more than 150 years ago. Please look at the year again."), "too_old")


class SignupForm(AllauthSignupForm):  # type: ignore[misc] # allauth has no types
    """Sign-up on allauth's page.

    `agreement_text` is the text that the page shows; the hidden `statement` says which one that was, signed.
    `sections` are the forms of the protected fields that the operator asks for.
    """

    email = EmailField()
    date_of_birth = DateOfBirthField(
        label=_("Date of birth"), help_text=_("People under 18 are protected by more rules.")
    )
    statement = forms.CharField(required=False, widget=forms.HiddenInput)
    agree = forms.BooleanField(
        error_messages={"required": _("We can only make your account if you agree. Please tick the box.")}
    )
    field_order = ("email", "password1", "date_of_birth")

    agreement_text: Text
    data: QueryDict
    sections: list[CorrectionForm]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EmailField().label  # allauth has put its own
        self.sections = make_sections(self.data if self.is_bound else None)
        self.show(text_in_force(AGREEMENT, get_language() or ""))

    def show(self, text: Text) -> None:
        """Put a text before the person, with a box whose label names it and a statement that it was shown."""
        self.agreement_text = text
        self.fields["statement"].initial = statements.make(text)
        self.fields["agree"].label = control_label(text)

    def clean(self) -> dict[str, Any]:
        """Check the sections, and that the text that was shown is still in force."""
        cleaned: dict[str, Any] = super().clean()
        for section in self.sections:
            if not section.is_valid():
                self.add_error(None, _("Please look at “%(title)s” again.") % {"title": section.title})
        try:
            self.show(statements.read(cleaned.get("statement", "")))
        except StatementRefused as refusal:
            self.refuse(refusal)
        return cleaned

    def refuse(self, refusal: StatementRefused) -> None:
        """Show the text in force anew and say why, with the box unticked and everything else as it was typed."""
        self.show(text_in_force(AGREEMENT, get_language() or ""))
        self.data = self.data.copy()
        self.data["statement"] = self.fields["statement"].initial
        self.data.pop("agree", None)
        self.errors.pop("agree", None)
        self.add_error("agree", str(refusal))

    def leave_unchecked(self) -> None:
        """Show what was typed as it is: a country was chosen, and the fields of its addresses are asked for."""
        forms_shown: list[Any] = [self, *self.sections]
        for form in forms_shown:
            form._errors = ErrorDict()

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Register; or, where the address has an account, answer as if, and tell only who receives mail there.

        Raises:
            BelowSelfConsentAge, StatementRefused: as `register_account`.
        """
        try:
            user = register_account(**self.registration(request))
        except AddressTaken:
            return None, flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])
        # The password was just typed, so it isn't asked for again at once.
        flows.login.record_authentication(request, user, method="password")
        return user, None

    def registration(self, request: HttpRequest) -> dict[str, Any]:
        """Give what `register_account` needs."""
        return {
            "email": self.cleaned_data["email"],
            "password": self.cleaned_data["password1"],
            "date_of_birth": self.cleaned_data["date_of_birth"],
            "statement": self.cleaned_data["statement"],
            "control_label": str(self.fields["agree"].label),
            "language": get_language(),
            "network_prefix": network_prefix(get_adapter().get_client_ip(request)),
            "profile": {name: value for section in self.sections for name, value in section.changes().items()},
            "user_agent_sha256": user_agent_sha256(request.headers.get("User-Agent", "")),
        }
