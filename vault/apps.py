"""The vault's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """Sealed fields and their keys; its checks refuse a bad key configuration."""

    name = "vault"
    verbose_name = _("Vault")

    def ready(self) -> None:
        """Register the system checks."""
        from vault import checks  # noqa: F401, PLC0415 - Django's place for registering checks
