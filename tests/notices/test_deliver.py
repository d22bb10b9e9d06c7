"""An e-mail is sent once and for sure: after failures, kills and two workers at a time."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone

from accounts.models import User
from audit.events import Event
from audit.models import Entry
from notices import post
from notices import services as notices
from notices.kinds import Kind
from notices.models import LEASE, MAX_ATTEMPTS, WAITS, Notice, State
from notices.tasks import deliver_notice, sweep_deliveries
from tests.notices.conftest import make_overdue, queue
from vault import keys


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def _workers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is hurried be delivered at once, as a worker would."""
    monkeypatch.setattr("notices.hurry.Broker.hurry", lambda _self, pk, **_: deliver_notice(str(pk)) or True)


def sent() -> list[EmailMultiAlternatives]:
    """Give the mails sent so far, each of which has a second form in HTML."""
    return [message for message in mail.outbox if isinstance(message, EmailMultiAlternatives)]


def refuse(*_: object) -> None:
    """Be a mail server whose answer repeats the address."""
    raise SMTPRecipientsRefused({"wang@example.org": (550, b"no wang@example.org here")})


def be_killed(*_: object) -> None:
    """Be a worker that is killed here: no handler of errors runs."""
    raise KeyboardInterrupt


def test_a_mail_says_why_it_comes_work_or_the_readers_own_account(notice: Notice) -> None:
    notices.deliver(notice_id=notice.pk)
    notices.deliver(notice_id=queue(notice.to, Kind.DISCLOSURE_SUBMITTED, about=notice).pk)
    own, work = ([str(message.body), str(message.alternatives[0][0])] for message in sent())
    assert all("because it is about your account" in text for text in own)
    assert all("because you work on disclosure requests" in text for text in work)
    assert all("about your account" not in text for text in work)


def test_a_notice_goes_out_as_text_and_html_to_the_accounts_address(notice: Notice) -> None:
    assert notices.deliver(notice_id=notice.pk) == State.SENT
    (message,) = sent()
    assert message.to == ["wang@example.org"]
    assert message.subject == "Your password was changed"
    assert message.extra_headers["Message-ID"] == f"<{notice.pk}@localhost>"
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    for text in (str(message.body), str(html)):
        assert "Your password was changed on" in text
        assert "/my/security/" in text
        assert "/notices/" in text


def test_the_delivery_is_written_down(notice: Notice, person: User) -> None:
    notices.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.error) == (State.SENT, 1, "")
    assert notice.sent_at is not None
    entry = Entry.objects.about(person).get(event=Event.NOTICE_DELIVERED)
    assert (entry.actor, entry.target_id) == ("system:deliver_notice", str(notice.pk))


def test_the_mail_speaks_the_language_of_the_person(person: User) -> None:
    person.language = "zh-hans"
    person.save(update_fields=["language"])
    notices.deliver(notice_id=queue(person).pk)
    ((html, _),) = sent()[0].alternatives
    assert '<html lang="zh-hans">' in str(html)


@pytest.mark.clause("1.2")
def test_no_mail_holds_a_protected_value_in_subject_or_body(person: User) -> None:
    person.profile.real_name = "Wang Fang"
    person.profile.save()
    for kind in Kind:
        notices.deliver(notice_id=queue(person, kind).pk)
    assert len(mail.outbox) == len(Kind)
    for message in sent():
        text = f"{message.subject}{message.body}{message.alternatives}"
        assert "Wang" not in text
        assert "wang@" not in text


def test_a_notice_to_another_address_goes_there_alone_and_forgets_it(person: User) -> None:
    notice = queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    notices.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert [message.to for message in mail.outbox] == [["old@example.org"]]
    assert notice.address == ""


def test_delivering_twice_sends_one_mail(notice: Notice) -> None:
    assert [notices.deliver(notice_id=notice.pk) for _ in range(2)] == [State.SENT, None]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(notice: Notice) -> None:
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(_deliver_in_thread, [notice.pk] * 4))
    assert sorted(states, key=str) == [None, None, None, State.SENT]
    assert len(mail.outbox) == 1


def _deliver_in_thread(notice_id: Any) -> State | None:
    try:
        return notices.deliver(notice_id=notice_id)
    finally:
        connection.close()


def test_a_mail_server_that_fails_is_asked_again_later_and_later(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "send", refuse)
    for wait in WAITS:
        before = timezone.now()
        assert notices.deliver(notice_id=notice.pk) == State.QUEUED
        assert notices.deliver(notice_id=notice.pk) is None
        notice.refresh_from_db()
        assert timedelta(0) <= notice.next_try_at - before - wait < timedelta(seconds=10)
        make_overdue()
    assert notices.deliver(notice_id=notice.pk) == State.FAILED
    notice.refresh_from_db()
    assert (notice.attempts, notice.error) == (MAX_ATTEMPTS, "SMTPRecipientsRefused")
    assert Entry.objects.filter(event=Event.NOTICE_FAILED).count() == 1


def test_after_failures_the_mail_still_goes_out(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(post, "send", refuse)
        notices.deliver(notice_id=notice.pk)
    make_overdue()
    assert notices.deliver(notice_id=notice.pk) == State.SENT
    assert len(mail.outbox) == 1


@pytest.mark.clause("1.2")
def test_an_error_that_repeats_the_address_reaches_neither_log_nor_database(
    notice: Notice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(post, "send", refuse)
    with caplog.at_level(logging.DEBUG):
        notices.deliver(notice_id=notice.pk)
    assert "SMTPRecipientsRefused" in caplog.text
    assert "wang" not in caplog.text
    assert "wang" not in str(Notice.objects.values().get())


def test_an_address_that_failed_for_good_is_forgotten(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    monkeypatch.setattr(post, "send", refuse)
    for _ in range(MAX_ATTEMPTS):
        notices.deliver(notice_id=notice.pk)
        make_overdue()
    notice.refresh_from_db()
    assert (notice.state, notice.address) == (State.FAILED, "")


@pytest.mark.usefixtures("_workers_at_once")
def test_a_worker_killed_before_the_mail_left_costs_a_lease_and_the_sweep_sends_it_once(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(post, "send", be_killed)
        with pytest.raises(KeyboardInterrupt):
            notices.deliver(notice_id=notice.pk)
    sweep_deliveries()
    assert mail.outbox == []  # the lease still runs
    make_overdue()
    sweep_deliveries()
    sweep_deliveries()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("_workers_at_once")
def test_a_worker_killed_after_the_mail_left_has_the_same_mail_sent_once_more(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr("notices.services.delivery._settle", be_killed)
        with pytest.raises(KeyboardInterrupt):
            notices.deliver(notice_id=notice.pk)
    make_overdue()
    sweep_deliveries()
    sweep_deliveries()
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [f"<{notice.pk}@localhost>"] * 2
    notice.refresh_from_db()
    assert notice.state == State.SENT


def test_a_notice_that_kills_every_worker_is_given_up(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "send", be_killed)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            notices.deliver(notice_id=notice.pk)
        make_overdue()
    assert notices.deliver(notice_id=notice.pk) is None
    notice.refresh_from_db()
    assert notice.state == State.FAILED


def test_a_worker_that_outlived_its_lease_changes_nothing(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "send", lambda _: Notice.objects.update(attempts=2))  # another worker claimed meanwhile
    assert notices.deliver(notice_id=notice.pk) is None
    notice.refresh_from_db()
    assert notice.state == State.QUEUED


def test_a_claim_lasts_for_its_lease(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "send", be_killed)
    with pytest.raises(KeyboardInterrupt):
        notices.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert notice.last_tried_at is not None
    assert notice.next_try_at == notice.last_tried_at + LEASE


@pytest.mark.usefixtures("_workers_at_once")
def test_the_sweep_leaves_a_notice_to_its_own_request_for_a_moment(notice: Notice) -> None:
    sweep_deliveries()
    assert mail.outbox == []
    make_overdue()
    sweep_deliveries()
    assert len(mail.outbox) == 1


@pytest.mark.clause("3.2")
def test_an_account_without_an_address_is_owed_no_mail(person: User, notice: Notice) -> None:
    person.email = ""
    person.save(update_fields=["email"])
    assert notices.deliver(notice_id=notice.pk) == State.NOT_OWED


@pytest.mark.clause("3.2")
def test_an_account_whose_key_is_destroyed_is_owed_no_mail(person: User, notice: Notice) -> None:
    keys.destroy_data_key(person.pk)
    keys.forget()
    assert notices.deliver(notice_id=notice.pk) == State.NOT_OWED
    assert mail.outbox == []


@pytest.mark.clause("3.2")
def test_erasing_notices_leaves_nothing_to_deliver(person: User, notice: Notice) -> None:
    queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    assert notices.erase_notices(user=person) == 2
    assert notices.deliver(notice_id=notice.pk) is None
    assert not Notice.objects.exists()
    assert Entry.objects.about(person).filter(event=Event.NOTICE_SENT).count() == 2
