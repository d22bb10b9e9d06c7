"""The typed confirmation of what can't be undone once it is done."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class CancellationForm(forms.Form):
    """Asks for a word to be typed before an account is cancelled (clause 3.2)."""

    confirmation = forms.CharField(
        max_length=40, widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word = gettext("cancel my account")
        self.fields["confirmation"].label = _("Type “%(word)s” to confirm") % {"word": self.word}

    def clean_confirmation(self) -> str:
        """Compare without regard to case and extra spaces."""
        typed: str = self.cleaned_data["confirmation"]
        if " ".join(typed.casefold().split()).strip("“”\"'") != self.word.casefold():
            raise ValidationError(_("These words are different. Please type them exactly."), "different")
        return typed
