"""Seal what belongs to no account: sessions, second-factor secrets, the development mailbox.

Under the keyring's `system` key, derived per purpose: a token of one purpose doesn't open as another.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.derive import derive
from vault.exceptions import KeyringError, SealBroken
from vault.keyring import keyring

NONCE = 12  # bytes


def seal(text: str, purpose: str) -> str:
    """Seal a text; the token is `<key version>.<base64url>`."""
    version, nonce = keyring()["system"].current, os.urandom(NONCE)
    blob = nonce + _cipher(version, purpose).encrypt(nonce, text.encode(), purpose.encode())
    return f"{version}.{urlsafe_b64encode(blob).decode()}"


def open(token: str, purpose: str) -> str:  # noqa: A001 - the vault's word for it
    """Open a token sealed for the same purpose.

    Raises:
        SealBroken: it was changed, is for another purpose, or its key version was retired.
    """
    try:
        version, _, body = token.partition(".")
        blob = urlsafe_b64decode(body)
        return _cipher(int(version), purpose).decrypt(blob[:NONCE], blob[NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError, KeyringError):
        raise SealBroken(f"A sealed {purpose} can't be opened.") from None


def fingerprint(text: str, purpose: str) -> str:
    """Give an HMAC-SHA-256 of a text in base64url: tells same from different, and nothing else."""
    key = derive(keyring()["system"].current_key, f"fingerprint {purpose}")
    return urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")).rstrip(b"=").decode()


def _cipher(version: int, purpose: str) -> AESGCM:
    return AESGCM(derive(keyring()["system"].key(version), f"seal {purpose}"))
