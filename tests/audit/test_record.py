"""An entry is written in the transaction of its change, and says who, what and when in codes."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from audit import services as audit
from audit.events import Event
from audit.exceptions import OutsideTransaction, PersonalDataInDetails, UnknownActor
from audit.models import Entry

pytestmark = pytest.mark.django_db


def test_an_entry_says_what_who_whom_and_when() -> None:
    actor, subject = uuid4(), uuid4()
    before = timezone.now()
    audit.record(Event.FIELD_OPENED, actor=actor, subject=subject, clause="1.1", field="real_name", count=1, fresh=True)
    entry = Entry.objects.get()
    assert (entry.event, entry.actor, entry.subject, entry.clause) == ("field.opened", str(actor), subject, "1.1")
    assert entry.details == {"field": "real_name", "count": 1, "fresh": True}
    assert before <= entry.at <= timezone.now()


def test_the_target_is_kept_as_its_type_and_id() -> None:
    first = audit.record(Event.KEY_SWEPT, actor="system:sweep")
    second = audit.record(Event.KEY_SWEPT, actor="system:sweep", target=first)
    assert (second.target_type, second.target_id) == ("audit.entry", str(first.pk))


@pytest.mark.parametrize(
    ("actor", "written"),
    [
        (None, "anonymous"),
        ("system:sweep_erasures", "system:sweep_erasures"),
        (UUID(int=7), str(UUID(int=7))),
        (UUID(int=7).hex, str(UUID(int=7))),
    ],
)
def test_an_actor_is_an_account_the_system_or_nobody_known(actor: UUID | str | None, written: str) -> None:
    assert audit.record(Event.ACCOUNT_SIGNED_IN, actor=actor).actor == written


@pytest.mark.parametrize("actor", ["wang@example.org", "Wang Fang", "", "system:", "system:Wang Fang"])
def test_an_actor_of_another_kind_is_refused(actor: str) -> None:
    with pytest.raises(UnknownActor):
        audit.record(Event.ACCOUNT_SIGNED_IN, actor=actor)


@pytest.mark.clause("1.2")
@pytest.mark.parametrize(
    "value",
    ["wang@example.org", "Wang Fang", "王芳", "12 Main Street", "x" * 201, ["ok", "not ok"], 1.5, None, {}, [1]],
)
def test_a_detail_that_is_no_code_is_refused_and_not_repeated(value: object) -> None:
    with pytest.raises(PersonalDataInDetails) as refusal:
        audit.record(Event.PROFILE_CORRECTED, actor=None, field=value)  # type: ignore[arg-type]  # what is refused
    assert str(value) not in str(refusal.value)
    assert not Entry.objects.exists()


def test_an_enum_member_becomes_its_value() -> None:
    entry = audit.record(Event.PROFILE_CORRECTED, actor=None, other=Event.KEY_SWEPT)
    assert type(entry.details["other"]) is str


def test_entries_about_an_account_are_found_by_its_id() -> None:
    account = uuid4()
    mine = audit.record(Event.ACCOUNT_SIGNED_IN, actor=account, subject=account)
    audit.record(Event.ACCOUNT_SIGNED_IN, actor=account, subject=uuid4())
    assert list(Entry.objects.about(account)) == [mine]


def test_the_leaf_hash_is_that_of_the_canonical_content() -> None:
    account = UUID(int=1)
    entry = audit.record(Event.ACCOUNT_SIGNED_IN, actor=account, subject=account, clause="1.1", b="2", a=["x"])
    at = entry.at.isoformat(timespec="microseconds")
    expected = (
        f'{{"actor":"{account}","at":"{at}","clause":"1.1","details":{{"a":["x"],"b":"2"}},"event":"account.signed_in",'
        f'"subject":"{account}","target_id":"","target_type":"","version":1}}'
    )
    assert entry.leaf_hash == sha256(b"\x00" + expected.encode()).hexdigest()


def test_the_leaf_hash_still_holds_after_the_database_gave_the_entry_back() -> None:
    audit.record(Event.ACCOUNT_SIGNED_IN, actor=None, subject=uuid4(), a=["x"], n=3, b=False)
    entry = Entry.objects.get()
    assert entry.expected_leaf_hash() == entry.leaf_hash


@pytest.mark.parametrize(
    "edit", [{"actor": "system:x"}, {"subject": uuid4()}, {"details": {}}, {"event": "key.swept"}, {"clause": "1.2"}]
)
def test_an_edited_entry_no_longer_matches_its_leaf_hash(edit: dict[str, object]) -> None:
    entry = audit.record(Event.ACCOUNT_SIGNED_IN, actor=None, subject=uuid4(), n=3)
    for name, value in edit.items():
        setattr(entry, name, value)
    assert entry.expected_leaf_hash() != entry.leaf_hash


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(OutsideTransaction):
        audit.record(Event.ACCOUNT_SIGNED_IN, actor=None)
    assert not Entry.objects.exists()


@transaction.atomic
def _record_then_fail(failure: Callable[[], object]) -> None:
    audit.record(Event.ACCOUNT_REGISTERED, actor=None)
    failure()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_lost_with_the_change_that_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError):
        _record_then_fail(lambda: 1 / 0)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_lost_with_the_entry_that_cannot_be_written() -> None:
    entry = partial(audit.record, Event.ACCOUNT_REGISTERED, actor=None, who="wang@example.org")
    with pytest.raises(PersonalDataInDetails):
        _record_then_fail(entry)
    assert not Entry.objects.exists()
