"""Finds, installs, starts and stops the programs behind the test services."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from glob import glob
from pathlib import Path

PACKAGES = ("postgresql", "redis-server", "chromium")
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin", "/opt/homebrew/opt/postgresql*/bin")
START_SECONDS = 30


class ServiceMissing(Exception):
    """A program that tests need isn't on this machine and can't be installed; the text says what to type."""


def program(*names: str) -> str:
    """Give the path of the first of `names` that this machine has, after installing Debian's packages if it must.

    Raises:
        ServiceMissing: it isn't here and can't be installed.
    """
    found = look_for(names) or (install_packages() and look_for(names))
    if not found:
        raise ServiceMissing(
            f"The whole suite needs {names[0]}, which isn't on this machine. On Debian or Ubuntu:\n"
            f"    sudo apt-get install --no-install-recommends {' '.join(PACKAGES)}\n"
            "or name running servers by DATABASE_URL, KEYS_DATABASE_URL and REDIS_URL, or run `make test-fast`."
        )
    return found


def look_for(names: Sequence[str]) -> str | None:
    """Search the PATH, then the places where PostgreSQL hides its programs, its newest version first."""
    hidden = sorted((place for pattern in PLACES for place in glob(pattern)), key=numbers_in, reverse=True)
    places = os.pathsep.join([os.environ.get("PATH", ""), *hidden])
    return next((path for name in names if (path := shutil.which(name, path=places))), None)


def numbers_in(path: str) -> list[int]:
    """Give the numbers in a path, so that 15 sorts after 9."""
    return [int(number) for number in re.findall(r"\d+", path)]


@cache
def install_packages() -> bool:
    """Install what is missing where that is ours to do: as root, on Debian. Tell whether it was done."""
    apt = shutil.which("apt-get")
    if os.geteuid() or not apt:
        return False
    print("Installing the servers that the tests need …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    keep_stopped = prevent_service_starts()
    try:
        subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
        subprocess.run([apt, "install", "-qq", "-y", "--no-install-recommends", *PACKAGES], env=quiet, check=True)
    finally:
        keep_stopped()
    return True


def prevent_service_starts() -> Callable[[], None]:
    """Keep Debian from starting system-wide servers while it installs: tests start their own. Give the undoing."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        return lambda: None
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    return policy.unlink


def free_port() -> int:
    """Give a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def servant() -> str | None:
    """Give the user to run servers as where we are root, for PostgreSQL refuses root; else None."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "nobody")


def hand_over(folder: Path) -> None:
    """Give a folder to the user that will run the server, and let that user reach it."""
    folder.mkdir(parents=True, exist_ok=True)
    user = servant()
    if user:
        shutil.chown(folder, user)
        folder.parent.chmod(0o711)


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    ready: Callable[[], bool],
    *,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[None]:
    """Run a server for as long as the block runs; its output goes to `log`.

    Raises:
        RuntimeError: it ended, or didn't answer within 30 seconds; with the end of its log.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, user=user, env=environment
        )
    try:
        wait_until(ready, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server to answer."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} didn't start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Tell whether something listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
