"""A sealed value as it travels between row and memory: closed until somebody needs it."""

from functools import cache
from typing import Any

from django.db.models import Model


class Envelope(bytes):
    """A token from the database. Each sealed field has a class of its own.

    It is no text, so it can't be printed, searched or hashed as one by mistake. That it is made of bytes is for speed:
    a list of a thousand rows makes eight thousand, and bytes are what is decrypted.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment] # a sealed value must never be a key of anything

    label: str  # app.model.field

    def __repr__(self) -> str:
        return f"<sealed {self.label}>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        return _closed, (self.label, self.token)

    @property
    def token(self) -> str:
        """What the column holds."""
        return self.decode("ascii", "replace")

    @property
    def key_id(self) -> str:
        """The data key that opens it; empty where this is no token at all."""
        return self.token.rpartition(".")[0].rpartition(".")[2]


@cache
def envelope_class(label: str) -> type[Envelope]:
    """Give the envelope class of the field with this label: a value of another field is of another class."""
    return type("Envelope", (Envelope,), {"__slots__": (), "__hash__": None, "label": label})


def _closed(label: str, token: str) -> Envelope:
    return envelope_class(label)(token, "utf-8")


class Opened(dict[str, Any]):
    """The values of a row that were opened, by attribute. Pickled or copied with the row, it is empty."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Opened, ()


def opened_values(row: Model) -> Opened:
    """Give the values of a row that were opened so far."""
    state: Any = row._state
    try:
        opened: Opened = state.opened
    except AttributeError:
        opened = state.opened = Opened()
    return opened
