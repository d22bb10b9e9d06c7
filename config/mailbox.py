"""Mail on one person's machine: kept in sealed files, so that no address lies in clear, and shown at /mailbox/."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from vault import secrets

PURPOSE = "mailbox"
SHOWN = 50


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it; `sent_at` is ISO 8601 in UTC."""

    to: list[str]
    subject: str
    text: str
    sent_at: str


class MailboxBackend(BaseEmailBackend):
    """Django's e-mail backend that seals each mail into a file under `var/mailbox/`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; give their number."""
        for message in email_messages:
            keep(message)
        return len(email_messages)


def folder() -> Path:
    """Give the folder of the mails, made if it wasn't there."""
    path = Path(settings.VAR_DIR) / "mailbox"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(message: EmailMessage) -> None:
    """Seal one mail into a file whose name sorts by time."""
    now = timezone.now()
    mail = Mail(to=message.to, subject=str(message.subject), text=str(message.body), sent_at=now.isoformat())
    path = folder() / f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
    path.touch(mode=0o600)
    path.write_text(secrets.seal(json.dumps(asdict(mail)), PURPOSE))


def latest() -> list[Mail]:
    """Open the newest mails, newest first."""
    newest = sorted(folder().iterdir(), reverse=True)[:SHOWN]
    return [Mail(**json.loads(secrets.open(path.read_text(), PURPOSE))) for path in newest]
