"""The inbox: what happened to an account, newest first."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from notices.context import unread_notices
from notices.kinds import Kind
from notices.models import Notice
from notices.views import PER_PAGE
from tests.factories import make_user
from tests.notices.conftest import queue

SHOW = Template("{% if show and unread_notices %}{{ unread_notices }}{% endif %}")


@pytest.fixture
def reader(client: Client, person: User) -> Client:
    """A browser in which the person is signed in."""
    client.force_login(person)
    return client


def test_an_empty_inbox_says_what_will_appear(reader: Client) -> None:
    page = reader.get("/notices/").content.decode()
    assert "There are no notices yet." in page
    assert "Mark all as read" not in page


def test_notices_are_listed_newest_first_and_marked_as_new(reader: Client, person: User) -> None:
    queue(person, Kind.ACCOUNT_REGISTERED)
    queue(person, Kind.PROFILE_CORRECTED, fields=["real_name"])
    page = reader.get("/notices/").content.decode()
    assert page.index("Your data were changed in your account: real name.") < page.index("Your account is ready")
    assert "2 notices are new." in page


def test_marking_as_read_takes_a_post_and_touches_no_one_else(reader: Client, person: User) -> None:
    queue(person)
    queue(make_user())
    assert reader.get("/notices/read/").status_code == 405
    assert reader.post("/notices/read/").headers["Location"] == "/notices/"
    assert not Notice.objects.in_inbox(person).unread().exists()
    assert Notice.objects.unread().count() == 1


def test_nobody_sees_another_ones_notices(reader: Client) -> None:
    queue(make_user(), Kind.FIELD_OPENED)
    assert "There are no notices yet." in reader.get("/notices/").content.decode()


def test_a_long_inbox_has_pages(reader: Client, person: User) -> None:
    for _ in range(PER_PAGE + 1):
        queue(person)
    assert "Page 1 of 2" in reader.get("/notices/").content.decode()
    assert reader.get("/notices/?page=2").content.decode().count("<article") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/notices/", "/notices/read/"])
def test_the_inbox_asks_for_a_sign_in(client: Client, path: str) -> None:
    answer = client.post(path) if "read" in path else client.get(path)
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_number_of_unread_notices_costs_one_query_where_it_is_shown_and_none_elsewhere(
    person: User, notice: Notice, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get("/")
    request.user = person
    with django_assert_num_queries(0):
        assert SHOW.render(Context(unread_notices(request))) == ""
    with django_assert_num_queries(1):
        assert SHOW.render(Context({"show": True, **unread_notices(request)})) == "1"


def test_an_error_page_without_a_known_reader_counts_nothing(rf: RequestFactory) -> None:
    assert SHOW.render(Context({"show": True, **unread_notices(rf.get("/"))})) == ""
