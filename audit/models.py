"""The entries of the audit log."""

from datetime import UTC
from typing import Any, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from audit import leaves
from audit.events import choices

CONTENT_VERSION = 1  # of the leaf's form: proofs of old entries need the form they were hashed in


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, asked for as the people who read them would."""

    def about(self, account: AbstractBaseUser | UUID) -> Self:
        """Keep the entries that concern one account, whoever caused them."""
        return self.filter(subject=account if isinstance(account, UUID) else account.pk)


class Entry(models.Model):
    """One thing that happened, written in the transaction in which it happened (clause 1.1).

    It names accounts by id alone, with no foreign key, because it outlives them. It holds codes, never a
    protected value. Triggers refuse to change or remove it; `audit.services.record` is the only way in.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(_("event"), max_length=60, choices=choices)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=100)
    subject = models.UUIDField(_("subject"), null=True)
    target_type = models.CharField(_("target type"), max_length=100, blank=True)
    target_id = models.CharField(_("target"), max_length=64, blank=True)
    clause = models.CharField(_("clause"), max_length=10, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    leaf_hash = models.CharField(_("leaf hash"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["event", "-id"], name="audit_entry_event"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["subject", "-id"], name="audit_entry_subject"),
            models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(event=""), name="audit_entry_has_event"),
            models.CheckConstraint(condition=~models.Q(actor=""), name="audit_entry_has_actor"),
            models.CheckConstraint(
                condition=models.Q(target_type="", target_id="") | ~models.Q(target_type="") & ~models.Q(target_id=""),
                name="audit_entry_target_whole",
            ),
            models.CheckConstraint(condition=Exact(Length("leaf_hash"), 64), name="audit_entry_has_leaf_hash"),
        )

    def __str__(self) -> str:
        return f"{self.event} #{self.pk}"

    def content(self) -> dict[str, Any]:
        """Give what the leaf hash covers: everything but the number that the database gave."""
        return {
            "version": CONTENT_VERSION,
            "event": str(self.event),
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor,
            "subject": str(self.subject or ""),
            "target_type": self.target_type,
            "target_id": self.target_id,
            "clause": self.clause,
            "details": self.details,
        }

    def expected_leaf_hash(self) -> str:
        """Give the hash that the content has now; it differs from `leaf_hash` if the row was edited."""
        return leaves.leaf_hash(leaves.canonical(self.content()))
