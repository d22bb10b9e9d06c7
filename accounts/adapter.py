"""allauth's hooks: mails that leave after the commit, secrets that are sealed, names that tell nothing."""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services.register import AGREEMENT
from accounts.services.unconfirmed import free_address
from accounts.two_factor import has_second_factor
from agreements.models import Text
from audit import services as audit
from audit.events import Event
from notices import services as notices
from notices.kinds import Kind
from vault import secrets

logger = logging.getLogger(__name__)

TOTP = "totp"  # what second-factor secrets are sealed for
MAIL_NOT_SENT = "mail_not_sent"  # in the session: the page that asks for a code says so instead of "we have sent"
CODE_SENT = "account/messages/email_confirmation_sent.txt"

# allauth's mails about a change, by the template it would use, and our notice in their place: kept in the outbox with
# the change, tried again until it arrives, and shown in the inbox.
NOTICES: dict[str, tuple[Kind, dict[str, Any]]] = {
    "account/email/email_changed": (Kind.EMAIL_CHANGED, {}),
    "account/email/password_changed": (Kind.PASSWORD_CHANGED, {}),
    "account/email/password_set": (Kind.PASSWORD_CHANGED, {}),
    "account/email/password_reset": (Kind.PASSWORD_CHANGED, {}),
    "mfa/email/totp_activated": (Kind.SECURITY_CHANGED, {"change": "authenticator_added"}),
    "mfa/email/totp_deactivated": (Kind.SECURITY_CHANGED, {"change": "authenticator_removed"}),
    "mfa/email/webauthn_added": (Kind.SECURITY_CHANGED, {"change": "authenticator_added"}),
    "mfa/email/webauthn_removed": (Kind.SECURITY_CHANGED, {"change": "authenticator_removed"}),
    "mfa/email/recovery_codes_generated": (Kind.SECURITY_CHANGED, {"change": "recovery_codes_generated"}),
}
OTHER_CHANGE: tuple[Kind, dict[str, Any]] = (Kind.SECURITY_CHANGED, {})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Sign-up, sign-in, e-mail and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Be closed while there is no agreement to agree to."""
        return Text.objects.in_force().filter(version__agreement__slug=AGREEMENT).exists()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code, once what it belongs to is committed. A mail server that is down loses nothing but time."""
        request = self.request
        request.session.pop(MAIL_NOT_SENT, None)
        site = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, site | context)
        transaction.on_commit(partial(hand_over, request, message))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person of a change by a notice; the address before a change of e-mail gets one as well."""
        kind, details = NOTICES.get(template_prefix, OTHER_CHANGE)
        notices.send(kind, to=user, **details)
        if email:
            notices.send(kind, to=user, email_to=email, **details)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say that a code was sent to who asked for a new one, once it was; else the page says it already."""
        add = partial(super().add_message, request, level, message_template, *args, **kwargs)
        if message_template != CODE_SENT:
            add()
        elif request.POST.get("action") == "resend":
            transaction.on_commit(lambda: None if request.session.get(MAIL_NOT_SENT) else add())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address that the person receives mail at; unconfirmed sign-ups that hold it give way."""
        user: User = email_address.user
        first = not EmailAddress.objects.filter(user=user, verified=True).exists()
        try:
            with transaction.atomic():
                free_address(email=email_address.email, owner=user)
                confirmed: bool = super().confirm_email(request, email_address)
        except IntegrityError:  # an account made by createsuperuser has it
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt")
            return False
        if confirmed and first:
            notices.send(Kind.ACCOUNT_REGISTERED, to=user, once="registered")
        return confirmed

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Ask somebody who has a second factor for that one: a stolen password must not be enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if has_second_factor(user):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods


def hand_over(request: HttpRequest, message: EmailMessage) -> None:
    """Give a mail to the mail server, or let the page say that it didn't work.

    The error's text can hold the address, so only its kind is logged.
    """
    try:
        message.send()
    except OSError as error:  # SMTP's errors are among these
        logger.warning("A mail with a code could not be sent (%s)", type(error).__name__)
        request.session[MAIL_NOT_SENT] = True


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    def encrypt(self, text: str) -> str:
        """Seal the secret of an authenticator app, or the seed of recovery codes."""
        return secrets.seal(text, TOTP)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return secrets.open(encrypted_text, TOTP)

    def get_totp_label(self, user: User) -> str:
        """Name the account in an authenticator app, which may sync it to anywhere, by its pseudonym."""
        return str(user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site in a passkey."""
        return {"id": context.request.get_host().partition(":")[0], "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Name the account in a passkey by its pseudonym."""
        return {"id": user.pk.hex.encode(), "display_name": str(user), "name": str(user)}


class UserSessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """The list of sessions."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End sessions, each with its entry in the audit log."""
        with transaction.atomic():
            for session in sessions:
                audit.record(Event.SESSION_ENDED, actor=session.user_id, subject=session.user_id, target=session)
                session.end()
