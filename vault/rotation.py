"""Changing keys while the platform runs: wrap data keys again, index again. Both can be stopped and resumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, QuerySet

from vault import keyring as keyrings
from vault import keys
from vault.blind_index import LENGTH
from vault.exceptions import KeyringError, SealError
from vault.fields import SealedMixin
from vault.keyring import keyring
from vault.models import DataKey
from vault.priming import prime
from vault.router import KEYS

BATCH = 500  # rows a transaction
SETTLING = timedelta(seconds=2 * keyrings.RELOAD_AFTER)  # by then every process reads the new keyring


def keys_to_rewrap() -> QuerySet[DataKey]:
    """Find the data keys that an older key-encryption key wraps."""
    return DataKey.objects.exclude(kek_version=keyring()["kek"].current).order_by("pk")


@dataclass
class Batch:
    """What became of some rows: how many there were, the last one's key, and which rows can't be opened."""

    size: int = 0
    last: Any = None
    broken: list[str] = data_field(default_factory=list)


def rewrap_keys() -> Iterator[Batch]:
    """Wrap all of them under the current key-encryption key, a batch a transaction; broken ones are passed over."""
    batch = _rewrap_batch(keys_to_rewrap())
    while batch.size:
        yield batch
        batch = _rewrap_batch(keys_to_rewrap().filter(pk__gt=batch.last))


def _rewrap_batch(waiting: QuerySet[DataKey]) -> Batch:
    batch, whole = Batch(), []
    with transaction.atomic(using=KEYS):
        for row in waiting.select_for_update()[:BATCH]:
            batch.size, batch.last = batch.size + 1, row.pk
            try:
                keys.wrap_again(row)
                whole.append(row)
            except SealError:
                batch.broken.append(str(row))
        DataKey.objects.bulk_update(whole, ["kek_version", "wrapped"])
    return batch


def indexed_fields() -> Iterator[SealedMixin]:
    """Find every sealed field with a blind index."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedMixin) and field.blind_index:
                yield field


def rows_to_reindex(field: SealedMixin) -> QuerySet[Model]:
    """Find the rows whose index was made under an older key."""
    current = f"{'_' * LENGTH}.{keyring()['index'].current}.%"
    where = f'"{field.column}" <> %s AND "{field.column}" NOT LIKE %s'
    return field.model._base_manager.extra(where=[where], params=["", current]).order_by("pk")  # noqa: S610 - a column


def reindex_rows(field: SealedMixin) -> Iterator[Batch]:
    """Seal again every value whose index is old, a batch a transaction; broken ones are passed over."""
    batch = _reindex_batch(field, rows_to_reindex(field))
    while batch.size:
        yield batch
        batch = _reindex_batch(field, rows_to_reindex(field).filter(pk__gt=batch.last))


def _reindex_batch(field: SealedMixin, waiting: QuerySet[Model]) -> Batch:
    batch = Batch()
    with transaction.atomic():
        rows = list(waiting.select_for_update()[:BATCH])
        prime(rows)
        for row in rows:
            batch.size, batch.last = batch.size + 1, row.pk
            try:
                row.__dict__[field.attname] = getattr(row, field.attname)
                row.save(update_fields=[field.name])
            except SealError:
                batch.broken.append(str(row))
    return batch


def rows_with_lost_index(field: SealedMixin) -> QuerySet[Model]:
    """Find the rows whose index was made under a key that the keyring lacks: no look-up finds them."""
    known = [f"{'_' * LENGTH}.{version}.%" for version in keyring()["index"].versions]
    where = " AND ".join([f'"{field.column}" <> %s', *[f'"{field.column}" NOT LIKE %s'] * len(known)])
    return field.model._base_manager.extra(where=[where], params=["", *known])  # noqa: S610 - a column


def retire_old_versions(family: str) -> list[int]:
    """Drop the older versions of `kek` or `index` from the keyring, once nothing is stored under them.

    Raises:
        KeyringError: something still is, or the new version is too young for every process to have read it.
    """
    _refuse_if_in_use(family)
    _refuse_if_unsettled(family)
    old = keyring()[family].versions[1:]
    for version in old:
        keyrings.retire_version(family, version)
    return old


def _refuse_if_in_use(family: str) -> None:
    waiting = keys_to_rewrap().count() if family == "kek" else sum(rows_to_reindex(f).count() for f in indexed_fields())
    if waiting:
        raise KeyringError(f"{waiting} rows still need an older {family}: finish the rotation first.")


def _refuse_if_unsettled(family: str) -> None:
    newest = max(entry.created_at for entry in keyrings.read_document() if entry.family == family)
    age = datetime.now(UTC) - datetime.fromisoformat(newest)
    if age < SETTLING:
        left = int((SETTLING - age).total_seconds()) + 1
        raise KeyringError(f"The current {family} is too new; running processes may not know it. Wait {left} s.")
