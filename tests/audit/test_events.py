"""One list of events, with one grammar."""

import re

from audit.events import Event
from audit.models import Entry


def test_every_event_is_noun_dot_past_verb_and_named_for_it() -> None:
    for event in Event:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", event.value)
        assert event.name == event.value.replace(".", "_").upper()


def test_the_list_is_sorted() -> None:
    assert Event.names == sorted(Event.names)


def test_every_event_fits_its_column_and_has_a_sentence() -> None:
    assert max(len(event.value) for event in Event) <= (Entry._meta.get_field("event").max_length or 0)
    assert all(" " in event.label for event in Event)
