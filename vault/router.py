"""Keeps data keys in the database `keys`, and everything else out of it."""

from typing import Any

from django.db.models import Model

KEYS = "keys"


class KeysRouter:
    """The app `vault` lives in `keys`; no other app does; nothing crosses between the two."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Name the database to read `model` from."""
        return KEYS if model._meta.app_label == "vault" else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Name the database to write `model` to."""
        return self.db_for_read(model)

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool | None:
        """Refuse a relation between a data key and anything else."""
        return (
            None
            if left._meta.app_label == right._meta.app_label
            else "vault"
            not in {
                left._meta.app_label,
                right._meta.app_label,
            }
            or False
        )

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate `vault` on `keys` only, and nothing else there."""
        return (db == KEYS) == (app_label == "vault")
