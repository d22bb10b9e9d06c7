"""Agreements, their versions and texts, and what people did with them."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from agreements import rendering
from agreements.exceptions import InvalidTransition


def sha256_of(text: str) -> str:
    """Give the SHA-256 of the UTF-8 bytes of `text`, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class Agreement(models.Model):
    """A matter that people agree to, such as the service agreement; its words live in its versions."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    required_at_sign_up = models.BooleanField(_("required at sign-up"), default=False)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced")
    IN_FORCE = "in_force", _("in force")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.ANNOUNCED}),
    State.ANNOUNCED: frozenset({State.IN_FORCE, State.WITHDRAWN}),
    State.IN_FORCE: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> VersionQuerySet:
        return self.filter(state=State.IN_FORCE)

    def published(self) -> VersionQuerySet:
        """Every version the public was ever shown; drafts are nobody's business."""
        return self.exclude(state=State.DRAFT)


class Version(models.Model):
    """One numbered wording of an agreement, in one or more languages. From its announcement on it never changes.

    The database holds the rule of one version in force per agreement, so no two processes can disagree about it.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions", verbose_name=_("agreement"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    material = models.BooleanField(_("material change"), default=False)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    effective_at = models.DateTimeField(_("in force from"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("agreement", "-number")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreements_version_number_once"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(state="in_force"),
                name="agreements_version_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(
                    announced_at__isnull=False, effective_at__isnull=False, effective_at__gte=models.F("announced_at")
                ),
                name="agreements_version_announced_has_dates",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="agreements_version_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.slug} {self.number}"

    def move_to(self, state: State) -> None:
        """Take one step of `TRANSITIONS`; the caller saves.

        Raises:
            InvalidTransition: no such step leads on from the present state.
        """
        if state not in TRANSITIONS[State(self.state)]:
            raise InvalidTransition(f"{self.state} → {state}")
        self.state = state


class TextQuerySet(models.QuerySet["Text"]):
    def in_force(self) -> TextQuerySet:
        return self.filter(version__state=State.IN_FORCE)

    def published(self) -> TextQuerySet:
        return self.exclude(version__state=State.DRAFT)


class Text(models.Model):
    """A version in one language: the exact Markdown, and its hash. A trigger freezes it when it is announced."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="texts", verbose_name=_("version"))
    language = models.CharField(_("language"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("version", "language")
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="agreements_text_language_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        version = self.version
        return reverse("agreement_version", args=[version.agreement.slug, version.number, self.language])

    @property
    def exact_url(self) -> str:
        """Where the bytes that were hashed can be fetched (clause P1)."""
        version = self.version
        return reverse("agreement_bytes", args=[version.agreement.slug, version.number, self.language])

    @property
    def version_number(self) -> int:
        return self.version.number

    @property
    def html(self) -> SafeString:
        """The text as it is shown: rendered and sanitised, so safe in a page."""
        return mark_safe(rendering.render(self.body))  # noqa: S308 — the allow list of `rendering` made it safe

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """The anchors and words of its sections, for a list of contents beside it."""
        return rendering.contents(self.body)

    @property
    def page_sha256(self) -> str:
        """The SHA-256 of the fragment that `html` shows."""
        return sha256_of(self.html)

    @property
    def language_name(self) -> str:
        """The language in its own words, such as 简体中文; the code itself when Django doesn't know it."""
        try:
            return str(get_language_info(self.language)["name_local"])
        except KeyError:
            return self.language

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"


class Kind(models.TextChoices):
    NOTIFIED = "notified", _("notified")
    SHOWN = "shown", _("shown")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Basis(models.TextChoices):
    """How an acceptance came about: a click is never told from anything but a click (clause P7)."""

    EXPLICIT = "explicit", _("by agreeing")
    CONTINUED_USE = "continued_use", _("by continued use")
    GUARDIAN = "guardian", _("by a guardian")


class Surface(models.TextChoices):
    """Where it happened."""

    SIGN_UP = "sign_up", _("at sign-up")


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def of(self, user_id: uuid.UUID | None) -> EngagementQuerySet:
        """What one account did; an anonymous visitor, whose id is None, did nothing."""
        return self.filter(user_id=user_id) if user_id else self.none()

    def accepted(self) -> EngagementQuerySet:
        return self.filter(kind=Kind.ACCEPTED)


class Engagement(models.Model):
    """What one person did with one version: evidence, so triggers refuse every edit and deletion (clause P3).

    `user_id` is a bare id and no foreign key: the row stays, pseudonymous, when the account is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField(_("account"), db_index=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="engagements", verbose_name=_("version"))
    text = models.ForeignKey(Text, models.PROTECT, related_name="engagements", verbose_name=_("text"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    basis = models.CharField(_("how"), max_length=14, choices=Basis, blank=True)
    language = models.CharField(_("language"), max_length=20)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    page_sha256 = models.CharField(_("SHA-256 of the page shown"), max_length=64)
    surface = models.CharField(_("where"), max_length=40, choices=Surface)
    control_label = models.CharField(_("words on the control"), max_length=200, blank=True)
    control_state = models.CharField(_("state of the control"), max_length=20, blank=True)
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    network_prefix = models.CharField(_("network prefix"), max_length=43, blank=True)
    user_agent_sha256 = models.CharField(_("SHA-256 of the browser's name"), max_length=64, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="accepted", basis__in=Basis.values)
                | (models.Q(kind__in=["notified", "shown", "declined"]) & models.Q(basis="")),
                name="agreements_engagement_acceptance_has_basis",
            ),
            models.UniqueConstraint(
                fields=["user_id", "version", "basis"],
                condition=models.Q(kind="accepted"),
                name="agreements_engagement_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
