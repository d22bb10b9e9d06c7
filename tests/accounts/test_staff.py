"""What staff do about accounts is written down, whether it leads to anything or not."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.staff import set_roles
from audit.events import Event
from audit.models import Entry
from notices.kinds import Kind
from notices.models import Notice
from tests.factories import PASSWORD, make_staff, make_user
from tests.sign_in import sign_in_with_two_factors

FIND = reverse("admin:accounts_user_find")


@pytest.fixture
def boss(client: Client, db: None) -> User:
    """A superuser, signed in in the browser."""
    user = make_staff(is_superuser=True)
    sign_in_with_two_factors(client, user)
    return user


def test_every_search_for_an_address_is_recorded_also_one_that_finds_nobody(client: Client, boss: User) -> None:
    ada = make_user(email="ada@example.com")
    assert client.post(FIND, {"email": "nobody@example.com"}).status_code == 200
    assert client.post(FIND, {"email": "ada@example.com"}).status_code == 302
    missed, found = Entry.objects.filter(event=Event.ACCOUNT_SOUGHT, actor=str(boss.pk)).order_by("id")
    assert (missed.subject, missed.details) == (None, {"found": False})
    assert (found.subject, found.details) == (ada.pk, {"found": True})


def test_nobody_looks_for_one_address_after_another(client: Client, boss: User) -> None:
    answers = [client.post(FIND, {"email": f"nobody{number}@example.com"}).status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
    assert Entry.objects.filter(event=Event.ACCOUNT_SOUGHT).count() == 30


def test_the_other_superusers_are_told_of_a_role_that_one_of_them_grants(client: Client, boss: User) -> None:
    other, clerk, role = make_staff(is_superuser=True), make_staff(), Group.objects.create(name="role under test")
    give: dict[str, Any] = {"user_id": clerk.pk, "actor": boss, "is_staff": True, "department": "", "roles": [role]}
    set_roles(**give)
    notice = Notice.objects.get(kind=Kind.STAFF_ROLE_GRANTED)
    assert (notice.to_id, notice.about_id) == (other.pk, str(clerk.pk))
    set_roles(**give)
    assert Notice.objects.filter(kind=Kind.STAFF_ROLE_GRANTED).count() == 1


def test_an_account_made_on_the_command_line_is_recorded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="root@example.com", interactive=False, verbosity=0)
    entry = Entry.objects.about(User.objects.get(is_superuser=True)).get()
    assert (entry.event, entry.actor) == (Event.ACCOUNT_REGISTERED, "system:createsuperuser")
    assert entry.details == {"superuser": True}


def test_a_password_set_on_the_command_line_is_recorded_and_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user(email="ada@example.com")
    monkeypatch.setattr("getpass.getpass", lambda **_: "another horse battery")
    call_command("changepassword", "ada@example.com", stdout=StringIO())
    user.refresh_from_db()
    assert user.check_password("another horse battery")
    assert Entry.objects.get(event=Event.ACCOUNT_PASSWORD_CHANGED, subject=user.pk).actor == "system:changepassword"
    assert Notice.objects.get(to=user).kind == Kind.PASSWORD_CHANGED
