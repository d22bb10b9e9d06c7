"""Data keys, one per account, wrapped; and the queryset that lets sealed rows share one look-up of keys."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """One account's AES-256 key, wrapped under a key-encryption key. Deleting the row shreds the account's data."""

    id = models.CharField(_("key id"), primary_key=True, max_length=40)
    account_id = models.UUIDField(_("account"), db_index=True)
    kek_version = models.PositiveSmallIntegerField(_("KEK version"), db_index=True)
    wrapped = models.TextField(_("wrapped key"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")

    def __str__(self) -> str:
        return f"data key {self.pk}"
