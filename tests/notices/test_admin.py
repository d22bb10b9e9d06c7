"""Staff see deliveries, never addresses, and can do one thing."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from notices.kinds import Kind
from notices.models import Notice, State
from tests.factories import make_staff
from tests.notices.conftest import queue
from tests.sign_in import sign_in_with_two_factors

LIST = "/admin/notices/notice/"
TRY_AGAIN = {"action": "try_again", "index": "0"}


@pytest.fixture
def staff(person: User) -> User:
    """Staff who may see deliveries."""
    user = make_staff()
    user.user_permissions.add(Permission.objects.get(codename="view_notice"))
    return user


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    """A browser in which they are signed in."""
    sign_in_with_two_factors(client, staff)
    return client


@pytest.mark.clause("1.2")
def test_list_and_page_show_the_delivery_and_no_address(desk: Client, person: User) -> None:
    notice = queue(person, Kind.EMAIL_CHANGED, email_to="old@example.org")
    for path in (LIST, f"{LIST}{notice.pk}/change/", f"{LIST}?state__exact=queued", f"{LIST}?q={person.pk}"):
        page = desk.get(path)
        assert page.status_code == 200
        assert str(person.pk) in page.content.decode()
        assert "@example.org" not in page.content.decode()


def test_a_search_for_what_is_no_id_finds_nothing(desk: Client, notice: Notice) -> None:
    assert str(notice.to_id) not in desk.get(f"{LIST}?q=wang").content.decode()


def test_nothing_can_be_added_edited_or_deleted(desk: Client, notice: Notice) -> None:
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{notice.pk}/change/", {"state": "sent"}).status_code == 403
    assert desk.post(f"{LIST}{notice.pk}/delete/", {"post": "yes"}).status_code == 403


def test_without_the_permission_no_delivery_is_tried_again(desk: Client, notice: Notice) -> None:
    Notice.objects.update(state=State.FAILED)
    desk.post(LIST, TRY_AGAIN | {"_selected_action": [str(notice.pk)]})
    assert Notice.objects.get().state == State.FAILED


def test_with_the_permission_failed_deliveries_are_tried_again(desk: Client, staff: User, notice: Notice) -> None:
    staff.user_permissions.add(Permission.objects.get(codename="retry_notice"))
    Notice.objects.update(state=State.FAILED)
    waiting = queue(notice.to)
    page = desk.post(LIST, TRY_AGAIN | {"_selected_action": [str(notice.pk), str(waiting.pk)]}, follow=True)
    assert "1 notice is waiting to be sent again." in page.content.decode()
    assert "1 notice can&#x27;t be sent again." in page.content.decode()
    assert set(Notice.objects.values_list("state", flat=True)) == {State.QUEUED}
