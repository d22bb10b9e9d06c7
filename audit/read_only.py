"""Admin pages that only show: on every floor, what is stored changes through a service or not at all."""

import re
from typing import Any

from django.http import HttpRequest

# What Django's own filters and date hierarchies add to a field's name.
FILTERS = r"(__(id|pk))?(__(exact|in|isnull|isempty|year|month|day|gte|lt))?"
ITSELF = re.compile(r"(id|pk)(__(exact|in))?")


class ReadOnly:
    """Mixed into a ModelAdmin or an inline, refuses to add, change and delete, whoever asks."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to add a row."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to change a row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to delete a row."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the address of a list to filter by what its page offers, and by the row's id.

        Django allows every column of the row itself, shown or not. Asked `?session_key__startswith=a` and so on, a list
        of sessions would spell out their keys.
        """
        return bool(ITSELF.fullmatch(lookup)) or any(
            re.fullmatch(re.escape(name) + FILTERS, lookup) for name in self._offered()
        )

    def _offered(self) -> list[str]:
        """Name the fields of the list's filters and of its date hierarchy."""
        filters = [item[0] if isinstance(item, tuple) else item for item in getattr(self, "list_filter", ())]
        return [name for name in [*filters, getattr(self, "date_hierarchy", None)] if name]
