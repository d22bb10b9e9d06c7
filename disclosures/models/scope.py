"""Whom a request concerns, and which of their fields."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.requests import DisclosureRequest
from disclosures.scope import DisclosableField


class Subject(models.Model):
    """An account that a request concerns; fixed once the request is submitted."""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="subjects", verbose_name=_("request"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="disclosure_subjects", verbose_name=_("account")
    )

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        default_permissions = ()
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["request", "account"], name="disclosures_subject_once"),)

    def __str__(self) -> str:
        return f"account {self.account_id.hex[:8]}"


class ScopeItem(models.Model):
    """One field asked for about one subject. It is granted until a reviewer withholds it, and never again after.

    So what is granted is always part of what was requested: there is no row for anything else.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="scope", verbose_name=_("subject"))
    field = models.CharField(_("field"), max_length=20, choices=DisclosableField.choices)
    granted = models.BooleanField(_("granted"), default=True)

    class Meta:
        verbose_name = _("field in the scope")
        verbose_name_plural = _("scope")
        default_permissions = ()
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["subject", "field"], name="disclosures_scope_field_once"),
            models.CheckConstraint(
                condition=Q(field__in=DisclosableField.values), name="disclosures_one_of_seven_fields"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field}, {'granted' if self.granted else 'withheld'}"
