"""How a Python value becomes bytes to seal, by the type of its field. Nothing is ever pickled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from vault.exceptions import SealedWrite

PAD_TO = 32  # bytes; lengths of names and numbers then tell next to nothing


@dataclass(frozen=True)
class Codec:
    """The two directions of one field type; `mutable` values may change after they were opened."""

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    mutable: bool = False


def _encode_json(value: Any) -> bytes:
    if hasattr(value, "resolve_expression"):
        raise SealedWrite(f"A sealed value can't be a {type(value).__name__}: the database can't compute it.")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _encode_text(value: Any) -> bytes:
    if not isinstance(value, str):
        raise SealedWrite(f"A sealed text can't be a {type(value).__name__}.")
    return value.encode()


def _encode_date(value: dt.date | str) -> bytes:
    if not isinstance(value, dt.date | str):
        raise SealedWrite(f"A sealed date can't be a {type(value).__name__}.")
    return str(models.DateField().to_python(value)).encode()


TEXT = Codec(_encode_text, bytes.decode)
DATE = Codec(_encode_date, lambda data: dt.date.fromisoformat(data.decode()))
JSON = Codec(_encode_json, json.loads, mutable=True)

CODECS: dict[type[models.Field[Any, Any]], Codec] = {
    models.CharField: TEXT,
    models.TextField: TEXT,
    models.DateField: DATE,
    models.JSONField: JSON,
}


def codec_for(field_class: type[models.Field[Any, Any]]) -> Codec | None:
    """Find the codec of a field class or of the nearest class it derives from; None where it can't be sealed."""
    return next((CODECS[base] for base in field_class.__mro__ if base in CODECS), None)


def pad(data: bytes) -> bytes:
    """Lengthen to the next step of 32 bytes: a marker byte, then zeros (ISO/IEC 7816-4); opening strips them."""
    return data + b"\x80" + bytes(-(len(data) + 1) % PAD_TO)
