"""What the stories share: an agreement to agree to, jobs that are done at once, more people than one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from tests.live import Live

Visit = Callable[..., Live]

expect.set_options(timeout=15_000)  # milliseconds, for a machine that does other things as well


@pytest.fixture(autouse=True)
def _house(live: Live) -> Iterator[None]:
    """A site with an agreement in force, whose background jobs are done as soon as they are asked for."""
    call_command("seed_agreement", verbosity=0)
    app.loader.import_default_modules()
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Let somebody else come, each with a browser of their own; options as `Live.on` takes them."""
    with ExitStack() as stack:
        guests: list[Live] = []

        def come(**context: object) -> Live:
            guests.append(stack.enter_context(Live.on(chromium, live_server.url, **context)))
            return guests[-1]

        yield come
        assert [guest.violations for guest in guests if guest.violations] == []
