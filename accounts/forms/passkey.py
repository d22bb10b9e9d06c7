"""The name of a passkey, with a label that is translated: allauth's has none."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import pgettext_lazy

LABEL = pgettext_lazy("of a passkey", "Name")


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Adds a passkey; one without a name gets one."""

    name = forms.CharField(label=LABEL, required=False)


class EditPasskeyForm(EditWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Renames a passkey."""

    name = forms.CharField(label=LABEL)
