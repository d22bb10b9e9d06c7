"""New keys under a running platform."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from pytest_django import Settings

from accounts.models import Profile, User
from tests.factories import make_user
from tests.vault.conftest import NAME, NUMBER
from vault import keyring as keyrings
from vault import keys, rotation
from vault.models import DataKey


@pytest.fixture(autouse=True)
def _own_keyring(settings: Settings) -> Iterator[None]:
    """Put the session's keyring back afterwards."""
    before = settings.KEYRING_PATH.read_text()
    yield
    settings.KEYRING_PATH.write_text(before)
    keyrings.forget()


def run(command: str, *arguments: str) -> str:
    """Run a command and give what it printed."""
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    keys.forget()
    return out.getvalue()


def test_rotation_wraps_every_data_key_again_and_leaves_values_alone(person: User) -> None:
    token = Profile.objects.get(user=person).__dict__["real_name"].token
    assert "Key-encryption key 2 made" in run("vault_rotate")
    assert set(DataKey.objects.values_list("kek_version", flat=True)) == {2}
    profile = Profile.objects.get(user=person)
    assert profile.__dict__["real_name"].token == token
    assert profile.real_name == NAME


def test_a_rotation_that_stopped_half_way_is_resumed(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [make_user() for _ in range(3)]
    monkeypatch.setattr(rotation, "BATCH", 2)
    keyrings.add_version("kek")
    next(rotation.rewrap_keys())
    assert rotation.keys_to_rewrap().count() == 2
    keys.forget()
    assert Profile.objects.get(user=person).real_name == NAME
    assert "Resuming" in run("vault_rotate")
    assert rotation.keys_to_rewrap().count() == 0
    assert keyrings.keyring()["kek"].current == 2
    assert [User.objects.get(pk=user.pk).email for user in others]


def test_reindexing_finds_rows_under_both_keys_meanwhile(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="second@example.com")
    monkeypatch.setattr(rotation, "BATCH", 1)
    keyrings.add_version("index")
    field = User._meta.get_field("email")
    next(rotation.reindex_rows(field))  # type: ignore[arg-type]  # a sealed field
    for email in ("zoe@example.com", "second@example.com"):
        assert User.objects.filter(email=email).count() == 1
    assert "Resuming" in run("vault_reindex")
    assert Profile.objects.get(id_number=NUMBER).user == person
    assert rotation.rows_to_reindex(field).count() == 0  # type: ignore[arg-type]


def test_reindexing_keeps_one_address_one_account(person: User) -> None:
    run("vault_reindex")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(email="zoe@example.com")


@pytest.mark.parametrize(("family", "command"), [("kek", "vault_rotate"), ("index", "vault_reindex")])
def test_an_old_key_is_retired_only_when_nothing_needs_it(person: User, family: str, command: str) -> None:
    keyrings.add_version(family)
    with pytest.raises(CommandError, match="finish the rotation"):
        run(command, "--retire")
    run(command)
    with pytest.raises(CommandError, match="too new"):
        run(command, "--retire")
    entries = keyrings.read_document()
    for entry in entries:
        entry.created_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    keyrings.write_document(entries)
    assert "1 retired" in run(command, "--retire")
    keys.forget()
    assert User.objects.get(email="zoe@example.com").profile.real_name == NAME


def test_status_counts_and_shows_no_key(person: User, settings: Settings) -> None:
    keyrings.add_version("kek")
    printed = run("vault_status")
    assert "to rewrap: 1" in printed
    assert "index of accounts.user.email, to make again: 0" in printed
    for entry in keyrings.read_document():
        assert entry.wrapped not in printed


def test_a_broken_row_is_passed_over_and_named(person: User) -> None:
    broken = make_user()
    DataKey.objects.filter(account_id=broken.pk).update(wrapped="AAAA")
    keys.forget()
    for command in ("vault_rotate", "vault_reindex"):
        with pytest.raises(CommandError, match=broken.pk.hex[:8]):
            run(command)
    assert DataKey.objects.get(account_id=person.pk).kek_version == 2
    assert User.objects.get(email="zoe@example.com") == person
