"""Read every place in which something is kept or heard, as the bytes that lie there."""

import csv
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.canaries.search import Place

CHUNK, OVERLAP = 2**18, 2**10  # bytes; what a file still holds from an earlier look is then known to be the same
SERVERS = ("postgres", "postgres.log", "redis.log")  # what the tests' own servers keep is read through them


def everything_kept() -> Iterator[Place]:
    """Give the content of both databases, the cache, the broker, the files, and the mails but for who they go to."""
    yield from databases()
    yield from dumps()
    yield from memory()
    yield from files(Path(settings.VAR_DIR))
    yield from mails()


# Databases


def databases() -> Iterator[Place]:
    """Give every column of every table of both, all its rows together."""
    for alias in connections:
        for table in connections[alias].introspection.table_names():
            for column, *values in zip(*read(connections[alias], table), strict=True):
                yield f"{alias}.{table}.{column}", b"\n".join(map(as_bytes, values))


def read(connection: BaseDatabaseWrapper, table: str) -> Sequence[Sequence[Any]]:
    """Give the names of a table's columns, then its rows."""
    return (copied if connection.vendor == "postgresql" else selected)(connection, table)


def copied(connection: BaseDatabaseWrapper, table: str) -> list[list[str]]:
    """Read a table of PostgreSQL as COPY writes it."""
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT WITH (FORMAT csv, HEADER)') as copy:
        text = b"".join(bytes(block) for block in copy).decode()
    return list(csv.reader(io.StringIO(text)))


def selected(connection: BaseDatabaseWrapper, table: str) -> list[tuple[Any, ...]]:
    """Read a table of SQLite."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [tuple(column[0] for column in cursor.description), *cursor.fetchall()]


def dumps() -> Iterator[Place]:
    """Give a dump of each SQLite database; its files, with what was deleted from it, are among the files."""
    for alias in connections:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            yield f"{alias}: dump", "\n".join(connection.connection.iterdump()).encode()


def empty_logs_ahead() -> None:
    """Have SQLite write its write-ahead logs home, so that they begin anew: what earlier tests wrote isn't searched."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# Cache and broker


def memory() -> Iterator[Place]:
    """Give keys and values of Redis, or of the caches in this process's memory; the broker is then a folder."""
    yield from (redis_content() if settings.REDIS_URL else cached())


def cached() -> Iterator[Place]:
    """Give the keys and pickled values of the caches in this process's memory."""
    for alias in caches:
        for key, value in caches[alias]._cache.items():  # type: ignore[attr-defined] # no other way to see the keys
            yield "cache: a key", key.encode()
            yield "cache: a value", value


def redis_content() -> Iterator[Place]:
    """Give every key of Redis with its value: cache, queues, and what the workers have taken and not finished."""
    client: Any = redis.Redis.from_url(settings.REDIS_URL)
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"hash": client.hgetall,
    }
    for key in client.scan_iter():
        yield "redis: a key", key
        yield f"redis: {key.decode(errors='replace')}", as_bytes(readers[client.type(key)](key))


# Files, mails, logs


def files(folder: Path) -> Iterator[Place]:
    """Give every file below a folder; one that is gone meanwhile was another process's."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in SERVERS and not is_of_another_process(path):
            with suppress(FileNotFoundError):
                content = path.read_bytes()
                yield from (
                    (f"file {name}", content[at : at + CHUNK + OVERLAP]) for at in range(0, len(content), CHUNK)
                )
            yield "names of files", str(name).encode()


def is_of_another_process(path: Path) -> bool:
    """Tell whether a file belongs to an SQLite database of tests that run beside these."""
    own = tuple(str(connection.settings_dict["NAME"]) for connection in connections.all())
    return ".sqlite3" in path.name and not str(path).startswith(own)


def mails() -> Iterator[Place]:
    """Give all of every mail but the header that says who it goes to."""
    for sent in mail.outbox:
        message = sent.message()
        del message["To"]
        yield "mail: headers", str(sorted(message.items())).encode()
        yield (
            "mail: body",
            "\n".join([str(sent.body), *(str(part[0]) for part in getattr(sent, "alternatives", []))]).encode(),
        )
        yield "mail: subject", str(sent.subject).encode()


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Hear what is logged meanwhile where an operator sets LOG_LEVEL to DEBUG, with its tracebacks."""
    heard, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(heard), root.level
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(pathname)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def as_bytes(value: Any) -> bytes:
    """Give what is in a value, in its own bytes."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, dict):
        value = [part for item in value.items() for part in item]
    if isinstance(value, list | set | tuple):
        return b"\n".join(map(as_bytes, value))
    return str(value).encode()
