"""Redis for tests: in memory, nothing kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.programs import answers, free_port, program, running


@contextmanager
def redis(folder: Path) -> Iterator[dict[str, str]]:
    """Give REDIS_URL. The tests touch only keys under their own prefix."""
    if os.environ.get("REDIS_URL"):
        yield {"REDIS_URL": os.environ["REDIS_URL"]}
        return
    port = free_port()
    options = {"port": port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": folder}
    command = [program("redis-server", "valkey-server")]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with running(command, folder / "redis.log", lambda: answers(port)):
        yield {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
