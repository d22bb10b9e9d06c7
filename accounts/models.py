"""People and the nine protected fields (clause 1.2)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import email_address  # noqa: F401 - seals allauth's model, which is made after this module
from vault.blind_index import BlindIndex
from vault.fields import sealed
from vault.querysets import SealedQuerySet


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


class UserManager(BaseUserManager["User"].from_queryset(SealedQuerySet)):  # type: ignore[misc] # made at run time
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make an account; its data key is made with it."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make an account that may do everything in admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


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
    erase_at = models.DateTimeField(_("to be erased at"), null=True, blank=True)

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
                condition=Q(state=State.CANCELLING, erase_at__isnull=False) | ~Q(state=State.CANCELLING),
            ),
        )
        indexes = (
            models.Index(BlindIndex("email"), name="user_email_blind_index"),
            models.Index(fields=["erase_at"], name="due_erasures", condition=Q(state=State.CANCELLING)),
        )

    def __str__(self) -> str:
        return f"account {self.id.hex[:8]}"

    def get_full_name(self) -> str:
        """Name the account without a protected value."""
        return str(self)

    get_short_name = get_full_name


class IdType(models.TextChoices):
    """Kinds of identity document; those with check digits are checked."""

    CN_RESIDENT = "cn_ric", _("Resident identity card (China)")
    US_SSN = "us_ssn", _("Social security number (USA)")
    ES_DNI = "es_dni", _("DNI (Spain)")
    PL_PESEL = "pl_pesel", _("PESEL (Poland)")
    BR_CPF = "br_cpf", _("CPF (Brazil)")
    KR_RRN = "kr_rrn", _("Resident registration number (Korea)")
    PASSPORT = "passport", _("Passport")
    OTHER = "other", _("Other document")


class Profile(models.Model):
    """What a person keeps here besides their e-mail address and password, each value sealed under their own key."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, verbose_name=_("account"))
    real_name = sealed(models.CharField(_("real name"), max_length=200, blank=True))
    id_type = models.CharField(_("kind of identity document"), max_length=10, choices=IdType.choices, blank=True)
    id_number = sealed(models.CharField(_("ID number"), max_length=40, blank=True), blind_index=True)
    home_address = sealed(models.JSONField(_("home address"), null=True, blank=True))
    mailing_address = sealed(models.JSONField(_("mailing address"), null=True, blank=True))
    postal_code = sealed(models.CharField(_("postal code"), max_length=20, blank=True))
    date_of_birth = sealed(models.DateField(_("date of birth"), null=True, blank=True))
    recovery_question = sealed(models.CharField(_("password-protection question"), max_length=200, blank=True))
    recovery_answer = sealed(models.CharField(_("password-protection answer"), max_length=200, blank=True))

    objects = SealedQuerySet["Profile"].as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = (models.Index(BlindIndex("id_number"), name="profile_id_number_blind_index"),)

    def __str__(self) -> str:
        return f"profile of account {self.user_id.hex[:8]}"
