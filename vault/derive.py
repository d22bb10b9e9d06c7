"""Keys of one purpose, derived from a keyring key by HKDF-SHA256 (RFC 5869)."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=256)
def derive(key: bytes, purpose: str) -> bytes:
    """Derive 32 bytes that serve `purpose` and no other."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)
