"""Accounts, and where each is on its way from sign-up to erasure."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import email_address  # noqa: F401 - seals allauth's model, which is made after this module
from accounts.exceptions import InvalidTransition
from audit import services as audit
from audit.events import Event
from vault.blind_index import BlindIndex
from vault.fields import sealed
from vault.querysets import SealedQuerySet

REMIND_BEFORE = timedelta(days=1)
CREATOR = "system:createsuperuser"


class State(models.TextChoices):
    """Where an account is on its way from sign-up to erasure (clause 3.2)."""

    ACTIVE = "active", _("active")
    CANCELLING = "cancelling", _("cancelling")
    ERASING = "erasing", _("erasing")
    ERASED = "erased", _("erased")


TRANSITIONS: dict[State, set[State]] = {
    State.ACTIVE: {State.CANCELLING},
    State.CANCELLING: {State.ACTIVE, State.ERASING},
    State.ERASING: {State.ERASED},
    State.ERASED: set(),
}


class UserQuerySet(SealedQuerySet["User"]):
    """Accounts, asked for as the people and tasks who look for them would."""

    def due_for_erasure(self) -> Self:
        """Keep those whose cooling-off is over."""
        return self.filter(state=State.CANCELLING, erase_at__lte=timezone.now())

    def being_erased(self) -> Self:
        """Keep those whose erasure has begun and isn't done."""
        return self.filter(state=State.ERASING)

    def due_for_reminder(self) -> Self:
        """Keep those who weren't reminded and have a day left, unless they asked less than a day before that."""
        asked_in_time = Q(cancellation_requested_at__lt=F("erase_at") - REMIND_BEFORE)
        due = Q(erase_at__lte=timezone.now() + REMIND_BEFORE, erase_at__gt=timezone.now())
        return self.filter(asked_in_time & due, state=State.CANCELLING, reminded_at=None)

    def able_to_administer(self) -> Self:
        """Keep the superusers who can sign in and aren't leaving."""
        return self.filter(is_superuser=True, is_active=True, state=State.ACTIVE)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc] # made at run time
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make an account; its data key is made with it."""
        user: User = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make an account that may do everything in admin, which only `manage.py createsuperuser` does."""
        with transaction.atomic():
            user = self.create_user(email, password, is_staff=True, is_superuser=True, **extra)
            audit.record(Event.ACCOUNT_REGISTERED, actor=CREATOR, subject=user, target=user, superuser=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One account. Its id is the pseudonym under which acceptances and audit entries outlive it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = sealed(models.EmailField(_("e-mail address"), blank=True), account="id", blind_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    is_active = models.BooleanField(_("can sign in"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    department = models.CharField(_("department"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    cancellation_requested_at = models.DateTimeField(_("cancellation requested at"), null=True, blank=True)
    erase_at = models.DateTimeField(_("to be erased at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = (
            models.UniqueConstraint(BlindIndex("email"), name="unique_account_email", condition=~Q(email="")),
            models.CheckConstraint(
                name="cancelling_has_an_end",
                condition=~Q(state=State.CANCELLING)
                | Q(erase_at__isnull=False, cancellation_requested_at__isnull=False),
            ),
            models.CheckConstraint(
                name="leaving_cannot_sign_in",
                condition=~Q(state__in=[State.ERASING, State.ERASED]) | Q(is_active=False),
            ),
            models.CheckConstraint(
                name="erased_is_a_tombstone",
                condition=~Q(state=State.ERASED) | Q(email="", department="", is_staff=False, is_superuser=False),
            ),
        )
        indexes = (
            models.Index(BlindIndex("email"), name="user_email_blind_index"),
            models.Index(fields=["erase_at"], name="due_erasures", condition=Q(state=State.CANCELLING)),
        )

    def __str__(self) -> str:
        return gettext("account %(id)s") % {"id": self.id.hex[:8]}

    def get_full_name(self) -> str:
        """Name the account without a protected value."""
        return str(self)

    get_short_name = get_full_name

    def move_to(self, state: State) -> None:
        """Take one step of `TRANSITIONS`; the caller saves.

        Raises:
            InvalidTransition: no such step leads on from the present state.
        """
        if state not in TRANSITIONS[State(self.state)]:
            raise InvalidTransition(f"{self.state} → {state}")
        self.state = state

    def check_being_erased(self) -> None:
        """Refuse to erase anybody who isn't leaving.

        Raises:
            InvalidTransition: the erasure hasn't begun, or is done.
        """
        if self.state != State.ERASING:
            raise InvalidTransition(f"{self.state} isn't {State.ERASING}")

    def strip(self) -> None:
        """Become a tombstone: whatever isn't the id or the state goes; the caller saves."""
        self.department, self.is_staff, self.is_superuser = "", False, False
        self.language, self.last_login = settings.LANGUAGE_CODE, None
        self.groups.clear()
        self.user_permissions.clear()
