"""What belongs to no account: sessions, cache keys, second-factor secrets."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client

from vault import secrets
from vault.exceptions import SealBroken
from vault.sessions import SessionStore


def test_a_secret_opens_for_its_own_purpose_only() -> None:
    token = secrets.seal("JBSWY3DPEHPK3PXP", "totp")
    assert "JBSWY" not in token
    assert secrets.open(token, "totp") == "JBSWY3DPEHPK3PXP"
    with pytest.raises(SealBroken):
        secrets.open(token, "session")


@pytest.mark.parametrize("token", ["", "1.", "x.y", "9.AAAA", "1.AAAA"])
def test_what_was_never_sealed_does_not_open(token: str) -> None:
    with pytest.raises(SealBroken):
        secrets.open(token, "totp")


def test_a_fingerprint_tells_same_from_different_per_purpose() -> None:
    assert secrets.fingerprint("a@example.com", "x") == secrets.fingerprint("a@example.com", "x")
    assert secrets.fingerprint("a@example.com", "x") != secrets.fingerprint("a@example.com", "y")


@pytest.mark.clause("1.1")
def test_a_session_is_sealed_in_the_database(db: None) -> None:
    store = SessionStore()
    store["email"] = "canary@example.com"
    store.save()
    row = Session.objects.get()
    assert "canary" not in row.session_data
    assert SessionStore(store.session_key)["email"] == "canary@example.com"


def test_a_session_that_was_tampered_with_is_empty_and_harmless(db: None, client: Client) -> None:
    store = SessionStore()
    store["x"] = 1
    store.save()
    Session.objects.update(session_data="1.tampered")
    assert "x" not in SessionStore(store.session_key)


def test_cache_keys_tell_nothing() -> None:
    assert "canary" not in caches["default"].make_key("canary@example.com")
