"""What tests of notices share."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notices import services as notices
from notices.hurry import Broker
from notices.kinds import Kind
from notices.models import LEASE, Notice
from tests.factories import make_user


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account."""
    return make_user(email="wang@example.org")


@pytest.fixture
def notice(person: User) -> Notice:
    """A notice that waits to be e-mailed to them."""
    return queue(person)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The ids that the broker was asked to hurry."""
    ids: list[object] = []

    def hurry(_self: Broker, notice_id: object, **_: object) -> bool:
        ids.append(notice_id)
        return True

    monkeypatch.setattr(Broker, "hurry", hurry)
    return ids


@transaction.atomic
def queue(person: User, kind: Kind = Kind.PASSWORD_CHANGED, **options: object) -> Notice:
    """Send a notice as a service does."""
    return notices.send(kind, to=person, **options)  # type: ignore[arg-type]  # options of send


def make_overdue() -> None:
    """Let the leases and the waits of all notices run out."""
    Notice.objects.update(next_try_at=timezone.now() - LEASE - timedelta(days=1))
