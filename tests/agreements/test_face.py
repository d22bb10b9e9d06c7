import pytest
from django.core.management import call_command

from tests.agreements.conftest import SLUG

PATHS = ["", f"{SLUG}/", f"{SLUG}/?language=zh-hans", f"{SLUG}/1/en/"]


@pytest.mark.browser
@pytest.mark.clause("P1")
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_agreement_is_open_to_everyone_who_reads(live, width, colours):
    call_command("seed_agreement", verbosity=0)
    live.page.set_viewport_size({"width": width, "height": 800})
    live.page.emulate_media(color_scheme=colours)

    for path in PATHS:
        page = live.open(f"/agreements/{path}")
        live.check_access()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
