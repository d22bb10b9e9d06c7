"""What production needs is named by a check, each by its own id."""

from pathlib import Path

import pytest

from config.checks import REQUIRED
from tests.production import ENVIRONMENT, check_production, manage

pytestmark = pytest.mark.slow


def test_production_settings_pass_every_deployment_check(tmp_path: Path) -> None:
    result = check_production(tmp_path)
    assert result.returncode == 0, result.stderr


def test_each_missing_setting_is_named(tmp_path: Path) -> None:
    result = check_production(tmp_path, **dict.fromkeys(REQUIRED, ""))
    assert result.returncode == 1
    assert [check_id for check_id, _ in REQUIRED.values() if check_id not in result.stderr] == []


def test_nothing_starts_without_a_secret_key(tmp_path: Path) -> None:
    assert "SECRET_KEY setting must not be empty" in check_production(tmp_path, SECRET_KEY="").stderr


def test_keys_beside_the_data_they_protect_are_refused(tmp_path: Path) -> None:
    result = check_production(tmp_path, KEYS_DATABASE_URL=ENVIRONMENT["DATABASE_URL"])
    assert "config.E007" in result.stderr


def test_no_setting_that_holds_a_secret_is_printed(tmp_path: Path) -> None:
    result = check_production(tmp_path, KEYS_DATABASE_URL=ENVIRONMENT["DATABASE_URL"], EMAIL_URL="")
    assert ENVIRONMENT["SECRET_KEY"] not in result.stderr


def test_the_supervisor_refuses_to_run_in_production(tmp_path: Path) -> None:
    result = manage("dev", folder=tmp_path)
    assert result.returncode == 1
    assert "LOCAL=1" in result.stderr
