"""The disclosures' place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    """Requests to disclose protected fields, in review by two people."""

    name = "disclosures"
    verbose_name = _("Disclosures")
