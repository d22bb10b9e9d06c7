"""Seals and opens the values of one field.

A sealed value is text: `<key id>.<body>`, or with a blind index `<index>.<index version>.<key id>.<body>`. The body is
base64 of a version byte, a 96-bit nonce and the AES-256-GCM ciphertext. All before the body, and the field's label, are
associated data: moved to another account's row, another field or another index, a value doesn't open.
"""

import os
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Model

from vault import keys
from vault.blind_index import compute_index
from vault.encoding import Codec, pad
from vault.envelope import Envelope, envelope_class
from vault.exceptions import SealBroken
from vault.keyring import keyring
from vault.priming import prime_peers

VERSION = b"\x01"
NONCE = 12  # bytes
BODY = 1 + NONCE  # where the ciphertext begins


@dataclass(slots=True)
class Sealer:
    """What sealing needs to know of a field: its label, how its values become bytes, whose they are."""

    label: str  # app.model.field
    codec: Codec
    account: str  # the row's attribute that holds the account's UUID
    blind_index: bool
    envelope_class: type[Envelope] = field(init=False)
    _bound: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.envelope_class = envelope_class(self.label)
        self._bound = f"{self.label}|".encode()

    def seal(self, value: Any, account_id: UUID) -> Envelope:
        """Seal a value for an account under a fresh nonce; the account's data key must exist."""
        key_id = keys.key_id_for(account_id)
        prefix, nonce = (self._index_prefix(value) + key_id).encode(), os.urandom(NONCE)
        data = pad(self.codec.encode(value))
        ciphertext = keys.find(key_id).cipher.encrypt(nonce, data, self._bound + prefix)
        return self.envelope_class(prefix + b"." + b2a_base64(VERSION + nonce + ciphertext, newline=False))

    def _index_prefix(self, value: Any) -> str:
        if not self.blind_index:
            return ""
        version = keyring()["index"].current
        return f"{compute_index(value, self.label, version)}.{version}."

    def open_for(self, row: Model, envelope: Envelope) -> Any:
        """Open a row's value under the data key of the row's account; rows fetched with it are primed.

        Raises:
            SealBroken: it was tampered with, or belongs to another row, field or account.
            KeyMissing: the account's data key was destroyed.
        """
        state: Any = row._state
        try:
            key = state.data_key
        except AttributeError:
            key = None
        if key is None or key.until < monotonic():
            key = state.data_key = self._find_key(row)
        return self._open(envelope, key.cipher)

    def _find_key(self, row: Model) -> keys.OpenedKey:
        key_id = keys.key_id_for(getattr(row, self.account))
        if not keys.is_warm(key_id):
            prime_peers(row)
        return keys.find(key_id)

    def open(self, envelope: Envelope) -> Any:
        """Open an envelope that belongs to no row at hand."""
        return self._open(envelope, keys.find(envelope.key_id).cipher)

    def _open(self, envelope: Envelope, cipher: AESGCM) -> Any:
        prefix, _, body = envelope.rpartition(b".")
        try:
            blob = a2b_base64(body)
            data = cipher.decrypt(blob[1:BODY], blob[BODY:], self._bound + prefix)
        except (InvalidTag, ValueError):
            raise SealBroken(f"{self.label}: the stored value was changed, or is another row's or field's.") from None
        return self.codec.decode(data.rstrip(b"\0")[:-1])
