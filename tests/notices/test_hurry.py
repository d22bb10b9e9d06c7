"""A broker that is away costs a request little time, and no notice."""

import logging
import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from celery import Celery
from django.conf import settings

from accounts.models import User
from notices import hurry
from notices.hurry import REST, Broker
from notices.models import Notice, State
from tests.notices.conftest import queue

PATIENCE = 6.0  # seconds: two for the connection, the rest for a busy machine


def celery_on(url: str) -> Celery:
    """Give a Celery application as ours is in production, with its broker at `url`."""
    app = Celery("elsewhere", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.REDIS_BROKER_OPTIONS, task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY
    )
    return app


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """A way to the workers with nothing remembered, whose server refuses every connection."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setattr(hurry, "current_app", celery_on(f"redis://127.0.0.1:{port}/0"))
    monkeypatch.setattr(hurry.broker, "rest_until", 0.0)
    return hurry.broker


@pytest.fixture
def _deaf_server(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose queue of connections is full, so that connecting hangs."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        monkeypatch.setattr(hurry, "current_app", celery_on(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"))
        yield


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_neither_breaks_nor_slows_the_change(broker: Broker, person: User) -> None:
    started = monotonic()
    notice = queue(person)
    assert monotonic() - started < PATIENCE
    assert Notice.objects.get().state == State.QUEUED
    assert list(Notice.objects.due()) == [notice]


@pytest.mark.usefixtures("_deaf_server")
def test_a_broker_that_hangs_is_waited_for_once_alone(broker: Broker, notice: Notice) -> None:
    started = monotonic()
    assert [broker.hurry(notice.pk) for _ in range(20)] == [False] * 20
    assert monotonic() - started < PATIENCE


def test_after_a_rest_the_broker_is_asked_again(
    broker: Broker, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.hurry(notice.pk)
    later = monotonic() + REST + 1
    monkeypatch.setattr(hurry, "monotonic", lambda: later)
    monkeypatch.setattr(hurry, "current_app", celery_on("memory://"))
    assert broker.hurry(notice.pk)


def test_what_is_logged_names_the_error_and_nobody(
    broker: Broker, notice: Notice, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "notices"):
        broker.hurry(notice.pk)
    (record,) = caplog.records
    assert record.getMessage() == "The broker is away (OperationalError); notices wait for the sweep"
