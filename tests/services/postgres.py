"""PostgreSQL for tests: two databases of one server, one for data, one for keys."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.services.programs import answers, free_port, hand_over, program, running, servant

# Safety against power cuts is worth nothing here, and speed is.
FAST = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200"]


@contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """Give DATABASE_URL and KEYS_DATABASE_URL. Django makes its own `test_…` databases beside those they name."""
    if os.environ.get("DATABASE_URL"):
        given = os.environ["DATABASE_URL"]
        yield {"DATABASE_URL": given, "KEYS_DATABASE_URL": os.environ.get("KEYS_DATABASE_URL") or beside(given)}
        return
    data, port = folder / "postgres", free_port()
    make_cluster(data)
    command = [program("postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    unix_socket = ["-c", f"unix_socket_directories={data}"]
    with running([*command, *unix_socket, *FAST], folder / "postgres.log", lambda: answers(port), user=servant()):
        url = f"postgres://postgres@127.0.0.1:{port}/pledge"
        yield {"DATABASE_URL": url, "KEYS_DATABASE_URL": beside(url)}


def beside(url: str) -> str:
    """Give the address of the keys' database on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path}_keys"))


def make_cluster(data: Path) -> None:
    """Make an empty PostgreSQL data folder that trusts whoever can reach its loopback port."""
    hand_over(data)
    command = [program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=servant(), cwd="/")
