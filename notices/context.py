"""What every page knows about the reader's notices."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notices.models import Notice


def unread_notices(request: HttpRequest) -> dict[str, Any]:
    """Give templates `unread_notices`, a number that is counted only where it is shown."""
    return {"unread_notices": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int:
    user = getattr(request, "user", None)  # an error page may come before anyone was recognised
    return Notice.objects.in_inbox(user).unread().count() if user and user.is_authenticated else 0
