"""Decides, before Django reads its settings, what the tests run on. Loaded by `-p tests.environment` in pyproject.toml.

    python -m pytest              SQLite, no servers (or the servers that DATABASE_URL and REDIS_URL name)
    python -m pytest --servers    PostgreSQL and Redis, found or started by tests/services

A developer's own `.env` and `var/` are never read or touched.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.services import find_servers

FIXED = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOCAL": "1",
    "SECRET_KEY": "tests-only-" + "x" * 50,
    "SITE_URL": "http://testserver",
    "LOG_LEVEL": "WARNING",
    "PYTHONHASHSEED": "0",  # xdist's processes must list the same tests, those made from sets too
}
NOT_FROM_DOTENV = ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "EMAIL_URL", "KEYRING", "ROOT_KEY")

_stack = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --servers."""
    parser.addoption("--servers", action="store_true", help="run on PostgreSQL and Redis, started if need be")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment, before pytest-django loads the settings in the same hook. xdist's workers inherit it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        prepare(servers=early_config.known_args_namespace.servers)
    return (yield)


def prepare(*, servers: bool) -> None:
    """Make a folder for local state, start the servers asked for, write the environment."""
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="pledge-tests-", ignore_cleanup_errors=True)))
    for name in NOT_FROM_DOTENV:
        os.environ.setdefault(name, "")
    paths = {"KEYRING_PATH": str(folder / "keyring.json"), "ROOT_KEY_PATH": str(folder / "root_key")}
    os.environ.update(FIXED | paths | {"VAR_DIR": str(folder), "REDIS_PREFIX": f"test-{folder.name}"})
    if servers:
        os.environ.update(_stack.enter_context(find_servers(folder)))


def pytest_sessionstart() -> None:
    """Make the keys of these tests, once for all of xdist's workers."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        call_command("make_keyring", stdout=StringIO())


def pytest_unconfigure() -> None:
    """Stop what was started; remove the folder."""
    _stack.close()
