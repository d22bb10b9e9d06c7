"""Blind indexes: find a sealed value by exact match without opening any.

The index is HMAC-SHA-256 under a key of its own per field, in 43 characters of base64url at the head of the column.
Text is stripped and lower-cased first, and folded no further: two addresses that only look alike stay two.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

from django.db import models
from django.db.models import Func
from django.db.models.expressions import Combinable
from django.utils.deconstruct import deconstructible

from vault.derive import derive
from vault.keyring import keyring

LENGTH = 43  # characters


@deconstructible
class BlindIndex(Func):
    """The head of an indexed column, for look-ups, unique constraints and indexes.

    The length is written out: a bound parameter would keep SQLite from using the index.
    """

    template = f"SUBSTR(%(expressions)s, 1, {LENGTH})"
    arity = 1

    def __init__(self, expression: str | Combinable, **extra: Any) -> None:
        super().__init__(expression, output_field=models.CharField(max_length=LENGTH), **extra)


def normalise(text: str) -> str:
    """Give the form of a text that is compared."""
    return text.strip().lower()


def compute_index(text: str, label: str, version: int) -> str:
    """Compute the index of a text for the field named `label` under one version of the index key."""
    key = derive(keyring()["index"].key(version), label)
    digest = hmac.digest(key, normalise(text).encode(), "sha256")
    return urlsafe_b64encode(digest)[:LENGTH].decode()


def possible_indexes(text: str, label: str) -> list[str]:
    """Compute the index under every version still in use: the current one first."""
    return [compute_index(text, label, version) for version in keyring()["index"].versions]
