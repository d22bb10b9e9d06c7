"""A real Celery worker on the databases and the broker of the running tests."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connections

from tests.services.programs import running

URLS = {"default": "DATABASE_URL", "keys": "KEYS_DATABASE_URL"}


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """Run one solo worker for as long as the block runs; it needs PostgreSQL and Redis, and sees what is committed."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "info"]
    log = folder / "worker.log"
    with running(command, log, lambda: "ready." in log.read_text(), environment=os.environ | addresses()):
        yield


def addresses() -> dict[str, str]:
    """Give the environment that leads another process to the databases and the broker of these tests."""
    urls = {name: address_of(alias, os.environ[name]) for alias, name in URLS.items()}
    return urls | {"REDIS_PREFIX": settings.REDIS_PREFIX}


def address_of(alias: str, url: str) -> str:
    """Give the address of a test database: the configured one, with the name that Django gave its test copy."""
    return urlunsplit(urlsplit(url)._replace(path="/" + str(connections[alias].settings_dict["NAME"])))
