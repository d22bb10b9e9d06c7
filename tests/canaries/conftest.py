"""What the leak tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from config import mailbox
from config.management.commands.setup import make_folders
from notices.hurry import broker
from tests.accounts.conftest import agreement
from tests.canaries.planting import Walk
from tests.canaries.values import Canaries

__all__ = ["agreement", "walk"]


@pytest.fixture
def walk(db: None, agreement: None, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Walk]:
    """Somebody about to register, on a site with an agreement, a broker, and a mailbox and files of its own."""
    make_folders()
    monkeypatch.setattr(broker, "rest_until", 0.0)
    own = Path(settings.VAR_DIR) / f"canaries-{uuid4().hex}"
    settings.MEDIA_ROOT = own / "media"
    for folder in (own / "media", own / "mailbox"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(mailbox, "folder", lambda: own / "mailbox")
    yield Walk(Canaries())
    shutil.rmtree(own)
