"""Every kind of notice has words, in every language."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import translation

from notices.kinds import Kind
from notices.models import Notice
from notices.words import FIELDS, render

DETAILS = {
    "fields": ["real_name", "home_address"],
    "field": "real_name",
    "reference": "DR-2026-000123",
    "erase_at": "2026-02-01T12:00:00+00:00",
    "effective_at": "2026-02-01T12:00:00+00:00",
    "change": "authenticator_added",
}
LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("details", [{}, DETAILS], ids=["bare", "detailed"])
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_title_and_a_body(kind: Kind, details: dict[str, object], language: str) -> None:
    with translation.override(language):
        words = render(Notice(kind=kind, details=details, about_id=str(UUID(int=1))))
    assert 5 <= len(words.title) <= 78
    assert words.paragraphs
    assert not any(mark in text for text in [words.title, *words.paragraphs] for mark in ("{", "%}", "<", "&"))
    assert words.path == "" or (words.path.startswith("/") and words.link)


def test_only_a_farewell_has_no_link() -> None:
    bare = {kind for kind in Kind if not render(Notice(kind=kind, about_id=str(UUID(int=1)))).path}
    assert bare == {Kind.ERASURE_COMPLETED}


def test_the_old_address_is_sent_to_whom_can_help_not_to_a_page_it_cannot_open(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Pledge <help@example.org>"
    old, new = (render(Notice(kind=Kind.EMAIL_CHANGED, one_off=one_off)) for one_off in (True, False))
    assert "write to help@example.org at once" in old.paragraphs[1]
    assert (old.path, len(old.paragraphs)) == ("", 2)
    assert "sign in, change your password" in new.paragraphs[1]
    assert (new.path, len(new.paragraphs)) == ("/my/security/", 2)


def test_fields_are_named_as_a_person_names_them() -> None:
    words = render(Notice(kind=Kind.PROFILE_CORRECTED, details={"fields": ["real_name", "home_address"]}))
    assert words.paragraphs[0] == "Your data were changed in your account: real name and home address."


def test_times_are_said_in_words() -> None:
    at = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
    words = render(Notice(kind=Kind.CANCELLATION_REQUESTED, details={"erase_at": at.isoformat()}))
    assert "On Feb. 1, 2026 at 12:30 p.m. UTC" in words.paragraphs[0]


@pytest.mark.clause("1.2")
def test_all_nine_protected_fields_have_a_name() -> None:
    protected = "real_name id_number home_address mailing_address postal_code email password recovery_question"
    assert {*protected.split(), "recovery_answer"} <= set(FIELDS)
