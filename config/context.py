"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates `site`: its name, its address, whether it's one person's machine, and the languages it speaks.

    The name is there twice, since allauth's sign-in pages put an object of their own in the place of `site`.
    """
    return {
        "site_name": settings.SITE_NAME,
        "site": {
            "name": settings.SITE_NAME,
            "url": settings.SITE_URL,
            "local": settings.LOCAL,
            "languages": settings.LANGUAGES,
        },
    }
