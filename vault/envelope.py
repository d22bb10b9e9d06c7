"""A sealed value as it travels between row and memory: closed until somebody needs it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vault.fields import SealedMixin


class Envelope:
    """A token from the database and, once opened, its value.

    It is no string, so it can't be printed, compared or hashed as one by mistake; pickled, it goes closed.
    """

    __slots__ = ("field", "token", "value")
    __hash__ = None  # type: ignore[assignment] # a sealed value must never be a key of anything

    field: "SealedMixin"
    token: str
    value: Any

    def __init__(self, token: str, field: "SealedMixin") -> None:
        self.token = token
        self.field = field

    def __repr__(self) -> str:
        return f"<sealed {self.field.label}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Envelope, (self.token, self.field)

    @property
    def prefix(self) -> str:
        """All of the token before the ciphertext: blind index and its version where there is one, and the key id."""
        return self.token.rpartition(".")[0]

    @property
    def key_id(self) -> str:
        """The data key that opens it."""
        return self.prefix.rpartition(".")[2]
