"""Sealed model fields: `real_name = sealed(models.CharField(max_length=200))`.

The declaration layer (field classes made on the fly, barred look-ups and relations) is django-cryptography's
`EncryptedMixin`; keys, ciphertexts and storage are the vault's own. docs/security.md says why.
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Field, Lookup, Model, Transform, Value
from django.db.models.functions import Cast
from django_cryptography.fields import EncryptedMixin

from vault import keys
from vault.attribute import SealedAttribute
from vault.encoding import Codec, codec_for
from vault.envelope import Envelope, opened_values
from vault.exceptions import SealedLookup, SealedWrite
from vault.lookups import BLIND_LOOKUPS
from vault.sealer import Sealer

EMPTY: tuple[Any, ...] = (None, "")  # stored as they are: that a field is empty is no secret worth a key


class RowValue(Value):
    """A value that `bulk_update` has sealed for the very row it goes to; nothing else may stand in an UPDATE's CASE."""


class SealedMixin(EncryptedMixin):
    """What every sealed field does besides what its base class does.

    `account` names the attribute of the row that holds the account's UUID; `blind_index` allows exact look-ups.
    """

    descriptor_class = SealedAttribute
    codec: Codec
    sealer: Sealer

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
        self.sealer = Sealer(label, self.codec, account=self.account, blind_index=self.blind_index)

    @property
    def label(self) -> str:
        """`app.model.field`."""
        return self.sealer.label

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
        """Give what is to be stored for this row: a new seal, or the envelope that it was read in.

        Inserting the account makes its data key even where this value is empty: others will be sealed for it later.
        """
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Envelope):
            return self.seal_attribute(model_instance, value)
        if add and self.is_account_itself:
            self._ready_key(getattr(model_instance, self.account))
        return value if value in EMPTY else self.seal_attribute(model_instance, value)

    @property
    def is_account_itself(self) -> bool:
        """Tell whether the row *is* the account, so that inserting it makes the data key."""
        pk = self.model._meta.pk
        return not pk.is_relation and pk.attname == self.account

    def _ready_key(self, account_id: UUID) -> None:
        if not keys.is_warm(keys.key_id_for(account_id)):
            keys.create_data_keys([account_id])

    def seal_attribute(self, row: Model, value: Any) -> Envelope:
        """Seal the row's value for its account, keep it in the row, and give the envelope."""
        account_id: UUID = getattr(row, self.account)
        if isinstance(value, Envelope):
            if not self._opened_and_mutable(row):
                return self._check_owner(value, account_id)
            value = opened_values(row)[self.attname]
        row.__dict__[self.attname] = envelope = self.sealer.seal(value, account_id)
        opened_values(row)[self.attname] = value
        return envelope

    def _opened_and_mutable(self, row: Model) -> bool:
        return self.codec.mutable and self.attname in opened_values(row)

    def _check_owner(self, envelope: Envelope, account_id: UUID) -> Envelope:
        if envelope.key_id != keys.key_id_for(account_id):
            raise SealedWrite(f"{self.label}: this value is sealed for another account.")
        return envelope

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Give the value closed, so that reading a row costs next to nothing."""
        return self.sealer.envelope_class(value, "utf-8") if value else value

    # The one gate to the database -------------------------------------------------------------------------

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Let through what is empty or sealed for this field; raise SealedWrite for all else."""
        if value.__class__ is self.sealer.envelope_class:
            return value.token
        if value in EMPTY or self._is_bulk_update(value):
            return value
        raise SealedWrite(f"{self.label} is sealed: set it on the row and save that, or use bulk_update.")

    get_db_prep_save = get_db_prep_value

    def get_prep_value(self, value: Any) -> Any:
        """Give the token of an envelope, for who serialises a row's raw content."""
        return value.token if isinstance(value, Envelope) else value

    def _is_bulk_update(self, value: Any) -> bool:
        if isinstance(value, Cast):
            return self._is_bulk_update(value.source_expressions[0])
        return isinstance(value, Case) and all(isinstance(case.result, RowValue) for case in value.cases)

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
