"""What a person keeps here besides their e-mail address and password (clause 1.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from vault.blind_index import BlindIndex
from vault.fields import sealed
from vault.querysets import SealedQuerySet


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
