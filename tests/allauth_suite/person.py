"""The account that both variants test with: Django's own, but known by a UUID, as the vault asks."""

import uuid
from itertools import count

from django.contrib.auth.models import AbstractUser
from django.db import models

numbers = count(1)


def next_id() -> uuid.UUID:
    """Give ids in order: some of allauth's tests take the last account for the newest."""
    return uuid.UUID(int=next(numbers))


class Person(AbstractUser):
    """Everything of Django's own user but its integer key."""

    id = models.UUIDField(primary_key=True, default=next_id, editable=False)

    class Meta(AbstractUser.Meta):
        abstract = True
