"""System checks of the key configuration. A server with a bad one refuses to start and says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from vault.exceptions import KeyringError
from vault.keyring import keyring
from vault.models import DataKey
from vault.rotation import indexed_fields, rows_with_lost_index
from vault.router import KEYS

LONGEST_KEY_SECONDS = 60


@register(Tags.security)
def check_keyring(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Open the keyring with the root key."""
    try:
        keyring()
    except KeyringError as error:
        return [Error(str(error), "docs/security.md, “Keys”.", id="vault.E001")]
    return []


@register(Tags.security)
def check_settings(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse settings under which a promise wouldn't hold."""
    found: list[CheckMessage] = []
    if settings.DATABASES[KEYS].get("ATOMIC_REQUESTS"):
        hint = "A data key must be stored even where the request's transaction fails."
        found.append(Error("ATOMIC_REQUESTS is on for the database `keys`.", hint, id="vault.E002"))
    if not 0 < settings.VAULT_KEY_SECONDS <= LONGEST_KEY_SECONDS:
        hint = "A destroyed key would go on opening values for longer than that."
        found.append(Error("VAULT_KEY_SECONDS must be from 1 to 60.", hint, id="vault.E003"))
    return found


@register(Tags.database)
def check_versions_in_use(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find data keys wrapped by a key-encryption key that the keyring no longer holds."""
    if KEYS not in (databases or []):
        return []
    try:
        used = set(DataKey.objects.values_list("kek_version", flat=True).distinct())
        missing = sorted(used - set(keyring()["kek"].keys))
    except (DatabaseError, KeyringError):  # not migrated yet; or E001 says it
        return []
    hint = "Restore that keyring entry from its backup: without it those accounts can't be opened."
    return [
        Error(f"Data keys are wrapped by KEK {v}, which the keyring lacks.", hint, id="vault.E004") for v in missing
    ]


@register(Tags.database)
def check_index_versions(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find rows whose blind index needs a key that the keyring no longer holds: their address could register twice."""
    if not databases:
        return []
    try:
        lost = [field.label for field in indexed_fields() if rows_with_lost_index(field).exists()]
    except (DatabaseError, KeyringError):
        return []
    hint = "Restore that keyring entry from its backup: without it those rows can't be found."
    return [Error(f"{label} is indexed under a key that the keyring lacks.", hint, id="vault.E005") for label in lost]
