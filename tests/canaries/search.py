"""Look for canaries in whatever is kept or heard somewhere."""

import re
import zlib
from binascii import a2b_base64
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from tests.canaries.encodings import needles_of
from tests.canaries.values import Canary

Place: TypeAlias = tuple[str, bytes]  # where, and what is there

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
STANDARD = bytes.maketrans(b"-_", b"+/")
DEPTH = 3  # base64 of a compressed base64 is opened as well


class Hit(NamedTuple):
    """Which canary was found where, and in which encoding."""

    place: str
    canary: str
    how: str


def search(places: Iterable[Place], canaries: Iterable[Canary]) -> list[Hit]:
    """Give every canary found, each place and encoding once."""
    needles = {canary.name: needles_of(canary) for canary in canaries}
    hits = set()
    for place, content in places:
        for wrapping, text in layers(content):
            folded = text.lower()
            for name, looked_for in needles.items():
                found = {
                    how for needle, how in looked_for.items() if needle.content in (folded if needle.any_case else text)
                }
                hits |= {Hit(place, name, wrapping + how) for how in found}
    return sorted(hits)


def layers(content: bytes, depth: int = DEPTH) -> Iterator[tuple[str, bytes]]:
    """Give a content, then what is inside its base64, hex and compressed parts."""
    yield "", content
    inside = b"\n".join(opened(content)) if depth else b""
    if inside:
        yield from ((f"{wrapping}inside: ", text) for wrapping, text in layers(inside, depth - 1))


def opened(content: bytes) -> Iterator[bytes]:
    """Open whatever looks like base64 or hex, and decompress what was compressed."""
    for run in BASE64.findall(content):
        whole = run[: len(run) - (len(run) % 4 == 1)]  # one character too many is of no use
        yield inflated(a2b_base64(whole.translate(STANDARD) + b"=="))
    yield from (bytes.fromhex(run.decode()) for run in HEX.findall(content))


def inflated(raw: bytes) -> bytes:
    """Undo zlib's compression, as Django's signed sessions have it; all else stays as it is."""
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw
