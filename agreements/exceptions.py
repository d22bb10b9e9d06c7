"""What the agreements refuse. The name is the broken rule; `message` is what the person reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AgreementError(Exception):
    """The root of the family. No message holds personal data."""

    message: str | Promise = _("This can't be done with the agreement.")

    def __str__(self) -> str:
        return " ".join([str(self.message), *map(str, self.args)])


class InvalidTransition(AgreementError):
    """The version isn't in a state from which this step leads on."""

    message = _("The version can't take this step from the state it is in.")


class TitleMissing(AgreementError):
    """The Markdown doesn't begin its first-level heading anywhere, so the text would have no title."""

    message = _("The text has no title: write it as a first-level heading.")


class NoTextInForce(AgreementError):
    """Nobody has published this agreement yet, so there is nothing to read or to accept."""

    message = _("No version of this agreement is in force yet.")


class StatementRefused(AgreementError):
    """The statement of what was shown can't stand as evidence: show the text in force, and ask again."""


class StatementMissing(StatementRefused):
    message = _("The form didn't say which text it showed. Please read the text below and agree again.")


class StatementForged(StatementRefused):
    message = _(
        "The form's statement of the text that was shown isn't ours. Please read the text below and agree again."
    )


class StatementExpired(StatementRefused):
    message = _("The form was open for too long. Please look at the text below again, and agree once more.")


class TextSuperseded(StatementRefused):
    message = _("The text has changed since you opened the form. Please read the new text below before you agree.")
