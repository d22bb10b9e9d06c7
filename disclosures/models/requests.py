"""The request itself: who asks on which ground, and how far it is."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from disclosures.exceptions import SameDepartment, SelfReview
from disclosures.grounds import RULES, Ground, Rules
from disclosures.sealed_text import sealed_text
from disclosures.states import DECIDED, OPEN, State, check_step

DUE_SOON = timedelta(hours=24)


class ReferenceYear(models.Model):
    """The last number given to a reference in a year; its row is locked while the next one is given."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


def _reviewable_by(person: User) -> Q:
    steps = {"disclosures.review_request": OPEN[1:3], "disclosures.approve_request": OPEN[3:4]}
    states = [state for permission, found in steps.items() if person.has_perm(permission) for state in found]
    concerned = Q(author=person) | Q(approvals__reviewer=person) | Q(subjects__account=person)
    return Q(state__in=states) & ~concerned


def _in_hands_of(person: User) -> Q:
    drafts = Q(author=person, state=State.DRAFT)
    if not person.has_perm("disclosures.release_request"):
        return drafts
    return drafts | Q(state__in=[State.APPROVED, State.RELEASED]) & ~Q(subjects__account=person)


class RequestQuerySet(models.QuerySet["DisclosureRequest"]):
    """Requests, asked for as the people who work on them would."""

    def open(self) -> Self:
        """Keep those still to be decided or released."""
        return self.filter(state__in=OPEN)

    def waiting_for(self, person: User) -> Self:
        """Keep those whose next step this person may take: by role, and as neither party nor earlier approver."""
        return self.filter(_reviewable_by(person) | _in_hands_of(person))

    def needing_second_approval(self) -> Self:
        """Keep those that one person has approved."""
        return self.filter(state=State.SECOND_REVIEW)

    def due_soon(self) -> Self:
        """Keep open ones that are due within 24 hours and not overdue."""
        now = timezone.now()
        return self.open().filter(due_at__gte=now, due_at__lt=now + DUE_SOON)

    def overdue(self) -> Self:
        """Keep open ones whose time is over."""
        return self.open().filter(due_at__lt=timezone.now())

    def for_queue(self) -> Self:
        """Read only what a row of the queue shows, the most urgent first."""
        shown = ("reference", "state", "ground", "due_at", "created_at", "author_id")
        return self.only(*shown).order_by("due_at", "reference")


class DisclosureRequest(models.Model):
    """A request to disclose fields of one or more accounts, on exactly one of seven grounds (clause 1.3).

    Written by `disclosures.services` alone. Triggers refuse a step that `TRANSITIONS` lacks, an approval or release
    without two approvers, a changed fact after the draft, and every deletion.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="disclosure_requests", verbose_name=_("author")
    )
    organisation_sealed = models.TextField()
    contact_sealed = models.TextField()
    legal_basis_sealed = models.TextField()
    purpose_sealed = models.TextField()
    reason_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(_("filed at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    organisation = sealed_text("organisation_sealed")
    contact = sealed_text("contact_sealed")
    legal_basis = sealed_text("legal_basis_sealed")
    purpose = sealed_text("purpose_sealed")
    reason = sealed_text("reason_sealed")  # of a refusal or withdrawal

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure request")
        verbose_name_plural = _("disclosure requests")
        default_permissions = ("view",)
        permissions = (
            ("file_request", "Can file, submit and withdraw disclosure requests"),
            ("review_request", "Can do the legal review of disclosure requests"),
            ("approve_request", "Can give disclosure requests the second approval"),
            ("release_request", "Can release approved disclosure requests"),
        )
        indexes = (models.Index(fields=["state", "due_at"], name="disclosures_queue"),)
        constraints = (
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="disclosures_one_of_seven_grounds"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="disclosures_state_known"),
            models.CheckConstraint(
                name="disclosures_decided_has_decider",
                condition=Q(state__in=sorted(DECIDED), decided_by__isnull=False, decided_at__isnull=False)
                | ~Q(state__in=sorted(DECIDED)) & Q(decided_by__isnull=True, decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="disclosures_author_decides_nothing_but_withdrawal",
                condition=Q(decided_by__isnull=True) | Q(state=State.WITHDRAWN) | ~Q(decided_by=F("author")),
            ),
            models.CheckConstraint(
                name="disclosures_refusal_has_reason",
                condition=~Q(state__in=[State.REFUSED, State.WITHDRAWN]) | ~Q(reason_sealed=""),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Give its page for staff."""
        return reverse("admin:disclosures_disclosurerequest_change", args=[self.pk])

    @property
    def rules(self) -> Rules:
        """What its ground asks for."""
        return RULES[Ground(self.ground)]

    def move_to(self, state: State) -> None:
        """Take one step of `TRANSITIONS`; the caller saves.

        Raises:
            InvalidTransition: no such step leads on from the present state.
        """
        check_step(self.state, state)
        self.state = state

    def decide(self, state: State, decider: User) -> None:
        """Take a step that decides, and say whose decision it was; the caller saves."""
        self.move_to(state)
        self.decided_by, self.decided_at = decider, timezone.now()

    def check_outsider(self, person: User) -> None:
        """Let pass who is neither author nor subject.

        Raises:
            SelfReview: the person is one of them.
        """
        if person.pk == self.author_id or self.subjects.filter(account=person).exists():
            raise SelfReview

    def check_reviewer(self, person: User) -> None:
        """Let pass who may approve: no party to the request, and not for a second time.

        Raises:
            SelfReview: the person filed it, approved it before, or is its subject.
            SameDepartment: the ground asks for another department than the author's (clause 1.3.4).
        """
        self.check_outsider(person)
        if self.approvals.filter(reviewer=person).exists():
            raise SelfReview
        own_case = self.ground == Ground.PROPERTY_RIGHTS
        if own_case and person.department in ("", self.author.department):
            raise SameDepartment
