"""The account with a sealed e-mail address, declared as accounts.User declares it."""

from typing import ClassVar

from django.contrib.auth.models import UserManager
from django.db import models

from accounts import email_address  # noqa: F401 - seals allauth's model, which is made after this module
from tests.allauth_suite.person import Person
from vault.fields import sealed
from vault.querysets import SealedQuerySet


class Users(UserManager.from_queryset(SealedQuerySet)):  # type: ignore[misc] # made at run time
    """Makes accounts as Django does."""


class User(Person):
    """Keeps the e-mail address sealed, with a blind index."""

    email = sealed(models.EmailField("email address", blank=True), account="id", blind_index=True)
    objects: ClassVar[Users] = Users()
