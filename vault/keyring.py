"""The keyring: a handful of versioned keys, wrapped by the provider, opened once a minute at most.

Three families: `kek` wraps data keys, `index` makes blind indexes, `system` seals what belongs to no account
(sessions, second-factor secrets). Of each, the newest version is current; older ones still read.
"""

import json
import os
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from vault.exceptions import KeyringError
from vault.provider import provider

FAMILIES = ("kek", "index", "system")
KEY_BYTES = 32
RELOAD_AFTER = 60  # seconds: how long a running process may not know of a new version


@dataclass
class WrappedKey:
    """One key as the keyring file holds it."""

    family: str
    version: int
    wrapped: str
    created_at: str

    @property
    def name(self) -> str:
        """How errors and the provider call it."""
        return f"{self.family} {self.version}"


@dataclass(frozen=True)
class KeyFamily:
    """The opened keys of one family by version."""

    name: str
    keys: dict[int, bytes] = field(repr=False)

    @cached_property
    def current(self) -> int:
        """The version that seals."""
        return max(self.keys)

    @property
    def current_key(self) -> bytes:
        """The key that seals."""
        return self.keys[self.current]

    @property
    def versions(self) -> list[int]:
        """All versions that read, the current one first."""
        return sorted(self.keys, reverse=True)

    def key(self, version: int) -> bytes:
        """Give the key of a version, or raise KeyringError where it was retired."""
        if version not in self.keys:
            raise KeyringError(
                f"{self.name} {version} isn't in the keyring: it was retired too early, or is another's."
            )
        return self.keys[version]


def read_document() -> list[WrappedKey]:
    """Read the keyring, still wrapped, from KEYRING, else from the file KEYRING_PATH."""
    path: Path = settings.KEYRING_PATH
    text = settings.KEYRING or (path.read_text() if path.exists() else "")
    if not text:
        raise KeyringError("There is no keyring: run `manage.py make_keyring`, or set KEYRING or KEYRING_PATH.")
    try:
        return [WrappedKey(**entry) for entry in json.loads(text)["keys"]]
    except (ValueError, KeyError, TypeError):
        raise KeyringError(
            "The keyring can't be read: it isn't the JSON that `manage.py make_keyring` writes."
        ) from None


def write_document(entries: list[WrappedKey]) -> None:
    """Replace the keyring file in one step, readable by its owner alone."""
    if settings.KEYRING:
        raise KeyringError(
            "The keyring comes from KEYRING, so it can't be changed here: move it to KEYRING_PATH first."
        )
    path: Path = settings.KEYRING_PATH
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        json.dump({"keys": [vars(entry) for entry in entries]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    forget()


def new_entry(family: str, version: int) -> WrappedKey:
    """Make a key and wrap it."""
    entry = WrappedKey(family, version, "", datetime.now(UTC).isoformat())
    entry.wrapped = provider().wrap(os.urandom(KEY_BYTES), entry.name)
    return entry


def add_version(family: str) -> int:
    """Add a new current version to a family and give its number."""
    version = keyring()[family].current + 1
    write_document([*read_document(), new_entry(family, version)])
    return version


def retire_version(family: str, version: int) -> None:
    """Drop an old version for good; what only it can open is lost."""
    if version == keyring()[family].current:
        raise KeyringError(f"{family} {version} is the current version and can't be retired.")
    write_document([entry for entry in read_document() if (entry.family, entry.version) != (family, version)])


class _Loaded:
    families: dict[str, KeyFamily] | None = None
    until: float = 0.0


def keyring() -> dict[str, KeyFamily]:
    """Give the opened keyring, re-read after a minute so that a rotation reaches every process."""
    if _Loaded.families is None or time.monotonic() > _Loaded.until:
        _Loaded.families, _Loaded.until = _open_document(), time.monotonic() + RELOAD_AFTER
    return _Loaded.families


def forget() -> None:
    """Drop the opened keyring, so that the next use reads it again."""
    _Loaded.families = None


def _open_document() -> dict[str, KeyFamily]:
    opener, opened = provider(), {name: KeyFamily(name, {}) for name in FAMILIES}
    for entry in read_document():
        if entry.family not in opened:
            raise KeyringError(f"The keyring holds {entry.name}, of a family that this version doesn't know.")
        opened[entry.family].keys[entry.version] = opener.unwrap(entry.wrapped, entry.name)
    for family in opened.values():
        if not family.keys:
            raise KeyringError(f"The keyring holds no {family.name} key.")
    return opened


def describe() -> list[dict[str, Any]]:
    """List families and versions, without any key."""
    return [{"family": e.family, "version": e.version, "created_at": e.created_at} for e in read_document()]
