"""Cancellation: asked for with a fresh sign-in and typed words, undone with one button, reminded of once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.checks import check_cooling_off
from accounts.exceptions import InvalidTransition, LastSuperuser
from accounts.models import TRANSITIONS, State, User
from accounts.services.register import AGREEMENT
from agreements.models import Engagement
from audit.events import Event
from notices.models import Notice
from tests.accounts.owner import come_back, entries, leave, page, sign_in
from tests.factories import PASSWORD, make_user

WORDS = "cancel my account"


@pytest.fixture
def user(db: None) -> User:
    """Somebody who can sign in."""
    return make_user()


def ask(client: Client, words: str = WORDS) -> Any:
    """Send the form."""
    return client.post(reverse("request_cancellation"), {"confirmation": words})


def fresh(user: User) -> User:
    """Read the account anew."""
    return User.objects.get(pk=user.pk)


def told(user: User) -> list[str]:
    """Give the kinds of somebody's notices."""
    return list(Notice.objects.filter(to=user).order_by("created_at").values_list("kind", flat=True))


def without(target: State) -> list[State]:
    """Give every state from which the mapping has no way to `target`."""
    return [state for state in State if target not in TRANSITIONS[state]]


# Asking


@pytest.mark.clause("3.2")
def test_the_page_says_what_goes_what_stays_and_when(user: User, settings: Any) -> None:
    settings.COOLING_OFF_DAYS = 9
    answer = page(sign_in(user).get(reverse("my_cancel")))
    assert "You have 9 days to change your mind" in answer
    assert "What goes" in answer
    assert "What stays, and why" in answer
    assert (timezone.now() + timedelta(days=9)).strftime("%A") in answer


@pytest.mark.clause("3.2")
def test_a_cancellation_starts_the_cooling_off_and_is_confirmed(user: User) -> None:
    assert ask(sign_in(user))["Location"] == reverse("my_cancel")
    account = fresh(user)
    assert account.state == State.CANCELLING
    assert account.is_active
    assert account.erase_at is not None
    assert abs(account.erase_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert told(user) == ["cancellation_requested"]
    assert len(entries(user, Event.CANCELLATION_REQUESTED)) == 1


@pytest.mark.clause("P6")
def test_cancelling_needs_no_acceptance_of_any_text(user: User) -> None:
    assert not Engagement.objects.of(user.pk).exists()
    ask(sign_in(user))
    assert fresh(user).state == State.CANCELLING


@pytest.mark.parametrize("typed", ["", "yes", "cancel", "cancel my accounts"])
def test_other_words_cancel_nothing(user: User, typed: str) -> None:
    answer = ask(sign_in(user), typed)
    assert answer.status_code == 200
    assert "Please look at this again" in page(answer)
    assert fresh(user).state == State.ACTIVE


def test_the_words_are_read_with_indulgence(user: User) -> None:
    ask(sign_in(user), "  “Cancel  MY account” ")
    assert fresh(user).state == State.CANCELLING


@pytest.mark.clause("3.2")
def test_a_sign_in_long_ago_is_asked_again_and_then_the_cancellation_goes_on(user: User) -> None:
    client = come_back(user)
    asked = ask(client)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert fresh(user).state == State.ACTIVE
    client.post(asked["Location"], {"password": PASSWORD, "next": reverse("request_cancellation")})
    assert fresh(user).state == State.CANCELLING


@pytest.mark.clause("3.2")
def test_every_other_session_ends_at_once(user: User) -> None:
    here, elsewhere = sign_in(user), sign_in(user)
    assert elsewhere.get(reverse("my_data")).status_code == 200
    ask(here)
    assert here.get(reverse("my_cancel")).status_code == 200
    assert elsewhere.get(reverse("my_cancel"))["Location"].startswith(reverse("account_login"))
    assert [entry.details["count"] for entry in entries(user, Event.SESSION_ENDED)] == [1]


@pytest.mark.parametrize("state", without(State.CANCELLING))
def test_only_an_active_account_can_be_cancelled(user: User, state: State) -> None:
    leave(user, state)
    with pytest.raises(InvalidTransition):
        services.request_cancellation(user=user)


def test_the_last_administrator_cannot_leave(db: None) -> None:
    first, second = make_user(is_superuser=True), make_user(is_superuser=True)
    services.request_cancellation(user=first)
    with pytest.raises(LastSuperuser):
        services.request_cancellation(user=second)
    answer = ask(sign_in(second))
    assert "You are the last one who can administer this platform." in page(answer)
    assert fresh(second).state == State.ACTIVE


# While it runs


@pytest.mark.clause("3.2")
def test_signing_in_during_the_cooling_off_offers_one_thing(user: User) -> None:
    services.request_cancellation(user=user)
    client = sign_in(user)
    for name in ["my_data", "my_openings", "my_security", "my_agreements", "notices", "account_email", "home"]:
        assert client.get(reverse(name))["Location"] == reverse("my_cancel"), name
    answer = page(client.get(reverse("my_cancel")))
    assert "Undo: keep my account" in answer
    assert "Leave it running and sign out" in answer


@pytest.mark.clause("P6")
def test_the_agreement_the_language_and_the_way_out_stay_open(user: User) -> None:
    call_command("seed_agreement", verbosity=0)
    services.request_cancellation(user=user)
    client = sign_in(user)
    assert client.get(reverse("agreements")).status_code == 200
    assert client.get(reverse("agreement", args=[AGREEMENT])).status_code == 200
    assert client.post(reverse("set_language"), {"language": "zh-hans"}).status_code in {204, 302}
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_form_of_another_page_changes_nothing_meanwhile(user: User) -> None:
    client = sign_in(user)
    services.request_cancellation(user=user, keep_session=client.session.session_key or "")
    answer = client.post(reverse("account_email"), {"email": "other@example.com", "action_add": ""})
    assert answer["Location"] == reverse("my_cancel")
    assert EmailAddress.objects.filter(user=user).count() == 1


# Undoing


@pytest.mark.clause("3.2")
def test_undoing_gives_everything_back(user: User) -> None:
    client = sign_in(user)
    ask(client)
    assert client.post(reverse("undo_cancellation"))["Location"] == reverse("my_data")
    account = fresh(user)
    assert (account.state, account.erase_at, account.cancellation_requested_at) == (State.ACTIVE, None, None)
    assert client.get(reverse("my_data")).status_code == 200
    assert told(user) == ["cancellation_requested", "cancellation_undone"]
    assert len(entries(user, Event.CANCELLATION_UNDONE)) == 1


@pytest.mark.parametrize("state", without(State.ACTIVE))
def test_only_a_running_cancellation_can_be_undone(user: User, state: State) -> None:
    leave(user, state)
    with pytest.raises(InvalidTransition):
        services.undo_cancellation(user=user)


def test_pressing_twice_is_no_error(user: User) -> None:
    client = sign_in(user)
    ask(client)
    assert ask(client).status_code == 302
    client.post(reverse("undo_cancellation"))
    assert client.post(reverse("undo_cancellation")).status_code == 302
    assert fresh(user).state == State.ACTIVE


# The reminder


@pytest.mark.clause("3.2")
def test_a_reminder_comes_once_when_a_day_is_left(user: User) -> None:
    account = services.request_cancellation(user=user)
    assert services.send_reminders() == 0
    bring_forward(account, days=6, minutes=1)
    assert [services.send_reminders(), services.send_reminders()] == [1, 0]
    assert told(user) == ["cancellation_requested", "cancellation_reminder"]


@pytest.mark.parametrize("days", [0, 1])
def test_a_short_cooling_off_has_no_reminder(user: User, settings: Any, days: int) -> None:
    settings.COOLING_OFF_DAYS = days
    services.request_cancellation(user=user)
    assert services.send_reminders() == 0


def test_a_second_cancellation_is_reminded_of_again(user: User) -> None:
    for _ in range(2):
        account = services.request_cancellation(user=user)
        bring_forward(account, days=6, minutes=1)
        assert services.send_reminders() == 1
        services.undo_cancellation(user=user)


def bring_forward(account: User, **by: int) -> None:
    """Let time pass for one account."""
    assert account.erase_at
    assert account.cancellation_requested_at
    User.objects.filter(pk=account.pk).update(
        erase_at=account.erase_at - timedelta(**by),
        cancellation_requested_at=account.cancellation_requested_at - timedelta(**by),
    )


# The settings and the drawing


@pytest.mark.parametrize(("days", "errors"), [(-1, 1), (0, 0), (30, 0), (31, 1)])
def test_a_cooling_off_that_the_agreement_does_not_promise_is_refused_at_start(
    settings: Any, days: int, errors: int
) -> None:
    settings.COOLING_OFF_DAYS = days
    assert len(check_cooling_off()) == errors


def test_without_days_to_wait_the_page_says_so(user: User, settings: Any) -> None:
    settings.COOLING_OFF_DAYS = 0
    assert "Your data are erased at once, and for good." in page(sign_in(user).get(reverse("my_cancel")))


def test_the_drawing_in_the_docs_is_the_mapping() -> None:
    arrows = [f"    {state} --> {target}" for state, targets in TRANSITIONS.items() for target in sorted(targets)]
    drawing = "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {State.ACTIVE}", *arrows, "```"])
    assert drawing in Path(django_settings.BASE_DIR, "docs/leaving.md").read_text()
