"""Sealed model fields: `real_name = sealed(models.CharField(max_length=200))`.

The declaration layer (field classes made on the fly, barred look-ups and relations) is django-cryptography's
`EncryptedMixin`; keys, ciphertexts and storage are the vault's own. docs/security.md says why.

A stored value is text: `<key id>.<body>`, or with a blind index `<index>.<index version>.<key id>.<body>`. The body is
base64 of a version byte, a 96-bit nonce and the AES-256-GCM ciphertext. All before the body, and the field's name, are
associated data: moved to another row of another account, another field or another index, it doesn't open.
"""

from __future__ import annotations

import os
from binascii import a2b_base64, b2a_base64
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import checks
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Field, Lookup, Model, Transform, Value
from django.db.models.functions import Cast
from django_cryptography.fields import EncryptedMixin

from vault import keys
from vault.attribute import SealedAttribute
from vault.blind_index import compute_index
from vault.encoding import Codec, codec_for, pad
from vault.envelope import Envelope, envelope_class
from vault.exceptions import SealBroken, SealedLookup, SealedWrite
from vault.keyring import keyring
from vault.lookups import BLIND_LOOKUPS
from vault.priming import prime_peers

VERSION = b"\x01"
NONCE = 12  # bytes
EMPTY: tuple[Any, ...] = (None, "")  # stored as they are: that a field is empty is no secret worth a key


class SealedMixin(EncryptedMixin):
    """What every sealed field does besides what its base class does.

    `account` names the attribute of the row that holds the account's UUID; `blind_index` allows exact look-ups.
    """

    descriptor_class = SealedAttribute
    codec: Codec
    label: str  # app.model.field

    def __init__(self, *args: Any, account: str = "user_id", blind_index: bool = False, **kwargs: Any) -> None:
        self.account = account
        self.blind_index = blind_index
        super(EncryptedMixin, self).__init__(*args, **kwargs)  # past its Fernet

    # Declaration ------------------------------------------------------------------------------------------

    def contribute_to_class(self, cls: type[Model], name: str, *args: Any, **kwargs: Any) -> None:
        """Take the name that is bound to every value: renaming model or field needs a migration that seals again."""
        self.bind_to(f"{cls._meta.label_lower}.{name}")
        super().contribute_to_class(cls, name, *args, **kwargs)

    def bind_to(self, label: str) -> None:
        """Set what is bound to every value of this field."""
        self.label, self._bound = label, f"{label}|"
        self.envelope_class = envelope_class(label)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Write the declaration as it was made: `sealed(base, account=…, blind_index=…)`."""
        name, _, args, kwargs = super(EncryptedMixin, self).deconstruct()
        return name, "vault.fields.sealed", [self.base_class(*args, **kwargs)], self._options()

    def clone(self) -> Any:
        """Copy the field."""
        _, _, args, kwargs = super(EncryptedMixin, self).deconstruct()
        return type(self)(*args, **kwargs, **self._options())

    def _options(self) -> dict[str, Any]:
        return {"account": self.account} | ({"blind_index": True} if self.blind_index else {})

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse what sealing would break silently."""
        found: list[checks.CheckMessage] = super(EncryptedMixin, self).check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            hint = "Use blind_index=True with a constraint or index on BlindIndex(field name)."
            found.append(checks.Error("A sealed field can't be unique or indexed itself.", hint, self, "vault.E101"))
        return found

    def get_internal_type(self) -> str:
        """Tokens are stored as text: both databases read it faster than bytes."""
        return "TextField"

    # Look-ups ---------------------------------------------------------------------------------------------

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]]:
        """Allow `isnull`, and with a blind index `exact`, `iexact` and `in`; raise for any other."""
        if lookup_name == "isnull":
            return models.lookups.IsNull
        if self.blind_index and lookup_name in BLIND_LOOKUPS:
            return BLIND_LOOKUPS[lookup_name]
        raise SealedLookup(f"{self.label} is sealed: it can't be searched by {lookup_name!r}.")

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        """Allow none: the database can't see the value."""
        return None

    # Sealing ----------------------------------------------------------------------------------------------

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """Give what is to be stored for this row: a new seal, or the envelope that it was read in."""
        value = model_instance.__dict__.get(self.attname)
        if not isinstance(value, Envelope) and value in EMPTY:
            return value
        return self.seal_attribute(model_instance, value, is_new_account=add and self.is_account_itself)

    @property
    def is_account_itself(self) -> bool:
        """Tell whether the row *is* the account, so that inserting it makes the data key."""
        pk = self.model._meta.pk
        return not pk.is_relation and pk.attname == self.account

    def seal_attribute(self, row: Model, value: Any, *, is_new_account: bool = False) -> Envelope:
        """Seal the row's value for its account, keep it in the row, and give the envelope."""
        account_id: UUID = getattr(row, self.account)
        if isinstance(value, Envelope):
            if not self._opened_and_mutable(value):
                return self._check_owner(value, account_id)
            value = value.value
        if is_new_account and not keys.is_warm(keys.key_id_for(account_id)):
            keys.create_data_keys([account_id])
        row.__dict__[self.attname] = envelope = self.seal(value, account_id)
        return envelope

    def _opened_and_mutable(self, envelope: Envelope) -> bool:
        return self.codec.mutable and hasattr(envelope, "value")

    def _check_owner(self, envelope: Envelope, account_id: UUID) -> Envelope:
        if not envelope.key_id.startswith(account_id.hex):
            raise SealedWrite(f"{self.label}: this value is sealed for another account.")
        return envelope

    def seal(self, value: Any, account_id: UUID) -> Envelope:
        """Seal a value for an account under a fresh nonce; the account's data key must exist."""
        key_id = keys.key_id_for(account_id)
        prefix = f"{self._index_prefix(value)}{key_id}"
        nonce = os.urandom(NONCE)
        cipher = keys.find(key_id).cipher
        ciphertext = cipher.encrypt(nonce, pad(self.codec.encode(value)), (self._bound + prefix).encode())
        body = b2a_base64(VERSION + nonce + ciphertext, newline=False).decode()
        envelope = self.envelope_class(f"{prefix}.{body}")
        envelope.value = value
        return envelope

    def _index_prefix(self, value: Any) -> str:
        if not self.blind_index:
            return ""
        version = keyring()["index"].current
        return f"{compute_index(value, self.label, version)}.{version}."

    # Opening ----------------------------------------------------------------------------------------------

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Give the value closed, so that reading a row costs next to nothing."""
        return self.envelope_class(value) if value else value

    def open_attribute(self, row: Model, envelope: Envelope) -> Any:
        """Open the row's value under the data key of the row's account; rows fetched with it are primed.

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
        """Open an envelope of this field that belongs to no row at hand."""
        return self._open(envelope, keys.find(envelope.key_id).cipher)

    def _open(self, envelope: Envelope, cipher: AESGCM) -> Any:
        prefix, _, body = envelope.token.rpartition(".")
        try:
            blob = a2b_base64(body)
            data = cipher.decrypt(blob[1:13], blob[13:], (self._bound + prefix).encode())
        except (InvalidTag, ValueError):
            raise SealBroken(f"{self.label}: the stored value was changed, or is another row's or field's.") from None
        envelope.value = value = self.codec.decode(data.rstrip(b"\0")[:-1])
        return value

    # The one gate to the database -------------------------------------------------------------------------

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Let through what is empty or sealed for this field; raise SealedWrite for all else."""
        if value.__class__ is self.envelope_class:
            return value.token
        if value in EMPTY or self._holds_envelopes(value):
            return value
        raise SealedWrite(f"{self.label} is sealed: set it on the row and save that, or use bulk_update.")

    get_db_prep_save = get_db_prep_value

    def get_prep_value(self, value: Any) -> Any:
        """Give the token of an envelope, for who serialises a row's raw content."""
        return value.token if isinstance(value, Envelope) else value

    def _holds_envelopes(self, value: Any) -> bool:
        if isinstance(value, Cast):
            return self._holds_envelopes(value.source_expressions[0])
        if not isinstance(value, Case) or value.default != Value(None):
            return False
        results = [case.result for case in value.cases]
        return all(isinstance(result, Value) and self._is_safe(result.value) for result in results)

    def _is_safe(self, value: Any) -> bool:
        return isinstance(value, self.envelope_class) or value in EMPTY

    def value_to_string(self, obj: Model) -> str:
        """Give the token: a dump of rows holds nothing in clear."""
        return str(self.get_prep_value(self.pre_save(obj, False)))


_classes: dict[type[Field[Any, Any]], type[Any]] = {}


def sealed_class(base: type[Field[Any, Any]]) -> type[Any]:
    """Make, once, the sealed kind of a field class.

    Raises:
        TypeError: values of that class can't be sealed.
    """
    codec = codec_for(base)
    if codec is None:
        raise TypeError(f"{base.__name__} can't be sealed: use a text, date or JSON field.")
    if base not in _classes:
        _classes[base] = type(f"Sealed{base.__name__}", (SealedMixin, base), {"base_class": base, "codec": codec})
    return _classes[base]


F = TypeVar("F", bound="Field[Any, Any]")


def sealed(base_field: F, *, account: str = "user_id", blind_index: bool = False) -> F:
    """Seal a field: `sealed(models.CharField(max_length=200), account="user_id", blind_index=True)`."""
    _, _, args, kwargs = base_field.deconstruct()
    made: F = sealed_class(type(base_field))(*args, account=account, blind_index=blind_index, **kwargs)
    return made
