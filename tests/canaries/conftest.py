"""What the leak tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.management.commands.setup import make_folders
from notices.hurry import broker
from tests.accounts.conftest import agreement
from tests.canaries.planting import Walk
from tests.canaries.values import Canaries

__all__ = ["agreement", "walk"]


@pytest.fixture
def walk(db: None, agreement: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """Somebody about to register, on a site with an agreement and a broker."""
    make_folders()
    monkeypatch.setattr(broker, "rest_until", 0.0)
    yield Walk(Canaries())
    for name in ("broker", "mailbox", "media"):
        shutil.rmtree(Path(settings.VAR_DIR) / name, ignore_errors=True)
