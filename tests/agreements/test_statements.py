from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.utils import timezone

from agreements import statements
from agreements.exceptions import (
    StatementExpired,
    StatementForged,
    StatementMissing,
    StatementRefused,
    TextSuperseded,
)


def test_a_statement_names_the_text_that_was_shown(text):
    assert statements.read(statements.make(text)) == text


def test_a_statement_tells_the_fragment_and_the_time(text):
    shown = statements.decode(statements.make(text))

    assert (shown.text_sha256, shown.page_sha256) == (text.sha256, text.page_sha256)
    assert timezone.now() - shown.at < timedelta(minutes=1)


def signed(salt="agreements.statements", **changes):
    shown = {"text": 1, "sha256": "0" * 64, "page": "0" * 64, "at": int(timezone.now().timestamp())}
    return Signer(salt=salt).sign_object(shown | changes)


@pytest.mark.clause("P2")
@pytest.mark.parametrize(
    ("make_statement", "refusal"),
    [
        (lambda _: "", StatementMissing),
        (lambda _: "nonsense", StatementForged),
        (lambda _: ":", StatementForged),
        (lambda _: "\x00🙂\ud800", StatementForged),
        (lambda good: good[:-1], StatementForged),
        (lambda good: "e" + good, StatementForged),
        (lambda good: good.replace(":", ":x", 1), StatementForged),
        (lambda _: "x" * 2_000_000, StatementForged),
        (lambda _: signed(salt="another purpose"), StatementForged),
        (lambda _: signed(sha256="f" * 64), StatementForged),
        (lambda _: Signer(salt="agreements.statements").sign_object({"of": "an older form"}), StatementForged),
        (lambda _: Signer(salt="agreements.statements").sign_object(["no", "mapping"]), StatementForged),
    ],
    ids=[
        "missing",
        "nonsense",
        "only a colon",
        "odd characters",
        "cut short",
        "lengthened",
        "another signature",
        "two megabytes",
        "signed for something else",
        "no such text",
        "an older form",
        "another shape",
    ],
)
def test_a_statement_that_is_not_ours_is_refused(text, make_statement, refusal):
    with pytest.raises(refusal):
        statements.read(make_statement(statements.make(text)))


@pytest.mark.clause("P2")
def test_an_old_statement_is_refused(text):
    day_and_more = timezone.now() - statements.MAX_AGE - timedelta(seconds=2)

    with pytest.raises(StatementExpired):
        statements.read(
            signed(text=text.pk, sha256=text.sha256, page=text.page_sha256, at=int(day_and_more.timestamp()))
        )


def test_a_slow_reader_has_all_of_a_day(text):
    nearly_a_day = timezone.now() - statements.MAX_AGE + timedelta(minutes=1)
    statement = signed(text=text.pk, sha256=text.sha256, page=text.page_sha256, at=int(nearly_a_day.timestamp()))

    assert statements.read(statement) == text


@pytest.mark.clause("P2")
def test_a_statement_of_a_superseded_text_is_refused(text, publish):
    statement = statements.make(text)
    publish(en="# Terms\n\nBe *very* kind.\n")

    with pytest.raises(TextSuperseded):
        statements.read(statement)


@pytest.mark.parametrize("refusal", StatementRefused.__subclasses__())
def test_every_refusal_says_in_a_plain_sentence_why(refusal):
    assert str(refusal.message).endswith(".")
    assert str(refusal()) == str(refusal.message)
