"""Who holds the root key. The provider wraps and unwraps the keyring's few keys, never one key per user.

A provider for a remote key service implements the same two methods; `KEY_PROVIDER` in the settings names the class.
"""

import os
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.module_loading import import_string

from vault.exceptions import KeyringError

NONCE = 12  # bytes
ROOT_KEY_BYTES = 32


class KeyProvider(Protocol):
    """Wraps a key under a root that never leaves the provider; `name` is bound to the result."""

    def wrap(self, key: bytes, name: str) -> str:
        """Give the wrapped key as text."""
        ...

    def unwrap(self, wrapped: str, name: str) -> bytes:
        """Give the key back, or raise KeyringError where the root or the name is another."""
        ...


class LocalProvider:
    """The root key in a file (0600) or the environment: 32 bytes, base64."""

    def __init__(self) -> None:
        self._root = AESGCM(read_root_key())

    def wrap(self, key: bytes, name: str) -> str:
        """Wrap with AES-256-GCM under a fresh nonce."""
        nonce = os.urandom(NONCE)
        return b64encode(nonce + self._root.encrypt(nonce, key, name.encode())).decode()

    def unwrap(self, wrapped: str, name: str) -> bytes:
        """Unwrap what `wrap` gave for the same name."""
        try:
            blob = b64decode(wrapped, validate=True)
            return self._root.decrypt(blob[:NONCE], blob[NONCE:], name.encode())
        except (InvalidTag, BadBase64, ValueError):
            raise KeyringError(
                f"The root key doesn't open {name} of the keyring: ROOT_KEY is another one, or the keyring was changed."
            ) from None


def read_root_key() -> bytes:
    """Read the root key from ROOT_KEY, else from the file ROOT_KEY_PATH.

    Raises:
        KeyringError: there is none, or it isn't 32 bytes in base64.
    """
    text = settings.ROOT_KEY or _read_text(settings.ROOT_KEY_PATH)
    if not text:
        raise KeyringError("There is no root key: set ROOT_KEY or ROOT_KEY_FILE, or run `manage.py make_keyring`.")
    try:
        key = b64decode(text, validate=True)
    except (BadBase64, ValueError):
        key = b""
    if len(key) != ROOT_KEY_BYTES:
        raise KeyringError("ROOT_KEY must be 32 bytes in base64.")
    return key


def _read_text(path: Path) -> str:
    try:
        return path.read_text().strip() if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise KeyringError(f"The root key can't be read from {path}: it must be a text file open to us.") from None


def provider() -> KeyProvider:
    """Make the provider that the settings name."""
    made: KeyProvider = import_string(settings.KEY_PROVIDER)()
    return made
