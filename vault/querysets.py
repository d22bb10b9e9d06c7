"""The queryset of models with sealed fields: primes keys together, seals in bulk, refuses what can't be sealed."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet

from vault import keys
from vault.envelope import Envelope
from vault.exceptions import SealedWrite
from vault.fields import RowValue, SealedMixin
from vault.priming import introduce

M = TypeVar("M", bound=Model)
BATCH = 5_000  # rows whose keys fit in memory together, well within VAULT_KEYS_IN_MEMORY


class SealedRow:
    """Stands for a row in `bulk_update`: its sealed attributes are given sealed, all others as they are."""

    def __init__(self, row: Model, fields: Iterable[SealedMixin]) -> None:
        self._row = row
        self.__dict__.update({field.attname: RowValue(field.pre_save(row, False), field) for field in fields})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class SealedQuerySet(QuerySet[M, M]):
    """Rows with sealed values."""

    @property
    def _sealed_fields(self) -> list[SealedMixin]:
        return [field for field in self.model._meta.concrete_fields if isinstance(field, SealedMixin)]

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh:
            self._result_cache = introduce(cast("list[Any]", self._result_cache))

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Seal and insert many rows, with one query for the data keys of each 5,000."""
        rows = list(objs)
        if not self._sealed_fields:
            return super().bulk_create(rows, *args, **kwargs)
        with transaction.atomic(using=self.db):
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                self._ready_keys(batch, self._sealed_fields[0])
                super().bulk_create(batch, *args, **kwargs)
        return rows

    def _ready_keys(self, rows: list[M], field: SealedMixin) -> None:
        account_ids = [getattr(row, field.account) for row in rows]
        if field.is_account_itself:
            keys.create_data_keys(account_ids)
        else:
            keys.prime_keys(map(keys.key_id_for, account_ids))

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Seal and update many rows."""
        names = set(fields)
        sealed_here = [field for field in self._sealed_fields if field.name in names]
        rows = [cast("M", SealedRow(row, sealed_here)) for row in objs]
        return super().bulk_update(rows, sorted(names), batch_size)

    def update(self, **kwargs: Any) -> int:
        """Update rows at once; a sealed field can only be emptied or given each row's own envelope this way."""
        for field in self._sealed_fields:
            if isinstance(kwargs.get(field.name), Envelope):
                raise SealedWrite(f"{field.label}: an envelope belongs to one row; save that row.")
        return super().update(**kwargs)
