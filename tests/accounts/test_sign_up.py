"""Sign-up: what it makes, what it refuses, and that it tells nobody who has an account."""

import pytest
from accounts.models import User
from tests.accounts.people import ADDRESS, Person


def test_somebody_registers_confirms_their_address_and_is_signed_in(person: Person) -> None:
    answer = person.sign_up()
    assert answer.status_code == 302 and answer["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert user.email == ADDRESS
    assert not person.is_signed_in
    assert person.confirm().status_code == 302
    assert person.is_signed_in
