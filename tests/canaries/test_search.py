"""The search finds a canary in every encoding and in every place. If it didn't, finding nothing would prove nothing."""

import json
import logging
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection

from notices.hurry import DELIVER
from tests.canaries.planting import Walk
from tests.canaries.search import search
from tests.canaries.stores import everything_kept, listening
from tests.canaries.values import Canaries

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "clear": str.encode,
    "upper case": lambda text: text.upper().encode(),
    "lower case": lambda text: text.casefold().encode(),
    "title case": lambda text: text.title().encode(),
    "base64": lambda text: b64encode(text.encode()),
    "base64 after one byte": lambda text: b64encode(b"x" + text.encode()),
    "base64 after two bytes": lambda text: b64encode(b"xy" + text.encode()),
    "base64, URL-safe": lambda text: urlsafe_b64encode(text.encode()),
    "base64 of lower case": lambda text: b64encode(text.lower().encode()),
    "base64 of base64": lambda text: b64encode(b64encode(text.encode())),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "URL": lambda text: quote(text).encode(),
    "URL in lower case": lambda text: quote(text).lower().encode(),
    "URL form": lambda text: quote_plus(text).encode(),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in base64": lambda text: b64encode(json.dumps(text).encode()),
    "Python": lambda text: ascii(text).encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, the other way round": lambda text: text.encode("utf-16-be"),
    "compressed": lambda text: urlsafe_b64encode(zlib.compress(text.encode())).rstrip(b"="),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_knows_an_encoding(encoding: str) -> None:
    canaries = Canaries()
    around = b"{'a word': 1, 'b': '"
    for canary in canaries:
        content = around + ENCODINGS[encoding](canary.typed) + b"', ...}"
        assert {hit.canary for hit in search([("here", content)], canaries)} == {canary.name}


def test_the_search_knows_a_hash_of_a_guess() -> None:
    canaries = Canaries()
    content = sha256(canaries.kept("email").encode()).hexdigest().encode()
    assert [hit.canary for hit in search([("here", content)], canaries)] == ["email"]


def test_the_search_finds_nothing_where_nothing_is() -> None:
    others = [canary.typed for canary in Canaries()]
    assert search([("here", json.dumps(others).encode())], Canaries()) == []


def write_file(text: str) -> None:
    """Put a value into an uploaded file."""
    (Path(settings.MEDIA_ROOT) / "scan.pdf").write_text(text)


def write_row(text: str) -> None:
    """Put a value into a table."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO auth_group (name) VALUES (%s)", [text])


PLACES: dict[str, tuple[Callable[[str], object], str, str]] = {  # how to put it there, and where it is found
    "database": (write_row, "default.auth_group.name", "default.auth_group.name"),
    "cache": (lambda text: cache.set("somebody", {"name": text}), "cache: a value", "redis: "),
    "broker": (lambda text: current_app.send_task(DELIVER, [text]), "file broker/", "redis: "),
    "file": (write_file, "file canaries-", "file canaries-"),
    "mail": (
        lambda text: mail.send_mail(f"Dear {text}", "", None, ["a@example.com"]),
        "mail: subject",
        "mail: subject",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_search_sees_what_is_put_into(place: str, walk: Walk) -> None:
    put, here, on_servers = PLACES[place]
    put(walk.canaries["real_name"])
    expected = on_servers if settings.REDIS_URL else here
    assert any(hit.place.startswith(expected) for hit in search(everything_kept(), [walk.canaries.made["real_name"]]))


def test_the_search_hears_what_is_logged() -> None:
    canaries = Canaries()
    with listening() as heard:
        logging.getLogger("accounts").debug("Hello, %s", canaries["real_name"])
    assert search([("log", heard.getvalue().encode())], canaries)


@pytest.mark.clause("1.1")
def test_no_log_level_of_an_operator_makes_django_tell_what_is_on_its_pages() -> None:
    with listening():
        for name in ("django.template", "django.db.backends"):
            assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
