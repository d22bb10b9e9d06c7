"""Notices as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Outbox, inbox and delivery by e-mail."""

    name = "notices"
    verbose_name = _("Notices")
