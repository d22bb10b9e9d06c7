"""What people are told about. The words of each kind are in `templates/notices/kinds/<kind>.txt`."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """One kind of notice; the label is for staff. Keep the list sorted."""

    ACCOUNT_REGISTERED = "account_registered", _("Account registered")
    AGREEMENT_CHANGED = "agreement_changed", _("Agreement changed")
    CANCELLATION_REMINDER = "cancellation_reminder", _("Cancellation: one day left")
    CANCELLATION_REQUESTED = "cancellation_requested", _("Cancellation requested")
    CANCELLATION_UNDONE = "cancellation_undone", _("Cancellation undone")
    DISCLOSURE_APPROVED = "disclosure_approved", _("Disclosure approved, to its author")
    DISCLOSURE_REFUSED = "disclosure_refused", _("Disclosure refused, to its author")
    DISCLOSURE_RELEASED = "disclosure_released", _("Disclosure released, to the person concerned")
    DISCLOSURE_SUBMITTED = "disclosure_submitted", _("Disclosure submitted, to reviewers")
    EMAIL_CHANGED = "email_changed", _("E-mail address changed")
    ERASURE_COMPLETED = "erasure_completed", _("Erasure completed")
    FIELD_OPENED = "field_opened", _("Protected field opened")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PROFILE_CORRECTED = "profile_corrected", _("Personal data corrected")
    SECURITY_CHANGED = "security_changed", _("Sign-in and security changed")
    STAFF_ROLE_GRANTED = "staff_role_granted", _("Staff role granted, to the other administrators")


def choices() -> list[tuple[str, Any]]:
    """Give the kinds to the model as a function, so that a new kind needs no migration."""
    return Kind.choices
