"""Sign-up: an account, its sealed profile and the acceptance of the agreement, all or nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.age import age_on
from accounts.exceptions import AddressTaken, BelowSelfConsentAge
from accounts.models import Profile, User
from accounts.services.unconfirmed import lock_address, remove_unconfirmed, unconfirmed
from agreements.models import Surface
from agreements.services import accept_agreement
from audit import services as audit
from audit.events import Event

AGREEMENT = "service-agreement"  # the one that registration needs


@transaction.atomic
def register_account(
    *,
    email: str,
    password: str,
    date_of_birth: date,
    statement: str,
    control_label: str,
    language: str = settings.LANGUAGE_CODE,
    network_prefix: str = "",
    user_agent_sha256: str = "",
    profile: Mapping[str, Any] | None = None,
) -> User:
    """Make an account that can sign in once its e-mail address is confirmed, bound to the agreement that was shown.

    `profile` holds the protected fields that the operator asks for at registration. The same sign-up sent twice gives
    the same account. Whatever is found under the address, a password is hashed twice: time tells nothing.

    Raises:
        BelowSelfConsentAge: a guardian must consent first (clause 1.0).
        AddressTaken: a confirmed account has the address; the person who asked must not be told.
        StatementRefused: what was shown can't be accepted any more (clause P2).
    """
    if age_on(date_of_birth, timezone.localdate()) < settings.AGE_OF_SELF_CONSENT:
        raise BelowSelfConsentAge
    password_hash = make_password(password)
    lock_address(email)
    earlier = _make_room(email, password)
    if earlier:
        return earlier
    user = _create_user(email, password_hash, language)
    Profile.objects.create(user=user, date_of_birth=date_of_birth, **(profile or {}))
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    accept_agreement(
        user=user,
        statement=statement,
        surface=Surface.SIGN_UP,
        control_label=control_label,
        network_prefix=network_prefix,
        user_agent_sha256=user_agent_sha256,
    )
    audit.record(Event.ACCOUNT_REGISTERED, actor=user, subject=user, target=user)
    return user


@transaction.atomic
def refuse_sign_up() -> None:
    """Write down that somebody below the age of self-consent was refused; nothing of what they typed (clause 1.0)."""
    audit.record(Event.SIGN_UP_REFUSED, actor=None, clause="1.0", reason="below_self_consent_age")


def _make_room(email: str, password: str) -> User | None:
    """Give the sign-up that this one repeats, or remove one that it doesn't; for a confirmed account: AddressTaken."""
    holder: User | None = next(iter(filter_users_by_email(email)), None)
    if holder is None:
        make_password(password)
        return None
    same_password = holder.check_password(password)
    if not unconfirmed().filter(pk=holder.pk).exists():
        raise AddressTaken
    if same_password:
        return holder
    remove_unconfirmed(user_id=holder.pk, reason="signed_up_again")
    return None


def _create_user(email: str, password_hash: str, language: str) -> User:
    try:
        with transaction.atomic():
            user: User = User.objects.create(email=email, password=password_hash, language=language)
    except IntegrityError:  # made meanwhile by a way that takes no lock, such as createsuperuser
        raise AddressTaken from None
    return user
