"""allauth's forms that ask for an e-mail address, with the project's field for it."""

from typing import Any

from allauth.account import forms
from allauth.account.adapter import get_adapter
from django.utils.translation import gettext_lazy as _

from accounts.forms.email import EmailField


class LoginForm(forms.LoginForm):  # type: ignore[misc] # allauth has no types
    """Sign-in by e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.fields["password"].label = _("Password")
        self.order_fields(["login", "password"])


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Asks for a code to set a new password with."""

    email = EmailField()


class AddEmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """Asks for the address to change to."""

    email = EmailField(label=_("New e-mail address"))


class ConfirmCodeForm(forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """Takes the code that was sent to an address."""

    def clean_code(self) -> str:
        """Refuse the code of a sign-up that has given way to another one, even a right one.

        Whether the address is free is found out when it is confirmed, under its lock.
        """
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        code: str = forms.BaseConfirmCodeForm.clean_code(self)
        return code
