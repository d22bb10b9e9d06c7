"""Data keys: made, found, primed in bulk, destroyed.

Opened keys stay in this process's memory for at most a minute (`VAULT_KEY_SECONDS`), so a key destroyed by another
process can still open values here until then.
"""

import os
import time
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from vault.exceptions import KeyMissing, KeyringError, SealBroken
from vault.keyring import keyring
from vault.models import DataKey
from vault.router import KEYS

GENERATION = 1
NONCE = 12  # bytes
BATCH = 10_000  # keys a query


class OpenedKey:
    """A data key ready to use, until a moment of this process's monotonic clock. Pickled, it is nothing."""

    __slots__ = ("cipher", "until")

    def __init__(self, cipher: AESGCM, until: float) -> None:
        self.cipher, self.until = cipher, until

    def __reduce__(self) -> tuple[Any, ...]:
        return type(None), ()


_opened: OrderedDict[str, OpenedKey] = OrderedDict()
_keks: dict[bytes, AESGCM] = {}


def key_id_for(account_id: UUID | str) -> str:
    """Name the data key that seals for an account: the account's id in hexadecimal, a dash, the key's generation.

    Until a row is stored, Django lets its id be text, as a session or a form gave it.
    """
    account = account_id if isinstance(account_id, UUID) else UUID(account_id)
    return f"{account.hex}-{GENERATION}"


def create_data_keys(account_ids: Iterable[UUID]) -> None:
    """Make and store a data key for each account, in one insert, kept whatever becomes of the caller's transaction.

    A key whose account was never committed is dropped later by the sweep of orphans.
    """
    made = {key_id_for(account_id): (account_id, AESGCM.generate_key(256)) for account_id in account_ids}
    version = keyring()["kek"].current
    rows = [
        DataKey(id=key_id, account_id=account_id, kek_version=version, wrapped=_wrap(version, key, key_id))
        for key_id, (account_id, key) in made.items()
    ]
    with transaction.atomic(using=KEYS, durable=True):
        DataKey.objects.bulk_create(rows, batch_size=BATCH)
    for key_id, (_, key) in made.items():
        _remember(key_id, AESGCM(key))


def destroy_data_key(account_id: UUID) -> bool:
    """Destroy an account's data keys: nothing sealed for it can be opened again. Tells whether there was one."""
    with transaction.atomic(using=KEYS, durable=True):
        count, _ = DataKey.objects.filter(account_id=account_id).delete()
    forget(account_id)
    return count > 0


def find(key_id: str) -> OpenedKey:
    """Give an opened data key by its id, from memory or the database.

    Raises:
        KeyMissing: there is no such key.
    """
    return _opened[key_id] if is_warm(key_id) else _load(key_id)


def is_warm(key_id: str) -> bool:
    """Tell whether the key is in memory and may still be used."""
    return key_id in _opened and _opened[key_id].until >= time.monotonic()


def prime_keys(key_ids: Iterable[str]) -> None:
    """Load the keys that aren't in memory yet, in one query per 10,000. A broken one is left out, to fail alone."""
    cold = (key_id for key_id in dict.fromkeys(key_ids) if not is_warm(key_id))
    while batch := list(islice(cold, BATCH)):
        for row in _rows(batch):
            with suppress(SealBroken):
                _remember(row[0], _open(*row))


def forget(account_id: UUID | None = None) -> None:
    """Drop opened keys from this process's memory: one account's, or all."""
    if account_id is None:
        _opened.clear()
    else:
        _opened.pop(key_id_for(account_id), None)


def wrap_again(row: DataKey) -> None:
    """Wrap a data key under the current key-encryption key; the caller saves it. The key itself stays the same."""
    version = keyring()["kek"].current
    row.wrapped = _wrap(version, _unwrap(row.pk, row.kek_version, row.wrapped), row.pk)
    row.kek_version = version


def _rows(key_ids: list[str]) -> Iterator[tuple[str, int, str]]:
    return iter(DataKey.objects.filter(pk__in=key_ids).values_list("id", "kek_version", "wrapped"))


def _load(key_id: str) -> OpenedKey:
    for row in _rows([key_id]):
        return _remember(key_id, _open(*row))
    _opened.pop(key_id, None)
    raise KeyMissing("The account has no data key: it was erased, or the key database is another one.")


def _remember(key_id: str, cipher: AESGCM) -> OpenedKey:
    key = _opened[key_id] = OpenedKey(cipher, time.monotonic() + settings.VAULT_KEY_SECONDS)
    _opened.move_to_end(key_id)
    while len(_opened) > settings.VAULT_KEYS_IN_MEMORY:
        _opened.popitem(last=False)
    return key


def _kek(version: int) -> AESGCM:
    key = keyring()["kek"].key(version)
    if key not in _keks:
        _keks[key] = AESGCM(key)
    return _keks[key]


def _wrap(version: int, key: bytes, key_id: str) -> str:
    nonce = os.urandom(NONCE)
    return b64encode(nonce + _kek(version).encrypt(nonce, key, key_id.encode())).decode()


def _unwrap(key_id: str, version: int, wrapped: str) -> bytes:
    try:
        blob = b64decode(wrapped)
        return _kek(version).decrypt(blob[:NONCE], blob[NONCE:], key_id.encode())
    except (InvalidTag, ValueError):
        raise SealBroken("The account's data key was changed or is another account's.") from None
    except KeyringError as error:
        raise SealBroken(str(error)) from None


def _open(key_id: str, version: int, wrapped: str) -> AESGCM:
    return AESGCM(_unwrap(key_id, version, wrapped))
