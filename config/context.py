"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates `site`: its name, its address, whether it's one person's machine, and the languages it speaks."""
    return {
        "site": {
            "name": settings.SITE_NAME,
            "url": settings.SITE_URL,
            "local": settings.LOCAL,
            "languages": settings.LANGUAGES,
        }
    }
