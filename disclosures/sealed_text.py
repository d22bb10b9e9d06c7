"""Texts about a request that belong to no account, sealed under the keyring.

What an officer writes can name the person concerned, and a requester's contact is a person too: none of it lies in
clear in the database. Opened on access, so that one broken value spoils no list.
"""

from typing import Any

from vault import secrets

PURPOSE = "disclosure"


def sealed_text(column: str) -> Any:
    """Make the attribute that opens the text in `column` when read and seals it when set; an empty text stays empty."""

    def read(row: Any) -> str:
        token = getattr(row, column)
        return secrets.open(token, PURPOSE) if token else ""

    def write(row: Any, text: str) -> None:
        setattr(row, column, secrets.seal(text, PURPOSE) if text else "")

    return property(read, write)
