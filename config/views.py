"""Pages of no app: the home page, the mailbox of one person's machine, and two addresses for machines that watch."""

from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import mailbox
from vault import secrets


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what this platform promises, and the way in."""
    return render(request, "home.html")


@never_cache
@require_safe
def show_mailbox(request: HttpRequest) -> HttpResponse:
    """Show the mails sent on this machine. Only where LOCAL is set."""
    mails = [
        {"to": ", ".join(mail.to), "subject": mail.subject, "text": mail.text, "sent_at": parse_datetime(mail.sent_at)}
        for mail in mailbox.latest()
    ]
    return render(request, "config/mailbox.html", {"mails": mails})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers; nothing behind it is asked."""
    return JsonResponse({"alive": True, "at": timezone.now()})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether both databases, the broker and the keys can be used: 200 if all, 503 if one can't."""
    parts = {name: is_up(probe) for name, probe in PROBES.items()}
    return JsonResponse({"ready": all(parts.values())} | parts, status=200 if all(parts.values()) else 503)


def is_up(probe: Callable[[], object]) -> bool:
    """Tell whether a probe ends without an error; which error is no business of an anonymous reader."""
    try:
        probe()
    except Exception:  # noqa: BLE001 - every failure of a part means the same here: not ready
        return False
    return True


def ask_database(alias: str) -> None:
    """Run the smallest query there is."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_broker() -> None:
    """Reach Redis, or the folder that stands in for it."""
    if settings.REDIS_URL:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    else:
        Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]).stat()


def ask_keys() -> None:
    """Seal and open a word."""
    secrets.open(secrets.seal("ready", "readiness"), "readiness")


PROBES: dict[str, Callable[[], object]] = {
    "database": lambda: ask_database("default"),
    "keys_database": lambda: ask_database("keys"),
    "broker": ask_broker,
    "keys": ask_keys,
}
