"""The inbox as people see it: both widths, both colours, nothing for axe to find."""

import pytest
from django.test import Client

from notices.kinds import Kind
from notices.models import Notice
from tests.factories import make_user
from tests.live import Live
from tests.notices.conftest import queue


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_inbox_is_readable_and_its_button_works(live: Live, width: int, colours: str) -> None:
    person = make_user()
    client = Client()
    client.force_login(person)
    cookie = client.cookies["sessionid"]
    live.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
    live.page.set_viewport_size({"width": width, "height": 800})
    live.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of two words

    live.open("/notices/").get_by_text("There are no notices yet.").wait_for()
    live.check_access()

    for kind in (Kind.ACCOUNT_REGISTERED, Kind.PASSWORD_CHANGED):
        queue(person, kind)
    queue(person, Kind.PROFILE_CORRECTED, fields=["real_name", "home_address"])
    page = live.open("/notices/")
    live.check_access()
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_role("heading", name="Notices", exact=True).wait_for()
    assert not Notice.objects.in_inbox(person).unread().exists()
