"""How far the erasure of an account is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Erasure(models.Model):
    """One account's erasure, from its first step until nothing is left but this and the tombstone (clause 3.2).

    `last_address` is sealed under the keyring, since the account's own key is gone by the time it is told.
    It is emptied as soon as the last notice is written.
    """

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, verbose_name=_("account"))
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_address = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-started_at",)
        permissions = (("run_erasure", "Can run an unfinished erasure again"),)
        constraints = (
            models.CheckConstraint(
                name="finished_erasure_holds_no_address", condition=Q(finished_at=None) | Q(last_address="")
            ),
        )

    def __str__(self) -> str:
        return f"erasure of account {self.user_id.hex[:8]}"


class ErasureStep(models.Model):
    """One line of the checklist. An account is erased only when every line is done."""

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="steps", verbose_name=_("erasure"))
    name = models.CharField(_("step"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["erasure", "name"], name="one_row_per_erasure_step"),)

    def __str__(self) -> str:
        return self.name
