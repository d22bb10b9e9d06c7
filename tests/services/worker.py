"""A real Celery worker on the databases and the broker of the running tests."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from celery import current_app
from django.conf import settings
from django.db import connections

from tests.services.programs import running

URLS = {"default": "DATABASE_URL", "keys": "KEYS_DATABASE_URL"}


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """Run one solo worker for as long as the block runs. What tests write must be committed for it to see."""
    for key in ("data_folder_in", "control_folder"):
        if key in settings.CELERY_BROKER_TRANSPORT_OPTIONS:
            Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS[key]).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "info"]
    log = folder / "worker.log"
    with running(command, log, lambda: "ready." in log.read_text(), environment=os.environ | addresses()):
        yield
    current_app.pool.force_close_all()


def addresses() -> dict[str, str]:
    """Give the environment that leads another process to the databases of these tests."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", "").rstrip(":")
    urls = {name: address_of(alias, name) for alias, name in URLS.items() if os.environ.get(name)}
    return urls | ({"REDIS_PREFIX": prefix} if prefix else {})


def address_of(alias: str, variable: str) -> str:
    """Give the address of a test database: the configured one with the name that Django gave its test copy."""
    parts = urlsplit(os.environ[variable])
    return urlunsplit(parts._replace(path="/" + str(connections[alias].settings_dict["NAME"])))
