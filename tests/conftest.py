"""What every test gets by itself, and the fixtures that many ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.live import Live
from tests.services.browser import browser as run_browser
from tests.services.worker import worker as run_worker
from tests.triggers import let_flush_pass_triggers
from vault import keys

ALIASES = ["default", "keys"]
DATABASE_FIXTURES = {"db", "transactional_db", "live", "live_server", "worker", "client", "admin_client"}


def pytest_configure(config: pytest.Config) -> None:
    """Give each of xdist's workers its own corner of Redis, before anything connects to it."""
    worker_id = os.environ.get("PYTEST_XDIST_WORKER")
    if worker_id and settings.REDIS_URL:
        settings.REDIS_PREFIX = f"{settings.REDIS_PREFIX}-{worker_id}"
        settings.CACHES["default"]["KEY_PREFIX"] = settings.REDIS_PREFIX
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{settings.REDIS_PREFIX}:"


@pytest.hookimpl(tryfirst=True)  # before pytest-django orders tests by what they do to the database
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, give database tests both databases, leave out PostgreSQL's where there is none."""
    for item in items:
        if "live" in fixtures_of(item):
            item.add_marker("browser")
        if "worker" in fixtures_of(item):
            item.add_marker("postgres")
        mark = item.get_closest_marker("django_db")
        if mark or DATABASE_FIXTURES & fixtures_of(item):
            options = {"transaction": needs_commits(item), **(mark.kwargs if mark else {}), "databases": ALIASES}
            item.add_marker(pytest.mark.django_db(**options), append=False)
    if not settings.DATABASE_URL:
        deselected = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]


def needs_commits(item: pytest.Item) -> bool:
    """Tell whether another thread or process must see what the test writes."""
    return bool({"transactional_db", "live", "live_server", "worker"} & fixtures_of(item))


def fixtures_of(item: pytest.Item) -> set[str]:
    """Name every fixture that the test uses, those of its fixtures included."""
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Put SQLite's test databases where another process with the same VAR_DIR finds them; real files, real locks."""
    for alias in ALIASES:
        database = connections[alias].settings_dict
        if database["ENGINE"].endswith("sqlite3"):
            database["TEST"]["NAME"] = str(database["NAME"])
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the flush after a transactional test pass the triggers that guard the audit log and published texts."""
    let_flush_pass_triggers()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no test see another's opened keys, or what another left in the cache."""
    keys.forget()
    yield
    keys.forget()
    clear_cache()


def clear_cache() -> None:
    """Empty the cache: on Redis only what is under the tests' own prefix, never the whole server."""
    if not settings.REDIS_URL:
        cache.clear()
        return
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # Django has no way to clear a prefix
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*"):
        client.delete(key)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Chromium, started once. Playwright keeps an event loop in this thread until the end, also under later tests."""
    with run_browser() as browser, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def live(live_server: LiveServer, chromium: Browser) -> Iterator[Live]:
    """A browser page on the running site. After the test, any broken Content-Security-Policy rule fails it."""
    with Live.on(chromium, live_server.url) as page:
        yield page
    assert page.violations == []


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A real Celery worker on the databases and the broker of this test."""
    with run_worker(tmp_path):
        yield
