"""The language in which the site speaks to somebody when they aren't there: that of their mail."""

from uuid import UUID

from accounts.models import User


def choose_language(*, user_id: UUID, language: str) -> None:
    """Keep the language, one of `settings.LANGUAGES`, for notices and mail; whoever is being erased keeps nothing."""
    User.objects.filter(pk=user_id, is_active=True).update(language=language)
