"""Staff read the log, find an account's entries by its whole id, and write nothing."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from audit import services as audit
from audit.events import Event
from audit.models import Entry
from tests.factories import make_staff
from tests.sign_in import sign_in_with_two_factors

LIST = "/admin/audit/entry/"


@pytest.fixture
def auditor(client: Client, db: None) -> Client:
    """A browser in which an auditor is signed in."""
    user = make_staff()
    user.user_permissions.add(Permission.objects.get(codename="view_entry"))
    sign_in_with_two_factors(client, user)
    return client


def test_entries_are_found_by_the_whole_id_of_actor_or_subject(auditor: Client) -> None:
    actor, subject, other = uuid4(), uuid4(), uuid4()
    audit.record(Event.FIELD_OPENED, actor=actor, subject=subject)
    audit.record(Event.FIELD_OPENED, actor=other, subject=other)
    for asked in (actor, subject, str(subject).upper()):
        page = auditor.get(f"{LIST}?q={asked}").content.decode()
        assert str(actor) in page
        assert str(other) not in page


def test_a_search_for_what_is_no_id_finds_nothing(auditor: Client) -> None:
    entry = audit.record(Event.FIELD_OPENED, actor=uuid4(), subject=uuid4())
    page = auditor.get(f"{LIST}?q=wang")
    assert page.status_code == 200
    assert entry.actor not in page.content.decode()


def test_the_page_of_an_entry_shows_its_details_and_its_hash(auditor: Client) -> None:
    entry = audit.record(Event.PROFILE_CORRECTED, actor=None, fields=["real_name", "email"])
    page = auditor.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert "Personal data were corrected" in page
    assert "real_name, email" in page
    assert entry.leaf_hash in page


@pytest.mark.parametrize("query", ["?event__exact=key.swept", "?at__year=2026", "?o=2", "?target_type=audit.entry"])
def test_the_list_can_be_narrowed_and_sorted(auditor: Client, query: str) -> None:
    assert auditor.get(LIST + query).status_code == 200


def test_nothing_can_be_added_edited_or_deleted(auditor: Client) -> None:
    entry = audit.record(Event.KEY_SWEPT, actor="system:sweep")
    assert auditor.get(f"{LIST}add/").status_code == 403
    assert auditor.post(f"{LIST}{entry.pk}/change/", {"actor": "anonymous"}).status_code == 403
    assert auditor.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Entry.objects.get(pk=entry.pk).actor == "system:sweep"
