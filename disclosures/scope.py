"""What can be disclosed at all."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DisclosableField(TextChoices):
    """The fields that a request can name, and no other.

    Password, password-protection question and answer are no members, here or in the database's constraint: no request
    can say them, on any ground (clause 1.2).
    """

    REAL_NAME = "real_name", _("real name")
    ID_NUMBER = "id_number", _("ID number")
    HOME_ADDRESS = "home_address", _("home address")
    MAILING_ADDRESS = "mailing_address", _("mailing address")
    POSTAL_CODE = "postal_code", _("postal code")
    EMAIL = "email", _("e-mail address")
    DATE_OF_BIRTH = "date_of_birth", _("date of birth")
