"""The accounts' place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and what they keep here."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Listen to Django and allauth, and register the system checks."""
        from accounts import checks, signals  # noqa: F401, PLC0415 - Django's place for both
