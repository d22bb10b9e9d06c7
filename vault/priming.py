"""Load the data keys of many rows in one query, before the first of their values is opened."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model

from vault import keys
from vault.envelope import Envelope


def prime(rows: Iterable[Model]) -> None:
    """Load the keys of all sealed values of these rows; for `.iterator()`, `select_related` and lists made by hand."""
    keys.prime_keys(value.key_id for row in rows for value in row.__dict__.values() if value.__class__ is Envelope)


def introduce(rows: Sequence[Any]) -> None:
    """Let rows fetched together know each other, so that opening one primes the keys of all."""
    if len(rows) > 1 and isinstance(rows[0], Model):
        for row in rows:
            row._state.peers = rows


def prime_peers(row: Model) -> None:
    """Prime the rows that were fetched with this one."""
    prime(getattr(row._state, "peers", ()))
