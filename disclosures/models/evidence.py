"""What stays as evidence: who approved, and what was released."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.requests import DisclosureRequest
from disclosures.sealed_text import sealed_text
from disclosures.sign_in import FRESH


class Step(models.TextChoices):
    """The two approvals, by two people."""

    LEGAL = "legal", _("legal review")
    SECOND = "second", _("second review")


class Approval(models.Model):
    """One person's approval at one step, and how they had signed in. Append-only."""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="approvals", verbose_name=_("request"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="disclosure_approvals", verbose_name=_("reviewer")
    )
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    rationale_sealed = models.TextField()
    at = models.DateTimeField(_("at"), default=timezone.now)
    two_factor = models.BooleanField(_("two-factor sign-in"))
    sign_in_age_seconds = models.PositiveIntegerField(_("age of the sign-in, in seconds"))

    rationale = sealed_text("rationale_sealed")

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        default_permissions = ("view",)
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["request", "reviewer"], name="disclosures_one_approval_a_person"),
            models.UniqueConstraint(fields=["request", "step"], name="disclosures_one_approval_a_step"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="disclosures_step_known"),
            models.CheckConstraint(
                condition=Q(two_factor=True, sign_in_age_seconds__lte=int(FRESH.total_seconds())),
                name="disclosures_approval_signed_in_freshly",
            ),
            models.CheckConstraint(condition=~Q(rationale_sealed=""), name="disclosures_approval_has_rationale"),
        )

    def __str__(self) -> str:
        return f"{self.step} approval {self.pk}"


class Package(models.Model):
    """What was released: which fields of whom, and the hash of the file that was handed out once. Append-only.

    The values themselves are kept nowhere.
    """

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="package", verbose_name=_("request"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer"))
    fields = models.JSONField(_("fields by account"))  # {account id: [field, …]}
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        default_permissions = ("view",)
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"package {self.pk}"
