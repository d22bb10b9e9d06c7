"""One notice as an e-mail: text and HTML, in the language of the person it goes to."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import loader
from django.urls import reverse
from django.utils import translation

from notices.exceptions import NoAddress
from notices.models import Notice
from notices.words import render
from vault import secrets
from vault.exceptions import KeyMissing

PURPOSE = "notice"
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def seal_address(address: str) -> str:
    """Seal an address that one notice goes to, until it is delivered."""
    return secrets.seal(address, PURPOSE)


def send(notice: Notice) -> None:
    """Hand the mail over to the mail server.

    The Message-ID is the notice's own, so that a mail sent again after a crash can be known as the same one.

    Raises:
        NoAddress: the account has no address any more.
    """
    address = _address(notice)
    if not address:
        raise NoAddress
    with translation.override(notice.to.language):
        message = _message(notice, address)
    message.send()


def _address(notice: Notice) -> str:
    if notice.one_off:
        return secrets.open(notice.address, PURPOSE)
    try:
        return str(notice.to.email)
    except KeyMissing:  # the account was erased
        return ""


def _message(notice: Notice, address: str) -> EmailMultiAlternatives:
    words = render(notice)
    context = {
        "words": words,
        "link": settings.SITE_URL + words.path if words.path else "",
        "inbox": "" if notice.one_off else settings.SITE_URL + reverse("notices"),
        "site_name": settings.SITE_NAME,
        "language": translation.get_language(),
    }
    message = EmailMultiAlternatives(
        subject=words.title,
        body=loader.render_to_string("notices/email.txt", context),
        to=[address],
        headers=HEADERS | {"Message-ID": f"<{notice.id}@{_domain()}>"},
    )
    message.attach_alternative(loader.render_to_string("notices/email.html", context), "text/html")
    return message


def _domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].rstrip(">")
