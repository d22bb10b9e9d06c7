"""What Django and allauth do to accounts, written into the audit log. Each entry is in the transaction of its change.

Nothing here decides anything.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from audit import services as audit
from audit.events import Event
from vault import secrets
from vault.blind_index import normalise

Record = dict[str, Any]


@receiver(user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record who signed in, and by which factors."""
    records = get_authentication_records(request, user)
    write(Event.ACCOUNT_SIGNED_IN, user, methods=[record.get("type") or record["method"] for record in records])


@receiver(user_login_failed)
def record_failed_sign_in(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Record an attempt without what was typed; a keyed fingerprint tells attempts on one address from others."""
    email = normalise(str(credentials.get("email", "")))
    users = filter_users_by_email(email)
    fingerprint = secrets.fingerprint(email, "sign-in")
    write(Event.ACCOUNT_SIGN_IN_FAILED, users[0] if users else None, anonymous=True, fingerprint=fingerprint)


@receiver(mfa.authentication_failed)
def record_failed_second_factor(user: User, **kwargs: Any) -> None:
    """Record a wrong second factor after a right password."""
    write(Event.ACCOUNT_SIGN_IN_FAILED, user, anonymous=True, methods=["mfa"])


@receiver(user_logged_out)
def record_sign_out(user: User | None, **kwargs: Any) -> None:
    """Record who signed out."""
    if user is not None:
        write(Event.ACCOUNT_SIGNED_OUT, user)


@receiver([account.password_changed, account.password_set])
def record_password_change(user: User, **kwargs: Any) -> None:
    """Record that a password was changed by someone signed in."""
    write(Event.ACCOUNT_PASSWORD_CHANGED, user)


@receiver(account.password_reset)
def record_password_reset(user: User, **kwargs: Any) -> None:
    """Record that a password was set anew with a code."""
    write(Event.ACCOUNT_PASSWORD_RESET, user)


@receiver(account.email_confirmed)
def record_confirmed_address(email_address: EmailAddress, **kwargs: Any) -> None:
    """Record that an address was confirmed; not which."""
    write(Event.ACCOUNT_EMAIL_VERIFIED, email_address.user)


@receiver(account.email_changed)
def record_changed_address(user: User, from_email_address: EmailAddress | None = None, **kwargs: Any) -> None:
    """Record that an address took the place of another one."""
    if from_email_address:
        write(Event.ACCOUNT_EMAIL_CHANGED, user)


# allauth tells of authenticators after the commit, which is too late for a record that must not be lost.


@receiver(post_save, sender=Authenticator)
def record_added_authenticator(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """Record a new second factor, or new recovery codes."""
    if created and instance.type == Authenticator.Type.RECOVERY_CODES:
        write(Event.ACCOUNT_RECOVERY_CODES_GENERATED, instance.user)
    elif created:
        write(Event.ACCOUNT_AUTHENTICATOR_ADDED, instance.user, kind=str(instance.type))


@receiver(post_delete, sender=Authenticator)
def record_removed_authenticator(instance: Authenticator, **kwargs: Any) -> None:
    """Record that a second factor is gone."""
    write(Event.ACCOUNT_AUTHENTICATOR_REMOVED, instance.user, kind=str(instance.type))


@transaction.atomic
def write(event: Event, user: User | None, *, anonymous: bool = False, **details: Any) -> None:
    """Record an event about an account, done by whoever is signed in, else by the account itself."""
    audit.record(event, actor=None if anonymous else _actor() or user, subject=user, **details)


def _actor() -> User | None:
    request: HttpRequest | None = context.request
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None
