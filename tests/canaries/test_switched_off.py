"""The leak test fails, and names the place, where one protection is switched off: one test for each."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from accounts.services import request_cancellation
from tests.canaries.planting import Walk
from tests.canaries.search import Place, search
from tests.canaries.staff import disclose
from tests.canaries.stores import databases, files, listening, memory
from tests.canaries.switches import (
    leave_open,
    logging_failed_sign_ins,
    name_cache_keys_plainly,
    sealed_fields,
    unseal,
)
from tests.canaries.test_leaks import begin_erasure, carry

pytestmark = [pytest.mark.clause("1.1"), pytest.mark.clause("1.2"), pytest.mark.slow]

CANARIES = {  # which canary each column holds, where their names differ
    "recovery_question": {"question"},
    "recovery_answer": {"answer's hash"},
    "home_address": {"home_city", "home_street"},
    "mailing_address": {"mailing_city", "mailing_street", "mailing_code"},
    "email": {"email", "stray_email"},
}


def found(walk: Walk, places: Iterable[Place]) -> dict[str, set[str]]:
    """Search; give the canaries found in each place."""
    hits = search(places, walk.canaries)
    return {place: {hit.canary for hit in hits if hit.place == place} for place in {hit.place for hit in hits}}


@pytest.mark.parametrize("column", sealed_fields())
def test_a_field_that_is_not_sealed_is_found(column: str, walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    unseal(sealed_fields()[column], monkeypatch)
    walk.register()
    walk.fill_in()
    name = column.rpartition(".")[2]
    assert found(walk, databases()) == {column: CANARIES.get(name, {name})}


def test_a_plain_session_is_found(walk: Walk, settings: Settings) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    walk.register()
    walk.err()
    walk.be_asked_again()
    expected = {"email", "stray_email", "real_name"}
    assert found(walk, databases()) == {"default.django_session.session_data": expected}


def test_an_open_secret_of_an_authenticator_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_open("totp", monkeypatch)
    walk.register()
    walk.secure()
    assert found(walk, databases()) == {"default.mfa_authenticator.data": {"authenticator", "recovery codes"}}


def test_an_open_address_of_a_notice_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_open("notice", monkeypatch)
    walk.register()
    walk.move()
    assert found(walk, databases()) == {"default.notices_notice.address": {"email"}}


def test_open_texts_of_a_disclosure_are_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_open("disclosure", monkeypatch)
    walk.register()
    walk.fill_in()
    disclose(walk)
    columns = {place.removeprefix("default.disclosures_") for place in found(walk, databases())}
    facts = {f"disclosurerequest.{name}_sealed" for name in ("organisation", "contact", "legal_basis", "purpose")}
    assert columns == facts | {"approval.rationale_sealed"}


def test_an_open_last_address_of_an_erasure_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_open("last address", monkeypatch)
    walk.register()
    request_cancellation(user=walk.user)
    begin_erasure(walk.user, monkeypatch)
    assert found(walk, databases()) == {"default.accounts_erasure.last_address": {"email"}}


def test_an_open_mail_in_the_mailbox_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_open("mailbox", monkeypatch)
    walk.register()
    carry()
    places = found(walk, files(Path(configured.VAR_DIR)))
    assert [place for place in places if "/mailbox/" in place] == list(places) != []


def test_a_plain_cache_key_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    name_cache_keys_plainly(monkeypatch)
    walk.register()
    walk.err()
    where = "redis: a key" if configured.REDIS_URL else "cache: a key"
    assert {"email", "stray_email"} <= found(walk, memory())[where]


def test_a_kept_password_is_found(walk: Walk, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.canaries.switches.NoHasher"]
    walk.register()
    assert found(walk, databases()) == {"default.accounts_user.password": {"password"}}


def test_an_address_in_the_log_is_found(walk: Walk) -> None:
    with listening() as heard, logging_failed_sign_ins():
        walk.register()
        walk.err()
    assert found(walk, [("log", heard.getvalue().encode())]) == {"log": {"email", "new_email"}}
