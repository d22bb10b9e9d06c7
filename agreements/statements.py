"""A form's statement of what it showed: signed by us, short-lived, and checked when the form comes back (clause P2)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from agreements.exceptions import StatementExpired, StatementForged, StatementMissing, TextSuperseded
from agreements.models import State, Text

# Long enough to sleep on several pages of contract, short enough that "shown" is still true.
MAX_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a statement says: the text, the hash of its bytes, the hash of the rendered fragment, and when."""

    text_id: int
    text_sha256: str
    page_sha256: str
    at: datetime


def make(text: Text) -> str:
    """Give the statement that `text` is being shown now, to be sent back in the form's hidden field."""
    shown = {"text": text.pk, "sha256": text.sha256, "page": text.page_sha256, "at": int(timezone.now().timestamp())}
    return _signer().sign_object(shown)


def decode(statement: str) -> Shown:
    """Give what a statement says, once its signature and age are found good.

    Raises:
        StatementMissing: it is empty.
        StatementForged: it isn't ours, or was changed.
        StatementExpired: it is older than `MAX_AGE`.
    """
    if not statement:
        raise StatementMissing
    shown = _decode_signed(statement)
    if timezone.now() - shown.at > MAX_AGE:
        raise StatementExpired
    return shown


def read(statement: str) -> Text:
    """Give the text that a statement names, provided that it is still in force.

    Raises:
        StatementMissing, StatementForged, StatementExpired: as `decode`.
        TextSuperseded: another version has come into force since.
    """
    shown = decode(statement)
    text = find(shown)
    if text.version.state != State.IN_FORCE:
        raise TextSuperseded
    return text


def find(shown: Shown) -> Text:
    """Give the text that was shown, in force or not.

    Raises:
        StatementForged: there is no such text, or its bytes aren't those that were shown.
    """
    text = Text.objects.select_related("version__agreement").filter(pk=shown.text_id, sha256=shown.text_sha256).first()
    if text is None:
        raise StatementForged
    return text


def _decode_signed(statement: str) -> Shown:
    # The signature comes first, so what fails after it is a statement of an older release, not an attack on the parser.
    try:
        shown = _signer().unsign_object(statement)
        return Shown(shown["text"], shown["sha256"], shown["page"], datetime.fromtimestamp(shown["at"], UTC))
    except (BadSignature, KeyError, TypeError, ValueError) as error:
        raise StatementForged from error


def _signer() -> Signer:
    return Signer(salt="agreements.statements")
