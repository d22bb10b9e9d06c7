"""Erasure: nothing is left but a tombstone, whenever it was killed and however often it is run."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import erasure_steps, services, tasks
from accounts.exceptions import CoolingOff, InvalidTransition, StepMissing, TooManyOrphans
from accounts.models import TRANSITIONS, Erasure, ErasureStep, Profile, State, User
from audit.events import Event
from audit.models import Entry
from notices import services as notices
from notices.models import Notice
from tests.accounts.owner import SHOWN, come_back, entries, leave, make_owner, page, sign_in, tamper
from tests.factories import PASSWORD, make_staff, make_user
from tests.sign_in import sign_in_with_two_factors
from vault import keys
from vault.models import DataKey

STEPS = list(erasure_steps.checklist())


class KilledError(BaseException):
    """Stands for a worker that was killed: nothing catches it."""


@pytest.fixture
def due(db: None) -> User:
    """Somebody who has given everything, with sessions and notices, whose cooling-off is over."""
    return make_due(make_owner())


def make_due(user: User) -> User:
    """Sign in, ask for the cancellation, and let the cooling-off pass."""
    sign_in(user)
    account = services.request_cancellation(user=user)
    User.objects.filter(pk=user.pk).update(erase_at=timezone.now() - timedelta(minutes=1))
    return User.objects.get(pk=account.pk)


def deliver() -> None:
    """Let the workers carry what waits."""
    for notice in Notice.objects.due():
        notices.deliver(notice_id=notice.pk)


def erase(user: User) -> State:
    """Run the erasure to its end: until the last notice has left it can't be over."""
    if services.erase_account(account_id=user.pk) == State.ERASING:
        deliver()
        services.erase_account(account_id=user.pk)
    return state_of(user)


def state_of(user: User) -> State:
    """Read the state anew."""
    return State(User.objects.values_list("state", flat=True).get(pk=user.pk))


def dump() -> str:
    """Give everything that is stored in both databases, as text."""
    return "\n".join(
        str(row)
        for alias in ["default", "keys"]
        for table in connections[alias].introspection.table_names()
        for row in rows_of(alias, table)
    )


def rows_of(alias: str, table: str) -> list[Any]:
    """Read one table."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return cursor.fetchall()


# What is left


@pytest.mark.clause("3.2")
def test_an_erasure_leaves_a_tombstone_and_no_sealed_value(due: User) -> None:
    client = sign_in(due)
    key_id = keys.key_id_for(due.pk)
    assert key_id in dump()
    assert erase(due) == State.ERASED
    account = User.objects.get(pk=due.pk)
    assert (account.email, account.is_active, account.last_login) == ("", False, None)
    assert not account.has_usable_password()
    for model in [Profile, EmailAddress, Authenticator, UserSession]:
        assert not model.objects.filter(user_id=due.pk).exists()
    assert not Notice.objects.filter(to=due).exists()
    assert key_id not in dump()
    assert not [value for value in SHOWN.values() if value in dump()]
    assert client.get(reverse("my_data"))["Location"].startswith(reverse("account_login"))


@pytest.mark.clause("3.2")
@pytest.mark.clause("1.1")
def test_the_data_key_is_destroyed_so_that_an_old_copy_of_a_row_cannot_be_opened(due: User) -> None:
    copy = Profile.objects.get(pk=due.pk)
    erase(due)
    assert not DataKey.objects.filter(account_id=due.pk).exists()
    opened = services.open_fields(user=copy.user, fields=["real_name"], actor="system:test")
    assert opened["real_name"].value in (None, "")
    with pytest.raises(Exception, match="no data key"):
        _ = copy.real_name


@pytest.mark.clause("3.2")
def test_the_last_notice_goes_to_the_address_that_is_erased(due: User) -> None:
    mail.outbox.clear()
    erase(due)
    last = mail.outbox[-1]
    assert (last.to, last.subject) == ([SHOWN["email"]], "Your account is erased")
    assert SHOWN["email"] not in f"{last.subject}{last.body}"


@pytest.mark.clause("3.2")
def test_an_account_is_not_erased_before_the_last_notice_has_left(due: User) -> None:
    assert services.erase_account(account_id=due.pk) == State.ERASING
    assert ErasureStep.objects.get(erasure=due.pk, done_at=None).last_error == "StillDelivering"
    assert not DataKey.objects.filter(account_id=due.pk).exists()
    deliver()
    assert services.erase_account(account_id=due.pk) == State.ERASED
    assert Erasure.objects.get(pk=due.pk).finished_at


@pytest.mark.clause("3.2")
def test_audit_entries_stay_under_the_pseudonym(due: User) -> None:
    before = set(Entry.objects.about(due).values_list("pk", flat=True))
    erase(due)
    assert before < set(Entry.objects.about(due).values_list("pk", flat=True))
    steps = [entry.details["step"] for entry in entries(due, Event.ERASURE_STEP_DONE)]
    assert steps == STEPS
    assert len(entries(due, Event.KEY_DESTROYED)) == len(entries(due, Event.ERASURE_COMPLETED)) == 1


def test_the_address_can_be_used_for_a_new_account(due: User) -> None:
    erase(due)
    assert make_user(email=SHOWN["email"]).pk != due.pk


def test_a_sign_in_that_was_never_finished_is_forgotten_too(due: User) -> None:
    EmailAddress.objects.filter(user=due).update(verified=False)
    client = Client()
    client.post(reverse("account_login"), {"login": SHOWN["email"], "password": PASSWORD})
    assert SHOWN["email"] in str(dict(client.session))
    erase(due)
    assert dict(client.session) == {}


def test_sessions_of_others_go_on(due: User) -> None:
    other = sign_in(make_user())
    erase(due)
    assert other.get(reverse("my_data")).status_code == 200


def test_counters_in_the_cache_are_cleared(due: User) -> None:
    wrong = {"login": SHOWN["email"], "password": "wrong"}
    for _ in range(6):
        answer = Client().post(reverse("account_login"), wrong)
    assert "Too many failed" in page(answer)
    erase(due)
    assert "Too many failed" not in page(Client().post(reverse("account_login"), wrong))


def test_roles_and_rights_go(due: User) -> None:
    due.groups.add(Group.objects.create(name="A role"))
    User.objects.filter(pk=due.pk).update(is_staff=True, is_superuser=True, department="Legal", language="zh-hans")
    make_user(is_superuser=True)
    erase(due)
    account = User.objects.get(pk=due.pk)
    assert (account.is_staff, account.is_superuser, account.department, account.language) == (False, False, "", "en")
    assert not account.groups.exists()


@pytest.mark.parametrize("column", ["email", "real_name"])
def test_a_broken_seal_does_not_keep_an_account_from_being_erased(due: User, column: str) -> None:
    tamper(due, column, "in clear")
    assert erase(due) == State.ERASED
    assert "in clear" not in dump()


# When it may begin


@pytest.mark.clause("3.2")
def test_nothing_is_erased_during_the_cooling_off(db: None) -> None:
    user = make_owner()
    services.request_cancellation(user=user)
    with pytest.raises(CoolingOff):
        services.erase_account(account_id=user.pk)
    tasks.erase_account(str(user.pk))
    assert state_of(user) == State.CANCELLING
    assert Profile.objects.get(pk=user.pk).real_name == SHOWN["real_name"]


@pytest.mark.parametrize(
    "state", [state for state in State if State.ERASING not in TRANSITIONS[state] and state != State.ERASING]
)
def test_only_a_cancelled_account_is_erased(db: None, state: State) -> None:
    user = make_owner()
    leave(user, state)
    with pytest.raises(InvalidTransition):
        services.erase_account(account_id=user.pk)
    assert Profile.objects.filter(pk=user.pk).exists()


def test_every_state_refuses_what_the_mapping_lacks() -> None:
    for state in State:
        for target in set(State) - TRANSITIONS[state]:
            with pytest.raises(InvalidTransition):
                User(state=state).move_to(target)


@pytest.mark.clause("3.2")
def test_whoever_is_being_erased_cannot_sign_in(due: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = come_back(due)
    fail_at(monkeypatch, "sessions", RuntimeError)
    services.erase_account(account_id=due.pk)
    assert client.get(reverse("my_data"))["Location"].startswith(reverse("account_login"))
    with pytest.raises(InvalidTransition):
        services.undo_cancellation(user=due)


# However it is interrupted


def fail_at(monkeypatch: pytest.MonkeyPatch, name: str, error: type[BaseException], *, after: bool = False) -> None:
    """Let one step fail: before it did anything, or just before it would have been confirmed."""
    step = erasure_steps.checklist()[name]

    def failing(user: User) -> None:
        if after:
            step(user=user)
        raise error

    place = erasure_steps.FIRST if name in erasure_steps.FIRST else erasure_steps.LAST
    monkeypatch.setitem(place, name, failing)


@pytest.mark.slow
@pytest.mark.clause("3.2")
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_an_erasure_that_was_killed_goes_on_where_it_was(due: User, name: str, after: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fail_at(patch, name, KilledError, after=after and name != "outbox")
        with pytest.raises(KilledError):
            services.erase_account(account_id=due.pk)
    assert state_of(due) == State.ERASING
    confirmed = ErasureStep.objects.filter(erasure=due.pk, done_at__isnull=False)
    assert list(confirmed.values_list("name", flat=True)) == STEPS[: STEPS.index(name)]
    assert erase(due) == State.ERASED
    assert [entry.details["step"] for entry in entries(due, Event.ERASURE_STEP_DONE)] == STEPS
    assert len([message for message in mail.outbox if message.subject == "Your account is erased"]) == 1
    assert keys.key_id_for(due.pk) not in dump()


@pytest.mark.clause("3.2")
@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_fails_leaves_the_account_erasing_and_says_which(
    due: User, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
        fail_at(patch, name, ZeroDivisionError)
        assert [services.erase_account(account_id=due.pk) for _ in range(2)] == [State.ERASING] * 2
    step = ErasureStep.objects.get(erasure=due.pk, done_at=None)
    assert (step.name, step.attempts, step.last_error) == (name, 2, "ZeroDivisionError")
    assert not [value for value in SHOWN.values() if value in caplog.text]
    assert erase(due) == State.ERASED


def test_an_upper_floor_adds_a_step_that_is_done_before_the_key_goes(due: User) -> None:
    seen: list[Any] = []
    erasure_steps.register("extra", lambda user: seen.append(Profile.objects.filter(pk=user.pk).exists()))
    try:
        assert "extra" in (names := list(erasure_steps.checklist()))
        assert names.index("cache") < names.index("extra") < names.index("data_key")
        assert erase(due) == State.ERASED
    finally:
        erasure_steps.unregister("extra")
    assert seen == [False]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_account_do_each_step_once(transactional_db: None) -> None:
    user = make_due(make_owner())
    at_once(lambda: services.erase_account(account_id=user.pk))
    deliver()
    services.erase_account(account_id=user.pk)
    assert state_of(user) == State.ERASED
    assert [entry.details["step"] for entry in entries(user, Event.ERASURE_STEP_DONE)] == STEPS
    assert len(entries(user, Event.ERASURE_STARTED)) == len(entries(user, Event.ERASURE_COMPLETED)) == 1


def at_once(work: Callable[[], object], times: int = 3) -> None:
    """Do the same in several threads."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# The sweep, and staff


def test_the_sweep_asks_for_what_is_due_and_what_is_unfinished(due: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks.erase_account, "apply_async", lambda args, **_: asked.append(args[0]))
    services.request_cancellation(user=make_user())
    make_user()
    tasks.sweep_erasures()
    services.erase_account(account_id=due.pk)
    tasks.sweep_erasures()
    deliver()
    services.erase_account(account_id=due.pk)
    tasks.sweep_erasures()
    assert asked == [str(due.pk)] * 2


def test_the_task_does_nothing_for_an_account_that_was_kept_or_is_erased(due: User) -> None:
    services.undo_cancellation(user=due)
    tasks.erase_account(str(due.pk))
    assert state_of(due) == State.ACTIVE
    again = make_due(due)
    erase(again)
    tasks.erase_account(str(due.pk))
    assert state_of(due) == State.ERASED


@pytest.mark.slow
@pytest.mark.clause("3.2")
def test_a_real_worker_erases_an_account_to_the_end(worker: None) -> None:
    user = make_due(make_owner())
    until = time.monotonic() + 60
    while state_of(user) != State.ERASED and time.monotonic() < until:
        tasks.sweep_erasures()
        time.sleep(1)
    assert state_of(user) == State.ERASED
    assert keys.key_id_for(user.pk) not in dump()


@pytest.fixture
def staff(db: None) -> Client:
    """A superuser at the staff pages."""
    client = Client()
    sign_in_with_two_factors(client, make_staff(is_superuser=True))
    return client


def test_staff_see_what_is_stuck_and_run_it_again(due: User, staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        fail_at(patch, "profile", ZeroDivisionError)
        services.erase_account(account_id=due.pk)
    listed = page(staff.get(reverse("admin:accounts_erasure_changelist")))
    assert "profile: ZeroDivisionError" in listed
    assert f"2 / {len(STEPS)}" in listed
    shown = page(staff.get(reverse("admin:accounts_erasure_change", args=[due.pk])))
    assert "authenticators" in shown
    assert "ZeroDivisionError" in shown
    action = {"action": "run_again", "_selected_action": [str(due.pk)]}
    staff.post(reverse("admin:accounts_erasure_changelist"), action)
    deliver()
    answer = staff.post(reverse("admin:accounts_erasure_changelist"), action, follow=True)
    assert "Finished: 1. Still waiting: 0." in page(answer)
    assert state_of(due) == State.ERASED
    assert [entry.details.get("again") for entry in entries(due, Event.ERASURE_STARTED)] == [None, True, True]


def test_only_staff_with_the_right_can_run_an_erasure_again(due: User, db: None) -> None:
    client = Client()
    sign_in_with_two_factors(client, make_staff())
    assert client.get(reverse("admin:accounts_erasure_changelist")).status_code == 403


@pytest.mark.parametrize("state", [state for state in State if state != State.ERASING])
def test_running_again_is_for_unfinished_erasures(db: None, state: State) -> None:
    user = make_user()
    leave(user, state)
    with pytest.raises(InvalidTransition):
        services.run_erasure_again(account_id=user.pk, actor=make_staff(is_superuser=True))


# Keys of nobody


def make_key(*, hours: float, account_id: UUID | None = None) -> UUID:
    """Make a data key of some age."""
    account_id = account_id or uuid4()
    keys.create_data_keys([account_id])
    DataKey.objects.filter(account_id=account_id).update(created_at=timezone.now() - timedelta(hours=hours))
    return account_id


def test_old_keys_without_an_account_are_destroyed_and_no_others(db: None) -> None:
    user, old, young = make_user(), make_key(hours=1.1), make_key(hours=0.9)
    DataKey.objects.filter(account_id=user.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert services.sweep_orphan_keys() == 1
    left = set(DataKey.objects.values_list("account_id", flat=True))
    assert user.pk in left
    assert young in left
    assert old not in left
    assert Entry.objects.filter(event=Event.KEY_SWEPT, subject=old).count() == 1
    assert services.sweep_orphan_keys() == 0


@pytest.mark.clause("3.2")
def test_a_key_that_came_back_for_an_erased_account_is_destroyed_again(due: User) -> None:
    erase(due)
    make_key(hours=2, account_id=due.pk)
    assert services.sweep_orphan_keys() == 1


def test_keys_are_compared_in_batches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.services.orphan_keys.BATCH", 2)
    for _ in range(5):
        make_key(hours=2)
    assert services.sweep_orphan_keys() == 5


def test_a_wrong_database_does_not_cost_everybody_their_keys(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.services.orphan_keys.ALWAYS_ALLOWED", 3)
    for _ in range(4):
        make_key(hours=2)
    with pytest.raises(TooManyOrphans):
        services.sweep_orphan_keys()
    assert DataKey.objects.count() == 4


def test_an_account_is_not_erased_while_a_step_that_this_version_lacks_is_undone(db: None) -> None:
    user = make_user()
    leave(user, State.ERASING)
    erasure = Erasure.objects.create(user=user)
    for position, name in enumerate(STEPS):
        ErasureStep.objects.create(erasure=erasure, name=name, position=position, done_at=timezone.now())
    ErasureStep.objects.create(erasure=erasure, name="of_another_version", position=len(STEPS))
    with pytest.raises(StepMissing):
        services.erase_account(account_id=user.pk)
    assert User.objects.get(pk=user.pk).state == State.ERASING
    assert Erasure.objects.get(pk=user.pk).finished_at is None


# Any order of things

ACTIONS = st.lists(st.sampled_from(["ask", "undo", "wait", "sweep", "deliver", "remind"]), max_size=10)


@pytest.mark.slow
@pytest.mark.clause("3.2")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_whatever_is_done_in_whatever_order_the_state_is_the_one_expected(db: None, actions: list[str]) -> None:
    user = make_user()
    expected, is_over = State.ACTIVE, False
    for action in actions:
        expected, is_over = act(user, action, expected, is_over)
        assert state_of(user) == expected
    assert DataKey.objects.filter(account_id=user.pk).exists() == (expected in {State.ACTIVE, State.CANCELLING})
    assert (User.objects.get(pk=user.pk).__dict__["email"] == "") == (expected in {State.ERASING, State.ERASED})


def act(user: User, action: str, expected: State, is_over: bool) -> tuple[State, bool]:
    """Do one thing; give the state that must follow, and whether the cooling-off is over then."""
    if action == "ask":
        return attempt(lambda: services.request_cancellation(user=user), expected, State.CANCELLING, is_over=is_over)
    if action == "undo":
        return attempt(lambda: services.undo_cancellation(user=user), expected, State.ACTIVE, is_over=is_over)
    if action == "wait":
        User.objects.filter(pk=user.pk, state=State.CANCELLING).update(erase_at=timezone.now())
        return expected, expected == State.CANCELLING or is_over
    if action == "sweep":
        tasks.erase_account(str(user.pk))
        has_left = not Notice.objects.holding_address(user).exists()
        begins = expected == State.CANCELLING and is_over
        return (
            State.ERASING if begins else State.ERASED if expected == State.ERASING and has_left else expected
        ), is_over
    if action == "deliver":
        deliver()
    services.send_reminders()
    return expected, is_over


def attempt(work: Callable[[], object], expected: State, target: State, *, is_over: bool) -> tuple[State, bool]:
    """Try a step of the mapping; where the mapping lacks it, it must be refused."""
    if target in TRANSITIONS[expected]:
        work()
        return target, False
    with pytest.raises(InvalidTransition):
        work()
    return expected, is_over
