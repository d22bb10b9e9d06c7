"""The attribute of a sealed field on its model: opens at first access."""

from typing import Any

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from vault.envelope import Envelope
from vault.sealer import Sealer

NOTHING = object()


class SealedAttribute(DeferredAttribute):
    """Gives the opened value and keeps the envelope, so that a row saved unchanged isn't sealed again."""

    def __init__(self, field: Any) -> None:
        super().__init__(field)
        self.name: str = field.attname
        self.sealer: Sealer = field.sealer
        self.envelope_class = field.sealer.envelope_class

    def __get__(self, instance: Model | None, cls: type[Model] | None = None) -> Any:
        """Give the value, opening it the first time."""
        if instance is None:
            return self
        try:
            value = instance.__dict__[self.name]
        except KeyError:
            super().__get__(instance, cls)
            return self.__get__(instance, cls)
        if value.__class__ is not self.envelope_class:
            return value
        try:
            return value.value
        except AttributeError:
            return self.sealer.open_for(instance, value)

    def __set__(self, instance: Model, value: Any) -> None:
        """Take a new value, never parsed as a token; the text that is already there keeps its envelope."""
        data, name = instance.__dict__, self.name
        if name not in data or value.__class__ is self.envelope_class or not self._is_the_same(data[name], value):
            data[name] = value

    def _is_the_same(self, current: Any, value: Any) -> bool:
        if not isinstance(current, Envelope) or self.sealer.codec.mutable:
            return False
        return bool(getattr(current, "value", NOTHING) == value)
