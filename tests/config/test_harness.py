"""The tests' own machinery: a worker that hears, a browser that sees, a flush that passes guards."""

from pathlib import Path

import pytest
from celery import current_app
from django.db import connection

from tests.live import Live
from tests.services.programs import ServiceMissing, look_for, program


@pytest.mark.slow
def test_a_real_worker_hears_this_broker(worker: None) -> None:
    assert len(current_app.control.ping(timeout=5) or []) == 1


def test_the_home_page_passes_in_a_browser(live: Live) -> None:
    page = live.open("/")
    assert page.locator("h1").count() == 1
    live.check_access()


def test_a_broken_rule_of_the_content_policy_is_seen(live: Live) -> None:
    page = live.open("/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">')"
    )
    page.wait_for_timeout(200)
    assert [violation.split()[:2] for violation in live.violations] == [["CSP", "img-src"]]
    live.violations.clear()


def test_no_page_reaches_the_network(live: Live) -> None:
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        live.page.goto("https://example.org/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "after a flush"])
def test_triggers_are_back_after_each_flush(turn: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchone()[0] > 0
        if connection.vendor == "postgresql":
            cursor.execute("SHOW session_replication_role")
            assert cursor.fetchone()[0] == "origin"


def test_a_missing_program_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.services.programs.install_packages", lambda: False)
    with pytest.raises(ServiceMissing, match="apt-get install"):
        program("no-such-program")


def test_the_newest_postgresql_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9", "15"):
        binary = tmp_path / version / "bin" / "some-server"
        binary.parent.mkdir(parents=True)
        binary.touch(mode=0o755)
    monkeypatch.setattr("tests.services.programs.PLACES", [str(tmp_path / "*" / "bin")])
    assert look_for(["some-server"]) == str(tmp_path / "15" / "bin" / "some-server")
