"""System checks: what production needs and has no default for, besides SECRET_KEY, without which nothing starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

REQUIRED = {  # setting: (id, what to set it to)
    "ALLOWED_HOSTS": ("config.E001", "The host names that people type, separated by commas."),
    "SITE_URL": ("config.E002", "The address that links in mail begin with, such as https://accounts.example.org."),
    "DATABASE_URL": ("config.E003", "postgres://user:password@host/name, also from DATABASE_URL_FILE."),
    "KEYS_DATABASE_URL": ("config.E004", "A PostgreSQL database of its own for the data keys, backed up apart."),
    "REDIS_URL": ("config.E005", "redis://host:6379/0, the cache and the broker."),
    "EMAIL_URL": ("config.E006", "smtp+tls://user:password@host:587, also from EMAIL_URL_FILE."),
}


def check_required_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name each setting that production needs and the environment doesn't give (config.E001 to config.E006)."""
    return [
        Error(f"{name} is not set.", hint=hint, id=check_id)
        for name, (check_id, hint) in REQUIRED.items()
        if not getattr(settings, name)
    ]


def check_databases_apart(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse data keys that lie in the database they protect (config.E007)."""
    if not settings.DATABASE_URL or settings.DATABASE_URL != settings.KEYS_DATABASE_URL:
        return []
    hint = "Give KEYS_DATABASE_URL a database of its own: a backup of one is then worthless without the other."
    return [Error("KEYS_DATABASE_URL is the same database as DATABASE_URL.", hint=hint, id="config.E007")]
