"""Loaded into allauth's own test run: puts the variant's account in the place of Django's, and notes every result.

allauth's settings modules stay as they are, for its conftest.py knows them by name; what differs is added to them.
"""

import json
import os
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import environ
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TransactionTestCase

VARIANT = os.environ["ALLAUTH_SUITE_VARIANT"]
FOLDER = Path(os.environ["ALLAUTH_SUITE_FOLDER"])
SEALED = VARIANT == "sealed"
ALIASES = ["default", "keys"] if SEALED else ["default"]
DATABASE_FIXTURES = {"db", "transactional_db"}
URLS = {"default": "DATABASE_URL", "keys": "KEYS_DATABASE_URL"}
VAULT = {
    "DATABASE_ROUTERS": ["vault.router.KeysRouter"],
    "KEY_PROVIDER": "vault.provider.LocalProvider",
    "VAULT_KEY_SECONDS": 60,
    "VAULT_KEYS_IN_MEMORY": 20_000,
    "ROOT_KEY": "",
    "ROOT_KEY_PATH": FOLDER / "root_key",
    "KEYRING": "",
    "KEYRING_PATH": FOLDER / "keyring.json",
    "SESSION_ENGINE": "vault.sessions",
}


def add_settings() -> None:
    """Add the variant's account, databases and, where it is sealed, the vault."""
    settings = vars(import_module(os.environ["DJANGO_SETTINGS_MODULE"]))
    added = ["vault", "tests.allauth_suite.sealed"] if SEALED else ["tests.allauth_suite.plain"]
    settings["INSTALLED_APPS"] = [*added, *settings["INSTALLED_APPS"]]
    settings["AUTH_USER_MODEL"] = f"{VARIANT}.User"
    settings["DATABASES"] = {alias: database(os.environ.get(URLS[alias], "")) for alias in ALIASES}
    settings.update(VAULT if SEALED else {})


def database(url: str) -> dict[str, Any]:
    """Give Django's settings of the database at `url`, or of one in memory."""
    return environ.Env.db_url_config(url or "sqlite://:memory:")


add_settings()


def pytest_configure(config: pytest.Config) -> None:
    """Let `from django.contrib.auth.models import User`, which the tests do, give the variant's account."""
    vars(import_module("django.contrib.auth.models"))["User"] = get_user_model()
    check_variant()
    if SEALED and not hasattr(config, "workerinput"):
        call_command("make_keyring", stdout=StringIO())


def check_variant() -> None:
    """Fail unless both addresses are what the variant's name says, or the comparison would be worth nothing."""
    for model in (get_user_model(), apps.get_model("account.EmailAddress")):
        field = type(model._meta.get_field("email")).__name__
        if field != ("SealedEmailField" if SEALED else "EmailField"):
            raise pytest.UsageError(f"{model._meta.label}.email is a {field}: that isn't the {VARIANT} variant.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test with a database all of the variant's."""
    for item in items:
        case = getattr(item, "cls", None)
        if isinstance(case, type) and issubclass(case, TransactionTestCase):
            case.databases = set(ALIASES)
        mark = item.get_closest_marker("django_db")
        if mark or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            options = {**(mark.kwargs if mark else {}), "databases": ALIASES}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no test see another's opened keys."""
    yield
    if SEALED:
        import_module("vault.keys").forget()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write which tests passed, failed, were skipped or couldn't be run."""
    results = {
        outcome: sorted(report.nodeid for report in terminalreporter.stats.get(outcome, []))
        for outcome in ("passed", "failed", "skipped", "error")
    }
    (FOLDER / "results.json").write_text(json.dumps(results))
