"""Changing keys while the platform runs: wrap data keys again, index again. Both can be stopped and resumed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import Model, QuerySet

from vault import keyring as keyrings
from vault import keys
from vault.blind_index import LENGTH
from vault.exceptions import KeyringError
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


def rewrap_keys() -> Iterator[int]:
    """Wrap all of them under the current key-encryption key, a batch a transaction; yields each batch's size."""
    while count := _rewrap_batch():
        yield count


def _rewrap_batch() -> int:
    with transaction.atomic(using=KEYS):
        rows = list(keys_to_rewrap().select_for_update()[:BATCH])
        for row in rows:
            keys.wrap_again(row)
        DataKey.objects.bulk_update(rows, ["kek_version", "wrapped"])
    return len(rows)


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


def reindex_rows(field: SealedMixin) -> Iterator[int]:
    """Seal again every value whose index is old, a batch a transaction; yields each batch's size."""
    while count := _reindex_batch(field):
        yield count


def _reindex_batch(field: SealedMixin) -> int:
    with transaction.atomic():
        rows = list(rows_to_reindex(field).select_for_update()[:BATCH])
        prime(rows)
        for row in rows:
            opened = getattr(row, field.attname)
            row.__dict__[field.attname] = opened
            row.save(update_fields=[field.name])
    return len(rows)


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
