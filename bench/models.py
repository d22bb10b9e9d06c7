"""The same person stored three ways: plain, sealed, and by django-cryptography's own `encrypt()`."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django_cryptography.fields import encrypt

from vault.blind_index import BlindIndex
from vault.fields import sealed
from vault.querysets import SealedQuerySet

FIELDS = ("real_name", "id_number", "home_address", "mailing_address", "postal_code", "email", "question", "answer")


def text(length: int = 200) -> models.CharField[Any, Any]:
    """Declare one plain column."""
    return models.CharField(max_length=length)


class Account(models.Model):
    """What an account's row holds besides: the columns of `accounts.User`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=10, default="active")
    is_active, is_staff = models.BooleanField(default=True), models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    password = models.CharField(max_length=128, default="x" * 100)
    language = models.CharField(max_length=10, default="en")
    joined_at = models.DateTimeField(default=timezone.now)
    last_login = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class PlainPerson(Account):
    """Eight plain columns, the two that are looked up indexed."""

    real_name, home_address, mailing_address = text(), text(), text()
    postal_code, question, answer = text(), text(), text()
    id_number = models.CharField(max_length=200, db_index=True)
    email = models.CharField(max_length=254, unique=True)


class SealedPerson(Account):
    """The same, sealed, with two blind indexes."""

    real_name = sealed(text(), account="id")
    id_number = sealed(text(), account="id", blind_index=True)
    home_address = sealed(text(), account="id")
    mailing_address = sealed(text(), account="id")
    postal_code = sealed(text(), account="id")
    email = sealed(text(254), account="id", blind_index=True)
    question = sealed(text(), account="id")
    answer = sealed(text(), account="id")
    objects = SealedQuerySet["SealedPerson"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(BlindIndex("email"), name="bench_unique_email"),)
        indexes = (models.Index(BlindIndex("id_number"), name="bench_id_number"),)


class PeerPerson(Account):
    """The same by the peer: no index, no key of the account's own."""

    real_name, home_address, mailing_address = encrypt(text()), encrypt(text()), encrypt(text())
    postal_code, question, answer = encrypt(text()), encrypt(text()), encrypt(text())
    id_number, email = encrypt(text()), encrypt(text(254))
