"""What the tests of accounts share."""

import pytest
from django.core.management import call_command

from tests.accounts.people import Person


@pytest.fixture
def agreement() -> None:
    """The service agreement, in force."""
    call_command("seed_agreement", verbosity=0)


@pytest.fixture
def person(db: None, agreement: None) -> Person:
    """Somebody with a browser, on a site with an agreement."""
    return Person()
