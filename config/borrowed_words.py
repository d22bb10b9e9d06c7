"""Words of Django's and allauth's own, in our catalogue too, where ours wins: theirs don't speak to people as we do."""

from django.utils.translation import gettext_noop, ngettext_lazy

CODE = gettext_noop("Code")
PASSWORD_RULES = (
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
)
