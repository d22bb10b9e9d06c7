"""A lock on a value nobody has stored yet, held until the transaction ends."""

from hashlib import sha256

from django.db import connection

from vault.secrets import fingerprint


def lock_value(text: str, purpose: str) -> None:
    """Let no other transaction past this line with the same text and purpose before this one ends.

    PostgreSQL: an advisory lock. SQLite: its one writer is this transaction already (`IMMEDIATE`).
    """
    if connection.vendor != "postgresql":
        return
    digest = sha256(fingerprint(text, purpose).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
