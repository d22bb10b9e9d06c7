"""The outbox and the inbox, which are one table."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.exceptions import InvalidTransition
from notices.kinds import choices

LEASE = timedelta(minutes=5)  # a delivery that hasn't ended by then was killed; the next one may begin
WAITS = [timedelta(minutes=m) for m in (1, 5, 30, 60, 120, 240, 480, 720, 1440)]  # two days between first and last
MAX_ATTEMPTS = len(WAITS) + 1


class State(models.TextChoices):
    """How far the e-mail of a notice is. The inbox has the notice from the start."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    NOT_OWED = "not_owed", _("no address to send to")


TRANSITIONS: dict[State, set[State]] = {
    State.QUEUED: {State.SENT, State.FAILED, State.NOT_OWED},
    State.SENT: set(),
    State.FAILED: {State.QUEUED},
    State.NOT_OWED: set(),
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, asked for as their readers and their carriers would."""

    def in_inbox(self, user: Any) -> Self:
        """Keep what a person reads in their inbox; a copy to another address isn't there twice."""
        return self.filter(to=user, one_off=False)

    def unread(self) -> Self:
        """Keep what wasn't read."""
        return self.filter(read_at=None)

    def due(self, at: datetime | None = None) -> Self:
        """Keep what is to be e-mailed by now, or by the moment given."""
        return self.filter(state=State.QUEUED, next_try_at__lte=at or timezone.now())

    def holding_address(self, user: Any) -> Self:
        """Keep what still holds an address of its own for an account: an erasure waits until there is none."""
        return self.filter(to=user).exclude(address="")


class Notice(models.Model):
    """One thing that one person is told, written in the transaction of the change it tells of.

    It holds ids and codes; the words are rendered when they are read or sent, in the reader's language.
    `address` is sealed, only for a mail that goes elsewhere than to the account's own address (the one before
    a change, or of an account about to be erased), and empty as soon as that mail is sent or given up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("to"))
    kind = models.CharField(_("kind"), max_length=40, choices=choices)
    about_type = models.CharField(_("about"), max_length=100, blank=True)
    about_id = models.CharField(_("about id"), max_length=64, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    once = models.CharField(_("once"), max_length=250, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    state = models.CharField(_("delivery"), max_length=10, choices=State.choices, default=State.QUEUED)
    one_off = models.BooleanField(_("to an address of its own"), default=False)
    address = models.TextField(blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=80, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at",)
        permissions = (("retry_notice", "Can put a failed notice back in the queue"),)
        indexes = (
            models.Index("to", F("created_at").desc(), name="notice_inbox"),
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at=None, one_off=False)),
            models.Index(fields=["next_try_at"], name="notice_due", condition=Q(state=State.QUEUED)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False) | ~Q(state=State.SENT) & Q(sent_at=None),
                name="notice_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(address="") | Q(one_off=True, state=State.QUEUED), name="notice_address_only_while_owed"
            ),
            models.CheckConstraint(condition=Q(attempts__lte=MAX_ATTEMPTS), name="notice_attempts_bounded"),
        )

    def __str__(self) -> str:
        return f"notice {self.id.hex[:8]}"

    def move_to(self, state: State) -> None:
        """Change the state of the delivery; where it ends, forget the address.

        Raises:
            InvalidTransition: `TRANSITIONS` doesn't lead there.
        """
        if state not in TRANSITIONS[State(self.state)]:
            raise InvalidTransition(f"{self.state} → {state}")
        self.state, self.address = state, ""
