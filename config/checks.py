"""System checks: what production needs and has no default for."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

REQUIRED = {  # setting: (id, what to set it to)
    "SECRET_KEY": (
        "config.E001",
        "50 or more random characters, by SECRET_KEY or SECRET_KEY_FILE; `manage.py setup` makes one.",
    ),
    "ALLOWED_HOSTS": ("config.E002", "The host names that people type, separated by commas."),
    "SITE_URL": ("config.E003", "The address that links in mail begin with, such as https://accounts.example.org."),
    "DATABASE_URL": ("config.E004", "postgres://user:password@host/name, also from DATABASE_URL_FILE."),
    "KEYS_DATABASE_URL": ("config.E005", "A PostgreSQL database of its own for the data keys, backed up apart."),
    "REDIS_URL": ("config.E006", "redis://host:6379/0, the cache and the broker."),
    "EMAIL_URL": ("config.E007", "smtp+tls://user:password@host:587, also from EMAIL_URL_FILE."),
}


def check_required_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name each setting that production needs and the environment doesn't give (config.E001 to config.E007)."""
    return [
        Error(f"{name} is not set.", hint=hint, id=check_id)
        for name, (check_id, hint) in REQUIRED.items()
        if not is_set(name)
    ]


def is_set(name: str) -> bool:
    """Tell whether a setting has a value; Django itself refuses to give an empty SECRET_KEY."""
    try:
        return bool(getattr(settings, name))
    except ImproperlyConfigured:
        return False


def check_databases_apart(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse data keys that lie in the database they protect (config.E008)."""
    if not settings.DATABASE_URL or settings.DATABASE_URL != settings.KEYS_DATABASE_URL:
        return []
    hint = "Give KEYS_DATABASE_URL a database of its own: a backup of one is then worthless without the other."
    return [Error("KEYS_DATABASE_URL is the same database as DATABASE_URL.", hint=hint, id="config.E008")]
