"""The disclosures' place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts import erasure_steps


class DisclosuresConfig(AppConfig):
    """Requests to disclose protected fields, in review by two people."""

    name = "disclosures"
    verbose_name = _("Disclosures")

    def ready(self) -> None:
        """Add a step to the erasure of an account."""
        erasure_steps.register("disclosure_requests", "disclosures.services.erase_from_requests")
