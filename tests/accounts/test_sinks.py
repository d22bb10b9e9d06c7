"""Where allauth lets an e-mail address or a secret out, and that it can't here: the table in the vault's design."""

import hashlib
import logging
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connections
from django.urls import reverse

from accounts.models import User
from tests.accounts.people import ADDRESS, Person, words
from tests.accounts.test_sign_in import set_up_app
from tests.factories import PASSWORD, make_user
from tests.sign_in import sign_in_with_two_factors

WRONG_PASSWORD = "a password typed by mistake"
OTHER_ADDRESS = "wei.li@example.net"


def forms_of(value: str) -> list[str]:
    """Give the forms in which a value could turn up."""
    raw = value.encode()
    digests = [hashlib.sha256(raw).hexdigest(), hashlib.md5(raw, usedforsecurity=False).hexdigest()]
    middles = [b64encode(b" " * shift + raw).decode()[4:-4] for shift in range(3)]
    return [value, quote(value), raw.hex(), *digests, *middles]


SHORTEST = 8  # characters: eight given ones in a ciphertext are chance once in a million tests


def leaks(text: str, *values: str) -> list[str]:
    """List which forms of the values are in a text, whatever their case; shorter ones turn up in any ciphertext."""
    text = text.lower()
    telling = (form for value in values for form in forms_of(value) if len(form) >= SHORTEST)
    return [form for form in telling if form.lower() in text]


def everything_stored() -> Iterator[str]:
    """Give every row of both databases."""
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                yield from (f"{table}: {row}" for row in cursor.fetchall())


@pytest.fixture
def walked(person: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who registered, erred, came back, set up an app, and asked for another address; and what was heard."""
    person.urls, person.cookies, person.keys = [], [], []  # type: ignore[attr-defined]
    request = person.client.request

    def listen(**environ: Any) -> Any:
        answer = request(**environ)
        person.urls += [answer.request["PATH_INFO"], answer.request["QUERY_STRING"], answer.get("Location", "")]  # type: ignore[attr-defined]
        person.cookies += [morsel.value for morsel in answer.cookies.values()]  # type: ignore[attr-defined]
        return answer

    monkeypatch.setattr(person.client, "request", listen)
    with caplog.at_level(logging.DEBUG):
        person.sign_up(email="", password1=WRONG_PASSWORD)
        person.sign_up()
        person.confirm("AAAA-AAAA")
        person.confirm()
        person.post("account_logout")
        person.sign_in(password=WRONG_PASSWORD)
        person.sign_in()
        set_up_app(person)
        person.post("account_email", email=OTHER_ADDRESS, action_add="")
        person.post("account_reset_password", email=ADDRESS)
    return person


@pytest.mark.clause("1.1")
@pytest.mark.clause("1.2")
def test_no_address_and_no_password_is_stored_in_clear(walked: Person) -> None:
    assert User.objects.get().email == ADDRESS
    for row in everything_stored():
        assert not leaks(row, ADDRESS, OTHER_ADDRESS, PASSWORD, WRONG_PASSWORD), row.partition(":")[0]


def test_a_session_holds_the_address_and_shows_it_to_nobody(person: Person) -> None:
    person.sign_up()
    assert ADDRESS in str(dict(person.client.session))
    stored = Session.objects.get().session_data
    assert not leaks(stored, ADDRESS)
    assert not leaks(b64decode(stored.partition(".")[2], altchars="-_").decode("latin-1"), ADDRESS)


@pytest.mark.clause("1.1")
def test_nothing_is_heard_in_logs_urls_cookies_and_subjects(walked: Person, caplog: pytest.LogCaptureFixture) -> None:
    heard = [caplog.text, *walked.urls, *walked.cookies, *(message.subject for message in mail.outbox)]  # type: ignore[attr-defined]
    assert len(heard) > 30
    for text in heard:
        assert not leaks(text, ADDRESS, OTHER_ADDRESS, PASSWORD, WRONG_PASSWORD)
    assert not leaks(decoded("\n".join(heard)), ADDRESS, OTHER_ADDRESS)


def decoded(text: str) -> str:
    """Open whatever in a text looks like base64."""
    words = re.findall(r"[A-Za-z0-9+/_-]{16,}", text)
    return "".join(b64decode(word + "=" * (-len(word) % 4), altchars=b"-_").decode("latin-1") for word in words
                   if len(word) % 4 != 1)  # fmt: skip


@pytest.mark.clause("1.1")
def test_counters_of_attempts_are_kept_under_blind_keys(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    make_key = cache.make_key
    monkeypatch.setattr(cache, "make_key", lambda *args, **kwargs: keys.append(make_key(*args, **kwargs)) or keys[-1])
    person.sign_up()
    person.sign_in("somebody@example.com", WRONG_PASSWORD)
    assert len(keys) > 4
    for key in keys:
        assert not leaks(key, ADDRESS, "somebody@example.com")
        assert "allauth" not in key


@pytest.mark.clause("1.1")
def test_rows_are_named_without_the_address(person: Person) -> None:
    user = make_user(email=ADDRESS)
    row = EmailAddress.objects.get()
    for text in [str(user), repr(user), str(row), repr(row), str(user.profile), user.get_full_name()]:
        assert not leaks(text, ADDRESS)


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("model", ["account_emailaddress", "accounts_user", "usersessions_usersession"])
def test_a_search_in_admin_neither_fails_nor_shows_an_address(person: Person, model: str) -> None:
    staff = make_user(email=ADDRESS, is_staff=True, is_superuser=True)
    sign_in_with_two_factors(person.client, staff)
    page = person.client.get(reverse(f"admin:{model}_changelist"), {"q": "wei"})
    assert page.status_code == 200
    assert ADDRESS not in words(page)
    assert 'name="q"' not in words(page)


@pytest.mark.clause("1.1")
def test_an_address_in_the_url_of_sign_up_is_dropped(person: Person) -> None:
    answer = person.client.get(reverse("account_signup"), {"email": ADDRESS, "next": "/my/data/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/signup/?next=%2Fmy%2Fdata%2F")
    assert ADDRESS not in words(person.client.get(answer["Location"]))


@pytest.mark.clause("1.1")
def test_secrets_of_second_factors_are_sealed(person: Person) -> None:
    make_user(email=ADDRESS)
    person.sign_in()
    secret = set_up_app(person)
    app, codes = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert get_adapter().decrypt(app.data["secret"]) == secret
    seed = get_adapter().decrypt(codes.data["seed"])
    shown = codes.wrap().get_unused_codes()
    for row in everything_stored():
        assert not leaks(row, secret, seed, *shown)


@pytest.mark.clause("1.1")
def test_apps_and_passkeys_know_the_account_by_its_pseudonym(person: Person) -> None:
    user = make_user(email=ADDRESS)
    adapter = get_adapter()
    assert adapter.get_totp_label(user) == str(user)
    assert ADDRESS not in adapter.build_totp_url(user, "A" * 32)
    assert adapter.get_public_key_credential_user_entity(user) == {
        "id": user.pk.hex.encode(),
        "display_name": str(user),
        "name": str(user),
    }


def test_messages_travel_in_the_sealed_session() -> None:
    assert settings.MESSAGE_STORAGE.endswith("SessionStorage")
    assert settings.SESSION_ENGINE == "vault.sessions"
