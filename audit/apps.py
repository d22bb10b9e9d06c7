"""The audit log as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only record of what was done, by whom and about whom."""

    name = "audit"
    verbose_name = _("Audit")
