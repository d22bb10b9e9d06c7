"""Seals `EmailAddress.email` of allauth, whose model can't be swapped, while that model class is being made.

This module must be imported before `allauth.account.models`: the app `accounts` is listed first. Historical models in
migrations are left alone; `accounts.allauth_migrations` describes the sealed column.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.signals import class_prepared

from vault.attribute import SealedAttribute
from vault.blind_index import BlindIndex
from vault.fields import sealed_class
from vault.querysets import SealedQuerySet

M = TypeVar("M", bound=models.Model)


class EmailAddressQuerySet(SealedQuerySet[M]):
    """Gives opened addresses where allauth asks for a list of them."""

    def values_list(self, *fields: Any, flat: bool = False, named: bool = False) -> Any:
        """Open `email` through its rows, so that each is checked to be its account's."""
        if fields == ("email",) and flat:
            return [row.email for row in self]  # type: ignore[attr-defined] # M is always EmailAddress
        return super().values_list(*fields, flat=flat, named=named)


def email_constraints() -> Iterable[models.UniqueConstraint]:
    """Say by blind index what allauth says of the plain address."""
    return [
        models.UniqueConstraint(fields=["user", "primary"], name="unique_primary_email", condition=Q(primary=True)),
        models.UniqueConstraint(
            BlindIndex("email"), name="unique_verified_email", condition=Q(verified=True) & ~Q(email="")
        ),
        models.UniqueConstraint("user", BlindIndex("email"), name="unique_email_of_user"),
    ]


def describe_address(row: Any) -> str:
    """Name the row without the address."""
    return f"e-mail address {row.pk}"


def seal_email_address(sender: type[models.Model], **kwargs: Any) -> None:
    """Turn the plain field of the real model into a sealed one, in place."""
    options: Any = sender._meta
    if options.label != "account.EmailAddress" or options.apps is not apps:
        return
    field = options.get_field("email")
    field.__class__ = sealed_class(models.EmailField)
    field.account, field.blind_index, field.db_index = "user_id", True, False
    field.bind_to(f"{options.label_lower}.email")
    sender.email = SealedAttribute(field)  # type: ignore[attr-defined] # only this model has it
    options.unique_together = ()
    options.constraints = list(email_constraints())
    options.indexes = [models.Index(BlindIndex("email"), name="emailaddress_blind_index")]
    changed = {"unique_together": (), "constraints": options.constraints, "indexes": options.indexes}
    options.original_attrs.update(changed)
    for manager in options.local_managers:
        manager._queryset_class = EmailAddressQuerySet
    options._expire_cache()  # it holds copies of the managers, made again whenever a model is added to the registry
    sender.__str__ = describe_address  # type: ignore[method-assign] # allauth's gives the address, to logs too


class_prepared.connect(seal_email_address)
