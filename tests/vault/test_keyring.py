"""The keyring and the root key: what is refused, and in which words."""

import json
import os
from base64 import b64encode
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from vault import keyring as keyrings
from vault.exceptions import KeyringError
from vault.models import DataKey


@pytest.fixture
def own_keyring(settings: Settings, tmp_path: Path) -> Any:
    """A keyring of the test's own, with the session's put back afterwards."""
    settings.ROOT_KEY_PATH, settings.KEYRING_PATH = tmp_path / "root", tmp_path / "ring"
    keyrings.forget()
    call_command("make_keyring", stdout=StringIO())
    yield settings
    keyrings.forget()


def errors() -> list[str]:
    """Give the ids of the vault's failed checks."""
    keyrings.forget()
    found = run_checks(databases=["default", "keys"])
    return [str(message.id) for message in found if str(message.id).startswith("vault.")]


def test_a_good_configuration_passes(own_keyring: Settings) -> None:
    keyrings.forget()
    assert keyrings.keyring()["kek"].current == 1


def test_key_files_are_their_owners_alone(own_keyring: Settings) -> None:
    for path in (own_keyring.ROOT_KEY_PATH, own_keyring.KEYRING_PATH):
        assert path.stat().st_mode & 0o777 == 0o600


def test_making_keys_again_replaces_none(own_keyring: Settings) -> None:
    before = own_keyring.KEYRING_PATH.read_text(), own_keyring.ROOT_KEY_PATH.read_text()
    call_command("make_keyring", stdout=StringIO())
    assert (own_keyring.KEYRING_PATH.read_text(), own_keyring.ROOT_KEY_PATH.read_text()) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.ROOT_KEY_PATH.unlink(), "There is no root key"),
        (lambda s: s.ROOT_KEY_PATH.write_text("short"), "32 bytes"),
        (lambda s: s.ROOT_KEY_PATH.write_text("é" * 44), "32 bytes"),
        (lambda s: s.ROOT_KEY_PATH.write_bytes(b"\xff" * 32), "can't be read"),
        (lambda s: s.ROOT_KEY_PATH.write_text(b64encode(os.urandom(32)).decode()), "ROOT_KEY is another one"),
        (lambda s: s.KEYRING_PATH.unlink(), "There is no keyring"),
        (lambda s: s.KEYRING_PATH.write_text("{}"), "can't be read"),
        (lambda s: s.KEYRING_PATH.write_text('{"keys": []}'), "holds no kek key"),
    ],
    ids=[
        "no root",
        "short root",
        "no base64",
        "no text",
        "another root",
        "no keyring",
        "no JSON of ours",
        "an empty keyring",
    ],
)
def test_a_bad_key_configuration_is_refused_in_plain_words(
    own_keyring: Settings, db: None, change: Any, words: str
) -> None:
    change(own_keyring)
    keyrings.forget()
    with pytest.raises(KeyringError, match=words):
        keyrings.keyring()
    assert "vault.E001" in errors()


def test_a_retired_key_that_is_still_needed_is_named(own_keyring: Settings, db: None) -> None:
    User.objects.create_user("retired@example.com")
    DataKey.objects.update(kek_version=7)
    assert "vault.E004" in errors()


def test_a_lost_index_key_is_noticed_before_an_address_registers_twice(own_keyring: Settings, db: None) -> None:
    User.objects.create_user("indexed@example.com")
    assert errors() == []
    keyrings.add_version("index")
    keyrings.retire_version("index", 1)
    assert "vault.E005" in errors()


def test_a_key_moved_to_another_name_in_the_keyring_does_not_open(own_keyring: Settings) -> None:
    document = json.loads(own_keyring.KEYRING_PATH.read_text())
    document["keys"][0]["version"] = 2
    own_keyring.KEYRING_PATH.write_text(json.dumps(document))
    keyrings.forget()
    with pytest.raises(KeyringError, match="kek 2"):
        keyrings.keyring()


@pytest.mark.parametrize(("seconds", "found"), [(60, False), (61, True), (0, True)])
def test_opened_keys_stay_a_minute_at_most(settings: Settings, db: None, seconds: int, found: bool) -> None:
    settings.VAULT_KEY_SECONDS = seconds
    assert ("vault.E003" in errors()) is found


def test_no_repr_shows_a_key() -> None:
    family = keyrings.keyring()["kek"]
    assert repr(family.key(1)) not in repr(family)


def test_the_current_version_cannot_be_retired(own_keyring: Settings) -> None:
    with pytest.raises(KeyringError, match="current"):
        keyrings.retire_version("kek", 1)


def test_a_keyring_from_the_environment_is_not_written_to(own_keyring: Settings) -> None:
    own_keyring.KEYRING = own_keyring.KEYRING_PATH.read_text()
    with pytest.raises(KeyringError, match="KEYRING_PATH"):
        keyrings.add_version("kek")
