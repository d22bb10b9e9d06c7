"""What `make run` does: set up once, serve, end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.production import ROOT
from tests.services.programs import answers, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A machine of its own, on which nothing has run yet."""
    folder = tmp_path_factory.mktemp("machine") / "var"
    nothing = dict.fromkeys(
        ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "SITE_URL"), ""
    )
    paths = {"VAR_DIR": folder, "KEYRING_PATH": folder / "keyring.json", "ROOT_KEY_PATH": folder / "root_key"}
    return os.environ | nothing | {name: str(path) for name, path in paths.items()} | {"LOCAL": "1"}


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def machine(environment: dict[str, str]) -> Path:
    """The folder of local state after the first `manage.py setup`."""
    result = manage(environment, "setup")
    assert result.returncode == 0, result.stderr
    return Path(environment["VAR_DIR"])


def test_secrets_are_for_their_owner_alone(machine: Path) -> None:
    assert machine.stat().st_mode & 0o777 == 0o700
    secrets = [machine / name for name in ("secret_key", "root_key", "keyring.json")]
    assert [path.stat().st_mode & 0o777 for path in secrets] == [0o600] * 3


def test_both_databases_and_the_broker_are_there(machine: Path) -> None:
    assert [(machine / name).exists() for name in ("pledge.sqlite3", "keys.sqlite3", "broker/queue")] == [True] * 3


def test_a_second_set_up_changes_no_key(machine: Path, environment: dict[str, str]) -> None:
    names = ("secret_key", "root_key", "keyring.json")
    before = [(machine / name).read_bytes() for name in names]
    assert manage(environment, "setup").returncode == 0
    assert [(machine / name).read_bytes() for name in names] == before


@pytest.fixture
def served(machine: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The supervisor with both children, answering on its port."""
    port = free_port()
    command = [sys.executable, "manage.py", "dev", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + 30
    while not answers(port) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    yield process, port
    if process.poll() is None:
        process.kill()
        process.wait()


def test_web_and_worker_serve_and_end_together(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    with urlopen(f"http://127.0.0.1:{port}/readyz?email=canary%40example.org", timeout=10) as response:
        assert response.status == 200
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert f"http://localhost:{port}" in output
    assert "web    | " in output
    assert "GET /readyz 200" in output
    assert "canary" not in output
    assert "worker: exit code" in output
