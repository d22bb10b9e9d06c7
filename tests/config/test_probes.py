"""Machines that watch get the truth, without particulars."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django.fixtures import Settings

from config import views


@pytest.fixture(autouse=True)
def _broker_folder() -> None:
    if not configured.REDIS_URL:
        Path(configured.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]).mkdir(parents=True, exist_ok=True)


def test_a_living_process_says_so(client: Client) -> None:
    assert client.get("/healthz").json()["alive"] is True


def test_ready_when_databases_broker_and_keys_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert response.json() == {"ready": True, "database": True, "keys_database": True, "broker": True, "keys": True}


@pytest.mark.parametrize("part", views.PROBES)
def test_one_part_that_fails_makes_it_unready(client: Client, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def fail() -> None:
        raise OSError("secret particulars")

    monkeypatch.setitem(views.PROBES, part, fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert [name for name, up in response.json().items() if not up] == ["ready", part]
    assert "secret" not in response.text


def test_an_unreachable_redis_is_noticed(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["broker"] is False


def test_probes_are_never_cached(client: Client) -> None:
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]
