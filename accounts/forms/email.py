"""The field for an e-mail address, the same on every form that asks for one."""

from typing import Any

from allauth.account import fields
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from accounts.validation import stored_address

LONGEST = 254  # characters, RFC 5321
NO_ADDRESS = _("This isn't an e-mail address.")


class EmailField(fields.EmailField):  # type: ignore[misc] # allauth has no types
    """Gives an address in the one form in which it is stored and looked up.

    Upper case and outer spaces don't matter. A domain is brought to its ASCII form, as mail servers do, so that one
    mailbox is one address. What stands before the @ must be ASCII: some other letters look like these, or become them
    in lower case, and would reach for somebody else's account.
    """

    def __init__(self, **kwargs: Any) -> None:
        # No `maxlength`: a browser would cut a pasted address without a word. No placeholder: the label says it.
        attrs = {"type": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        defaults: dict[str, Any] = {"label": _("E-mail address"), "max_length": None}
        super().__init__(**defaults | {"widget": forms.TextInput(attrs=attrs)} | kwargs)

    def clean(self, value: str | None) -> str:
        """Validate and normalise."""
        typed = (value or "").strip()
        _refuse_overlong(typed)
        if not typed.rpartition("@")[0].isascii():
            raise ValidationError(_("Please use only letters without accents, digits and signs before the @."), "local")
        email = stored_address(super().clean(typed))
        _refuse_overlong(email)
        _refuse_impossible(email)
        return email


def _refuse_overlong(email: str) -> None:
    if len(email) > LONGEST:
        message = _("An e-mail address has at most %(longest)d characters; this one has %(length)d.")
        raise ValidationError(message, "too_long", {"longest": LONGEST, "length": len(email)})


def _refuse_impossible(email: str) -> None:
    """Look again at what the domain became: some have no ASCII form, and in some a letter becomes an @ or a slash."""
    if not email.isascii():
        raise ValidationError(NO_ADDRESS, "invalid")
    EmailValidator(NO_ADDRESS)(email)
