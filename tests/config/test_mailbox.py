"""Mail on one person's machine can be read on its page, and lies nowhere in clear."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from config import mailbox

CANARY = "canary.wang@example.org"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "mailbox"


def send(subject: str, body: str = "Your code is 4711") -> None:
    mailbox.MailboxBackend().send_messages([EmailMessage(subject, body, to=[CANARY])])


def test_a_mail_is_shown_on_the_page(client: Client) -> None:
    send("Confirm your address")
    page = client.get(reverse("mailbox")).text
    assert "Confirm your address" in page
    assert CANARY in page
    assert "4711" in page


def test_nothing_of_a_mail_lies_in_clear(folder: Path) -> None:
    send("Confirm your address")
    (kept,) = folder.iterdir()
    assert not {CANARY, "4711", "Confirm"} & set(kept.read_text().split())
    assert CANARY.split("@", maxsplit=1)[0] not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_the_newest_comes_first() -> None:
    send("first")
    send("second")
    assert [mail.subject for mail in mailbox.latest()] == ["second", "first"]


def test_an_empty_mailbox_says_what_will_appear(client: Client) -> None:
    assert "No mail yet" in client.get(reverse("mailbox")).text
