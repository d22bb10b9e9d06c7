"""The attribute of a sealed field on its model: opens at first access."""

from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from vault.envelope import Envelope

if TYPE_CHECKING:
    from vault.fields import SealedMixin

NOTHING = object()


class SealedAttribute(DeferredAttribute):
    """Gives the opened value and keeps the envelope, so that a row saved unchanged isn't sealed again."""

    field: "SealedMixin"

    def __init__(self, field: "SealedMixin") -> None:
        super().__init__(field)
        self.name = field.attname

    def __get__(self, instance: Model | None, cls: type[Model] | None = None) -> Any:
        """Give the value, opening it the first time."""
        if instance is None:
            return self
        value = instance.__dict__.get(self.name, NOTHING)
        if value is NOTHING:
            super().__get__(instance, cls)
            return self.__get__(instance, cls)
        if value.__class__ is not Envelope:
            return value
        try:
            return value.value
        except AttributeError:
            return self.field.open_attribute(instance, value)

    def __set__(self, instance: Model, value: Any) -> None:
        """Take a new value, never parsed as a token; the text that is already there keeps its envelope."""
        data = instance.__dict__
        if value.__class__ is not Envelope and self.name in data and self._is_the_same(data[self.name], value):
            return
        data[self.name] = value

    def _is_the_same(self, current: Any, value: Any) -> bool:
        if current.__class__ is not Envelope or self.field.codec.mutable:
            return False
        return bool(getattr(current, "value", NOTHING) == value)
