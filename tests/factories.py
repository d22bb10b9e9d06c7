"""People and things to test with. Extend it as apps grow; a factory per model, a function per usual person."""

from datetime import date
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Profile, User

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(**fields: Any) -> User:
    """Make an adult who can sign in with PASSWORD, with a data key and a profile that holds a date of birth alone."""
    email = fields.pop("email", f"person{next(_numbers)}@example.com")
    user = User.objects.create_user(email, PASSWORD, **fields)
    Profile.objects.create(user=user, date_of_birth=date(1990, 5, 17))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_staff(**fields: Any) -> User:
    """Make a member of staff; give `department` where the rule under test asks for another one."""
    return make_user(is_staff=True, **fields)
