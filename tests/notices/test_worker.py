"""A real Celery worker, the broker of this run, and a mail that arrives."""

from time import monotonic, sleep

import pytest
from django.db import transaction

from config import mailbox
from notices import services as notices
from notices.hurry import broker
from notices.kinds import Kind
from notices.models import State
from tests.factories import make_user

PATIENCE = 30.0  # seconds


@pytest.mark.slow
def test_a_notice_is_mailed_by_a_worker_soon_after_the_commit(worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "rest_until", 0.0)
    person = make_user(email="by-worker@example.org")
    with transaction.atomic():
        notice = notices.send(Kind.PASSWORD_CHANGED, to=person)
    until = monotonic() + PATIENCE
    while notice.state == State.QUEUED and monotonic() < until:
        sleep(0.2)
        notice.refresh_from_db()
    assert notice.state == State.SENT
    assert any(mail.to == ["by-worker@example.org"] for mail in mailbox.latest())
