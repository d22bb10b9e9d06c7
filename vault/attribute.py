"""The attribute of a sealed field on its model: opens at first access."""

from typing import Any

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from vault.envelope import Envelope, opened_values
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
        name = self.name
        try:
            value = instance.__dict__[name]
        except KeyError:
            super().__get__(instance, cls)
            return self.__get__(instance, cls)
        if value.__class__ is not self.envelope_class:
            return value
        opened = opened_values(instance)
        if name not in opened:
            opened[name] = self.sealer.open_for(instance, value)
        return opened[name]

    def __set__(self, instance: Model, value: Any) -> None:
        """Take a new value, never parsed as a token; the text that is already there keeps its envelope."""
        data, name = instance.__dict__, self.name
        if name not in data:
            data[name] = value
        elif value.__class__ is self.envelope_class or not self._is_the_same(instance, value):
            data[name] = value
            opened_values(instance).pop(name, None)

    def _is_the_same(self, instance: Model, value: Any) -> bool:
        if self.sealer.codec.mutable or not isinstance(instance.__dict__[self.name], Envelope):
            return False
        return bool(opened_values(instance).get(self.name, NOTHING) == value)
