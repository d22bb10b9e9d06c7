"""Load the data keys of many rows in one query, before the first of their values is opened."""

from collections.abc import Iterable
from typing import Any
from weakref import ref

from django.db.models import Model

from vault import keys
from vault.envelope import Envelope


class Rows(list[Any]):
    """Rows fetched together. A list of its own class, so that its rows can know it without keeping it alive."""

    __slots__ = ("__weakref__",)


class Peers:
    """What a row remembers of the rows fetched with it; pickled, it forgets them."""

    def __init__(self, rows: Rows | None = None) -> None:
        self._rows = ref(rows) if rows is not None else lambda: None

    def __reduce__(self) -> tuple[Any, ...]:
        return Peers, ()

    def rows(self) -> list[Any]:
        """Give the rows, as long as whoever fetched them still holds them."""
        return self._rows() or []


def introduce(rows: list[Any]) -> list[Any]:
    """Let rows fetched together know each other, so that opening one primes the keys of all."""
    if not rows or not isinstance(rows[0], Model):
        return rows
    together = Rows(rows)
    peers = Peers(together)
    for row in together:
        row._state.peers = peers
    return together


def prime(rows: Iterable[Model]) -> None:
    """Load the keys of all sealed values of these rows; for `.iterator()`, `select_related` and lists made by hand."""
    keys.prime_keys(value.key_id for row in rows for value in row.__dict__.values() if isinstance(value, Envelope))


def prime_peers(row: Model) -> None:
    """Prime the rows that were fetched with this one."""
    if peers := getattr(row._state, "peers", None):
        prime(peers.rows())
