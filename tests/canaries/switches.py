"""Switch one protection off, as a careless change would, so that the leak test can be seen to fail."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.signals import user_login_failed
from django.core.cache import caches
from django.core.cache.backends.base import default_key_func

from accounts.hashers import Argon2idHasher
from vault import secrets
from vault.blind_index import LENGTH
from vault.envelope import Envelope, opened_values
from vault.fields import SealedMixin


def sealed_fields() -> dict[str, SealedMixin]:
    """Give every sealed field of the project by the column that it fills; a new one is tested by itself."""
    found = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    sealed = [field for field in found if isinstance(field, SealedMixin)]
    return {f"default.{field.model._meta.db_table}.{field.column}": field for field in sealed}


def unseal(field: SealedMixin, patch: pytest.MonkeyPatch) -> None:
    """Have a field store its values in clear, behind the blind index where it has one, and read them so."""
    seal, start = field.pre_save, LENGTH if field.blind_index else 0

    def pre_save(row: Any, add: bool) -> Any:
        envelope = seal(row, add)
        if not isinstance(envelope, Envelope):
            return envelope
        return envelope.token[:start] + field.codec.encode(opened_values(row)[field.attname]).decode()

    def from_db_value(stored: str | None, *args: Any) -> Any:
        return field.codec.decode(stored[start:].encode()) if stored else stored

    patch.setattr(field, "pre_save", pre_save)
    patch.setattr(field, "from_db_value", from_db_value)
    for name in ("get_db_prep_value", "get_db_prep_save"):
        patch.setattr(field, name, as_it_is)


def as_it_is(value: Any, *args: Any, **kwargs: Any) -> Any:
    """Let a value through to the database."""
    return value


def leave_open(purpose: str, patch: pytest.MonkeyPatch) -> None:
    """Have what is sealed under the keyring for one purpose stay as it is."""
    seal, open_ = secrets.seal, secrets.open
    patch.setattr(secrets, "seal", lambda text, why: text if why == purpose else seal(text, why))
    patch.setattr(secrets, "open", lambda token, why: token if why == purpose else open_(token, why))


def name_cache_keys_plainly(patch: pytest.MonkeyPatch) -> None:
    """Use Django's own cache keys."""
    patch.setattr(caches["default"], "key_func", default_key_func)


class NoHasher(Argon2idHasher):
    """Keeps a password as it is."""

    def encode(self, password: str, salt: str) -> str:
        """Hash nothing."""
        return f"argon2$argon2id${password}"

    def verify(self, password: str, encoded: str) -> bool:
        """Compare."""
        return encoded == self.encode(password, "")

    def must_update(self, encoded: str) -> bool:
        """Be content."""
        return False


@contextmanager
def logging_failed_sign_ins() -> Iterator[None]:
    """Log what was typed at each sign-in that fails."""

    def log(credentials: dict[str, Any], **kwargs: Any) -> None:
        logging.getLogger("accounts").info("A sign-in failed: %s", credentials)

    user_login_failed.connect(log)
    try:
        yield
    finally:
        user_login_failed.disconnect(log)
