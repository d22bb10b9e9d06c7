"""The bytes and the hash that an entry will have as a leaf of the Merkle tree (RFC 9162, section 2.1.1)."""

import json
from hashlib import sha256
from typing import Any

LEAF_PREFIX = b"\x00"  # keeps a leaf from being taken for a node, whose prefix is 1


def canonical(content: dict[str, Any]) -> bytes:
    """Write the content as JSON in one possible way only: sorted keys, no white space, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def leaf_hash(data: bytes) -> str:
    """Give SHA-256(0x00 || data), in hex: the hash of a leaf in RFC 9162, section 2.1.1."""
    return sha256(LEAF_PREFIX + data).hexdigest()
