"""A notice is written with the change that it tells of, or not at all."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from audit import services as audit
from audit.events import Event
from audit.exceptions import PersonalDataInDetails
from audit.models import Entry
from notices import services as notices
from notices.kinds import Kind
from notices.models import Notice, State
from tests.notices.conftest import queue


def test_a_notice_waits_in_the_outbox_and_is_in_the_inbox(person: User) -> None:
    notice = queue(person, Kind.PROFILE_CORRECTED, fields=["real_name"])
    assert (notice.state, notice.attempts, notice.details) == (State.QUEUED, 0, {"fields": ["real_name"]})
    assert list(Notice.objects.in_inbox(person).unread()) == [notice]
    assert Entry.objects.about(person).get(event=Event.NOTICE_SENT).details == {"kind": "profile_corrected"}


def test_it_keeps_the_type_and_id_of_what_it_is_about(person: User) -> None:
    notice = queue(person, about=person)
    assert (notice.about_type, notice.about_id) == ("accounts.user", str(person.pk))


def test_dates_and_times_become_codes(person: User) -> None:
    notice = queue(person, due_on=date(2026, 2, 1), erase_at=datetime(2026, 2, 1, 12, tzinfo=UTC))
    assert notice.details == {"due_on": "2026-02-01", "erase_at": "2026-02-01T12:00:00+00:00"}


@pytest.mark.clause("1.2")
def test_a_detail_that_could_be_personal_is_refused(person: User) -> None:
    with pytest.raises(PersonalDataInDetails):
        queue(person, Kind.PROFILE_CORRECTED, real_name="Wang Fang")
    assert not Notice.objects.exists()


@pytest.mark.clause("1.2")
def test_an_address_of_its_own_is_sealed_and_stays_out_of_the_inbox(person: User) -> None:
    notice = queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notices_notice")
        (stored,) = cursor.fetchone()
    assert stored
    assert "old@" not in stored
    assert list(Notice.objects.holding_address(person)) == [notice]
    assert not Notice.objects.in_inbox(person).exists()


def test_the_same_notice_is_made_once(person: User) -> None:
    first, second = (queue(person, Kind.CANCELLATION_REMINDER, once="2026-02-01") for _ in range(2))
    other = queue(person, Kind.CANCELLATION_REMINDER, once="2026-03-01")
    assert first == second != other
    assert Entry.objects.filter(event=Event.NOTICE_SENT).count() == 2


def test_the_workers_are_asked_after_the_commit_alone(
    person: User, hurried: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notice = queue(person)
        assert hurried == []
    assert hurried == [notice.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_neither_change_nor_entry_nor_notice(person: User, hurried: list[object]) -> None:
    with pytest.raises(ZeroDivisionError):
        _change_then_fail(person)
    person.refresh_from_db()
    assert person.department == ""
    assert not Entry.objects.filter(event=Event.PROFILE_CORRECTED).exists()
    assert not Notice.objects.exists()
    assert hurried == []


@transaction.atomic
def _change_then_fail(person: User) -> float:
    person.department = "legal"
    person.save(update_fields=["department"])
    audit.record(Event.PROFILE_CORRECTED, actor=person, subject=person)
    notices.send(Kind.PROFILE_CORRECTED, to=person)
    return 1 / 0
