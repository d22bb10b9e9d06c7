"""The forms in which a value could turn up, as bytes to look for."""

import hashlib
import html
import json
import unicodedata
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from tests.canaries.values import Canary


class Needle(NamedTuple):
    """Bytes to look for; where `any_case`, they are lower case and looked for in a lower-case text."""

    content: bytes
    any_case: bool


READABLE: dict[str, Callable[[str], bytes]] = {  # upper or lower case makes no difference in these
    "clear": str.encode,
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "URL": lambda text: quote(text, safe="").encode(),
    "URL form": lambda text: quote_plus(text).encode(),
    "JSON": lambda text: json.dumps(text)[1:-1].encode(),
    "Python": lambda text: ascii(text)[1:-1].encode(),
    "HTML": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
}
DIGESTS = ("md5", "sha1", "sha256")


def needles_of(canary: Canary) -> dict[Needle, str]:
    """Give what to look for, and how each is called: the marks in every encoding, unkeyed hashes of the whole."""
    spelled = sorted({spelling for mark in canary.marks for spelling in spellings(mark)})
    written = [form for spelling in spelled for form in encoded(spelling)]
    written += [form for text in sorted({canary.typed, canary.kept}) for form in hashed(text)]
    return {needle: how for how, needle in reversed(written)}


def spellings(text: str) -> set[str]:
    """Give a text in every case, and with its accents composed and apart."""
    cases = {text, text.lower(), text.upper(), text.title(), text.casefold()}
    return cases | {unicodedata.normalize("NFD", case) for case in cases}


def encoded(text: str) -> Iterator[tuple[str, Needle]]:
    """Write a text in every way."""
    for how, encode in READABLE.items():
        yield how, Needle(encode(text).lower(), any_case=True)
    for part in base64_parts(text.encode()):
        yield "base64", Needle(part, any_case=False)


def base64_parts(raw: bytes) -> Iterator[bytes]:
    """Give what base64 of any bytes around `raw` is sure to hold, for each place where `raw` may begin."""
    for before in range(3):
        padded = bytes(before) + raw
        unsure_first, unsure_last = (0, 2, 3)[before], (0, 3, 2)[len(padded) % 3]
        for encode in (b64encode, urlsafe_b64encode):
            text = encode(padded)
            yield text[unsure_first : len(text) - unsure_last]


def hashed(text: str) -> Iterator[tuple[str, Needle]]:
    """Write the hashes that anybody could compute from a guess."""
    for spelling in {text, text.lower()}:
        for name in DIGESTS:
            digest = hashlib.new(name, spelling.encode(), usedforsecurity=False).digest()
            yield name, Needle(digest.hex().encode(), any_case=True)
            yield name, Needle(b64encode(digest).rstrip(b"="), any_case=False)
            yield name, Needle(urlsafe_b64encode(digest).rstrip(b"="), any_case=False)
