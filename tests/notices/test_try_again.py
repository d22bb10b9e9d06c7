"""A failed delivery can be put back in the queue; anything else can't."""

import pytest

from accounts.models import User
from audit.events import Event
from audit.models import Entry
from notices import services as notices
from notices.exceptions import AddressGone, InvalidTransition
from notices.kinds import Kind
from notices.models import MAX_ATTEMPTS, TRANSITIONS, Notice, State
from tests.factories import make_staff
from tests.notices.conftest import queue


def test_a_failed_notice_waits_again_with_all_its_attempts(notice: Notice, person: User) -> None:
    Notice.objects.update(state=State.FAILED, attempts=MAX_ATTEMPTS, error="TimeoutError")
    staff = make_staff()
    notices.try_again(notice_id=notice.pk, actor=staff)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.error) == (State.QUEUED, 0, "")
    assert Entry.objects.about(person).get(event=Event.NOTICE_RETRIED).actor == str(staff.pk)


@pytest.mark.parametrize("state", [state for state in State if State.QUEUED not in TRANSITIONS[state]])
def test_only_a_failed_notice_can_be_tried_again(notice: Notice, person: User, state: State) -> None:
    Notice.objects.update(state=state, sent_at=notice.created_at if state == State.SENT else None)
    with pytest.raises(InvalidTransition):
        notices.try_again(notice_id=notice.pk, actor=person)


def test_a_notice_whose_address_was_forgotten_cannot_be_tried_again(person: User) -> None:
    notice = queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    Notice.objects.update(state=State.FAILED, address="")
    with pytest.raises(AddressGone):
        notices.try_again(notice_id=notice.pk, actor=person)


@pytest.mark.parametrize("state", State)
def test_every_transition_that_is_not_listed_is_refused(state: State) -> None:
    for target in set(State) - TRANSITIONS[state]:
        with pytest.raises(InvalidTransition):
            Notice(state=state).move_to(target)
