"""Forms of the staff pages about accounts."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.forms.email import EmailField
from accounts.models import User
from accounts.services.staff import find_account


class FindForm(forms.Form):
    """Finds an account by its exact e-mail address."""

    email = EmailField(help_text=_("The whole address: sealed data can’t be searched by a part of it."))
    user: User

    def __init__(self, data: Any = None, *, actor: User) -> None:
        super().__init__(data)
        self.actor = actor

    def clean_email(self) -> str:
        """Find the account; the search is recorded."""
        email: str = self.cleaned_data["email"]
        user = find_account(email=email, actor=self.actor)
        if user is None:
            raise forms.ValidationError(_("No account has this address."), "unknown")
        self.user = user
        return email


class RolesForm(forms.Form):
    """What a person may do as a member of staff."""

    is_staff = forms.BooleanField(label=_("Member of staff: may open these pages"), required=False)
    department = forms.CharField(label=_("Department"), max_length=80, required=False)
    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"), queryset=Group.objects.order_by("name"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        now = {"is_staff": user.is_staff, "department": user.department, "roles": user.groups.all()}
        super().__init__(data, initial=now)
