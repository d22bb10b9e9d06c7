"""The servers that tests and benchmarks run on.

Each is looked for in this order: the address in the environment; the program on this machine, started on a free port
in a temporary folder and stopped at the end; Debian's package, installed where we are root; else an error that says
what to type.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.postgres import postgres
from tests.services.redis import redis

__all__ = ["find_servers", "postgres", "redis"]


@contextmanager
def find_servers(folder: Path) -> Iterator[dict[str, str]]:
    """Give the environment that points to PostgreSQL and Redis, for as long as the block runs.

    `folder` is where a server started here keeps its data.
    """
    with postgres(folder) as databases, redis(folder) as cache:
        yield databases | cache
