"""A sealed value as it travels between row and memory: closed until somebody needs it."""

from functools import cache
from typing import Any


class Envelope:
    """A token from the database and, once opened, its value. Each sealed field has a class of its own.

    It is no string, so it can't be printed, compared or hashed as one by mistake; pickled, it goes closed.
    """

    __slots__ = ("token", "value")
    __hash__ = None  # type: ignore[assignment] # a sealed value must never be a key of anything

    label: str  # app.model.field
    token: str
    value: Any  # absent until opened

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return f"<sealed {self.label}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _closed, (self.label, self.token)

    @property
    def key_id(self) -> str:
        """The data key that opens it; empty where this is no token at all."""
        return self.token.rpartition(".")[0].rpartition(".")[2]


@cache
def envelope_class(label: str) -> type[Envelope]:
    """Give the envelope class of the field with this label: a value of another field is of another class."""
    return type("Envelope", (Envelope,), {"__slots__": (), "__hash__": None, "label": label})


def _closed(label: str, token: str) -> Envelope:
    return envelope_class(label)(token)
