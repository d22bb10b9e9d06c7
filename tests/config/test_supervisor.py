"""Two processes, one life."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config.management.commands.dev import refuse_taken_port
from tests.services.programs import answers, free_port, running

STAYS = "import time; print('here', flush=True); time.sleep(60)"
DIES = "import sys; print('no keyring', flush=True); sys.exit(3)"
SCRIPT = """
import os, sys
from config.supervisor import Child, supervise
codes = dict(zip(["web", "worker"], sys.argv[1:]))
children = [Child(name, [sys.executable, "-c", code], dict(os.environ)) for name, code in codes.items()]
sys.exit(supervise(children))
"""


def start(*codes: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, *codes]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_when_one_dies_both_end_and_it_says_why() -> None:
    process = start(STAYS, DIES)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 3
    assert "worker | no keyring" in output
    assert "worker ended by itself with exit code 3" in output
    assert f"web: exit code {-signal.SIGTERM}" in output


def test_one_interrupt_ends_both() -> None:
    process = start(STAYS, STAYS)
    assert process.stdout
    seen = [process.stdout.readline(), process.stdout.readline()]
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert sorted(seen) == ["web    | here\n", "worker | here\n"]
    assert process.returncode == 0
    assert "web: exit code" in output
    assert "worker: exit code" in output


def test_a_child_that_ignores_the_signal_is_ended_with_its_own_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    fork = f"import os; open({str(note)!r}, 'w').write(str(os.getpid())); import time; time.sleep(60)"
    stubborn = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {fork!r}]); {STAYS}"
    process = start(stubborn, STAYS)
    while not (note.exists() and note.read_text()):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert not is_alive(int(note.read_text()))


def test_a_child_is_missed_though_its_own_child_holds_on() -> None:
    process = start(f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAYS!r}]); sys.exit(3)", STAYS)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 3
    assert "web ended by itself with exit code 3" in output


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be reaped doesn't."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"


def test_a_taken_port_is_named_with_a_way_out(tmp_path: Path) -> None:
    port = free_port()
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with (
        running(server, tmp_path / "log", lambda: answers(port)),
        pytest.raises(CommandError, match=f"PORT={port + 1}"),
    ):
        refuse_taken_port(port)


def test_a_free_port_is_fine() -> None:
    refuse_taken_port(free_port())


def test_a_server_that_does_not_start_says_so_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no keyring"), running([sys.executable, "-c", DIES], tmp_path / "log", bool):
        pass


def test_servers_of_tests_end_with_their_block(tmp_path: Path) -> None:
    port = free_port()
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with running(server, tmp_path / "log", lambda: answers(port), environment=dict(os.environ)):
        assert answers(port)
    assert not answers(port)
