"""What can be asked of a sealed column: whether it is null and, with a blind index, whether it equals a text."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from vault.blind_index import BlindIndex, possible_indexes
from vault.exceptions import SealedLookup


class BlindExact(Lookup):
    """`exact` and `iexact`: the column's head is the text's index under the current key, or an older one."""

    lookup_name = "exact"
    prepare_rhs = False

    def texts(self) -> Iterable[str]:
        """Give the texts that match."""
        return [self.rhs]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Compare the column's head only, so that the index on the same expression serves."""
        label = self.lhs.output_field.label
        indexes = [index for text in self.texts() for index in _indexes(text, label)]
        column, params = compiler.compile(self.lhs)
        sql = BlindIndex.template % {"expressions": column}
        if len(indexes) == 1:
            return f"{sql} = %s", (*params, *indexes)
        marks = ", ".join(["%s"] * len(indexes))
        return (f"{sql} IN ({marks})" if indexes else "1 = 0"), (*params, *indexes)


class BlindIExact(BlindExact):
    """The same as `exact`: an index doesn't tell upper from lower case."""

    lookup_name = "iexact"


class BlindIn(BlindExact):
    """The text is one of several."""

    lookup_name = "in"

    def texts(self) -> Iterable[str]:
        """Give the texts that match."""
        return [text for text in self.rhs if text is not None]


def _indexes(text: Any, label: str) -> list[str]:
    if not isinstance(text, str):
        raise SealedLookup(f"{label} is sealed: it can be compared with a text, not with a {type(text).__name__}.")
    return possible_indexes(text, label) if text else [""]


BLIND_LOOKUPS: dict[str, type[BlindExact]] = {cls.lookup_name: cls for cls in (BlindExact, BlindIExact, BlindIn)}
