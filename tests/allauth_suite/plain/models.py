"""The account with a plain e-mail address."""

from tests.allauth_suite.person import Person


class User(Person):
    """Keeps the e-mail address as Django does."""
