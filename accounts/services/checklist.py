"""The steps of an erasure that concern accounts themselves; `accounts.erasure_steps` has their order."""

from urllib.parse import urlsplit

from allauth.account import app_settings as allauth_settings
from allauth.account.models import EmailAddress
from allauth.core.internal.ratelimit import get_cache_key, parse_rates
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache

from accounts.exceptions import StillDelivering
from accounts.models import Erasure, Profile, User
from accounts.services.sessions import end_sessions, remove_traces
from audit import services as audit
from audit.events import Event
from notices import services as notices
from notices.kinds import Kind
from notices.models import Notice
from vault import keys, secrets
from vault.exceptions import SealError

ERASER = "system:erase_account"
PURPOSE = "last address"


def end_all_sessions(user: User) -> None:
    """End the sessions, and drop those that only mention the account, such as an unfinished sign-in."""
    end_sessions(user=user, actor=ERASER)
    remove_traces([str(user.pk), user.pk.hex, address_of(user)])


def remove_authenticators(user: User) -> None:
    """Remove authenticator apps, passkeys and recovery codes."""
    Authenticator.objects.filter(user=user).delete()


def remove_profile(user: User) -> None:
    """Remove the sealed profile with its blind index and the recovery question."""
    Profile.objects.filter(pk=user.pk).delete()


def empty_inbox(user: User) -> None:
    """Remove every notice, sent or not."""
    notices.erase_notices(user=user)


def clear_counters(user: User) -> None:
    """Clear the counters of sign-in attempts and mails that the cache keeps for the account and its address."""
    address = address_of(user)
    names = [address, f"{urlsplit(settings.SITE_URL).netloc}:{address}", f"mfa-auth-user-{user.pk}"]
    for action, rates in allauth_settings.RATE_LIMITS.items():
        for rate in parse_rates(rates):
            if rate.per != "ip":
                about = {"app": "allauth.account", "action": action, "rate": rate, "user": user}
                cache.delete_many([get_cache_key(None, key=name, **about) for name in names])


def remove_addresses(user: User) -> None:
    """Remove the e-mail addresses and the password; the one for the last notice is kept, sealed, for a moment."""
    if address := address_of(user):
        sealed_address = secrets.seal(address, PURPOSE)
        Erasure.objects.filter(pk=user.pk).update(last_address=sealed_address)
    EmailAddress.objects.filter(user=user).delete()
    user.email = ""
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])


def destroy_key(user: User) -> None:
    """Destroy the data key: whatever copy of a sealed value is left anywhere, nobody can open it again."""
    if keys.destroy_data_key(user.pk):
        audit.record(Event.KEY_DESTROYED, actor=ERASER, subject=user, clause="3.2")


def write_last_notice(user: User) -> None:
    """Write the notice that all is erased, to the address that was kept for it, and forget the address here."""
    erasure = Erasure.objects.get(pk=user.pk)
    if erasure.last_address:
        address = secrets.open(erasure.last_address, PURPOSE)
        notices.send(Kind.ERASURE_COMPLETED, to=user, email_to=address, once="erasure")
        erasure.last_address = ""
        erasure.save(update_fields=["last_address"])


def await_last_notice(user: User) -> None:
    """Remove what carried the last notice, once it has left or was given up.

    Raises:
        StillDelivering: it hasn't yet.
    """
    if Notice.objects.holding_address(user).exists():
        raise StillDelivering
    notices.erase_notices(user=user)


def address_of(user: User) -> str:
    """Give the account's address; nothing where it is gone or its seal is broken."""
    try:
        return str(user.email)
    except SealError:
        return ""
