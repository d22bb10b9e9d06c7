"""Django's session store in the database, its content sealed: a session holds an e-mail address during sign-in."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from vault import secrets
from vault.exceptions import SealBroken

PURPOSE = "session"


class SessionStore(DatabaseStore):
    """Seals what Django would only sign."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Give the sealed content."""
        return secrets.seal(super().encode(session_dict), PURPOSE)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Give the content, or an empty session where it was tampered with."""
        try:
            return super().decode(secrets.open(str(session_data), PURPOSE))
        except SealBroken:
            return {}
