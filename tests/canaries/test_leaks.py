"""No protected value is found anywhere in clear: while an account lives, while it is erased, and after (1.1, 1.2)."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import Erasure, State, User
from accounts.services import checklist
from accounts.tasks import erase_account, sweep_erasures
from config import mailbox
from notices.models import Notice
from notices.tasks import deliver_notice
from tests.canaries.planting import Walk
from tests.canaries.search import Place, search
from tests.canaries.staff import disclose, go_wrong, seek
from tests.canaries.stores import databases, empty_logs_ahead, everything_kept, files, listening

FILLED = {
    "default.accounts_profile.real_name",
    "default.accounts_user.email",
    "default.account_emailaddress.email",
    "default.audit_entry.details",
    "default.disclosures_disclosurerequest.purpose_sealed",
    "default.django_session.session_data",
    "default.mfa_authenticator.data",
    "default.notices_notice.address",
    "keys.vault_datakey.wrapped",
    "mail: body",
    "mail: subject",
}
FILLED_HERE = {"cache: a key", "cache: a value", "default: dump", "keys: dump"}
FILLED_ON_SERVERS = {"redis: a key"}
QUEUE = f"redis: {settings.REDIS_PREFIX}:celery"
PATIENCE = 60.0  # seconds


@pytest.mark.clause("1.1")
@pytest.mark.clause("1.2")
def test_no_protected_value_is_found_anywhere(
    transactional_db: None, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_logs_ahead()
    with listening() as heard:
        visit_everything(walk, monkeypatch)
        living = set(everything_kept())
        carry()
        begin_erasure(walk.user, monkeypatch)
        leaving = set(databases())
        finish_erasure(walk.user)
        gone = set(everything_kept())
    check_full(living)
    check(walk, living | leaving | gone | {("log", heard.getvalue().encode()), *walk.notebook})


@pytest.mark.clause("1.1")
@pytest.mark.clause("1.2")
@pytest.mark.slow
def test_no_protected_value_is_found_after_a_worker_did_its_part(
    worker: None, walk: Walk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with listening() as heard:
        visit_everything(walk, monkeypatch)
        wait_until(lambda: not Notice.objects.due().exists())
        User.objects.filter(pk=walk.user.pk).update(erase_at=timezone.now() - timedelta(minutes=1))
        wait_until(lambda: sweep_erasures() or walk.user.state == State.ERASED)
    by_worker = set(files(tmp_path))
    assert any(b"deliver_notice" in content for _, content in by_worker), "the worker's log is empty"
    check(walk, {*everything_kept(), *by_worker, ("log", heard.getvalue().encode()), *walk.notebook})


def visit_everything(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    """Make every visit, the person's and the staff's."""
    for visit in (walk.register, walk.err, walk.fill_in, walk.look, walk.be_asked_again):
        visit()
    go_wrong(walk, patch)
    disclose(walk)
    seek(walk)
    for visit in (walk.move, walk.reset, walk.secure, walk.leave):
        visit()


def carry() -> None:
    """Do the workers' part in this process: mail every notice, and keep the mails as on one person's machine."""
    for notice in Notice.objects.due():
        deliver_notice(str(notice.pk))
    for message in mail.outbox:
        mailbox.keep(message)


def begin_erasure(user: User, patch: pytest.MonkeyPatch) -> None:
    """Let the cooling-off pass and the erasure stop where the account's address waits for its last notice."""
    User.objects.filter(pk=user.pk).update(erase_at=timezone.now() - timedelta(minutes=1))
    sweep_erasures()
    with patch.context() as broken:
        broken.setattr(checklist, "destroy_key", fail)
        erase_account(str(user.pk))
    assert Erasure.objects.get().last_address


def fail(*args: object, **kwargs: object) -> None:
    """Break down."""
    raise RuntimeError


def finish_erasure(user: User) -> None:
    """End the erasure: destroy the key, mail the last notice."""
    for _ in range(2):
        erase_account(str(user.pk))
        carry()
    erase_account(str(user.pk))
    assert User.objects.get(pk=user.pk).state == State.ERASED


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for a worker."""
    until = monotonic() + PATIENCE
    while not done():
        assert monotonic() < until, "the worker took too long"
        sleep(0.5)


def check_full(places: Iterable[Place]) -> None:
    """Make sure that there was something to search."""
    filled = {place for place, content in places if content}
    assert not (FILLED | (FILLED_ON_SERVERS if settings.REDIS_URL else FILLED_HERE)) - filled
    assert any(place.startswith(("file broker/queue/", QUEUE)) for place in filled)


def check(walk: Walk, places: Iterable[Place]) -> None:
    """Search, and tell what was found where."""
    hits = search(places, walk.canaries)
    assert not hits, "\n".join(map(str, hits))
