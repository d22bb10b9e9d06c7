"""The transition table, its drawing, and the guards in the database that repeat it."""

import itertools
from datetime import UTC, datetime

import pytest
from django.conf import settings

from disclosures.clock import add_working_days, due_at
from disclosures.grounds import Ground
from disclosures.states import DECIDED, OPEN, PATH, TRANSITIONS, State, drawing


def test_the_documentation_shows_the_transitions_as_they_are() -> None:
    assert f"```mermaid\n{drawing()}\n```" in (settings.BASE_DIR / "docs/disclosures.md").read_text()


def test_every_state_has_its_transitions_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set().union(*TRANSITIONS.values()) == set(State) - {State.DRAFT}


def test_the_path_is_a_way_through_the_transitions() -> None:
    assert all(after in TRANSITIONS[before] for before, after in itertools.pairwise(PATH))


def test_a_request_is_decided_when_it_is_approved_or_over() -> None:
    over = {state for state in State if not TRANSITIONS[state]}
    assert over | {State.APPROVED, State.RELEASED} == DECIDED
    assert set(OPEN).isdisjoint(over)


@pytest.mark.clause("1.3")
def test_nothing_is_released_that_was_not_approved_in_two_steps() -> None:
    def before(state: State) -> set[State]:
        return {earlier for earlier in State if state in TRANSITIONS[earlier]}

    assert before(State.RELEASED) == {State.APPROVED}
    assert before(State.APPROVED) == {State.SECOND_REVIEW}
    assert before(State.SECOND_REVIEW) == {State.LEGAL_REVIEW}


def test_ten_working_days_leave_weekends_out() -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert add_working_days(friday, 1) == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert due_at(Ground.STATUTE, friday) == datetime(2026, 12, 4, 17, 30, tzinfo=UTC)


def test_an_emergency_is_due_in_eight_hours() -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert due_at(Ground.EMERGENCY, friday) == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
