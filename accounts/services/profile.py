"""Correct what a person keeps here."""

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.exceptions import FieldRequired, NotActive, NotCorrectable
from accounts.models import Profile, State, User
from audit import services as audit
from audit.events import Event
from notices import services as notices
from notices.kinds import Kind

CORRECTABLE = {
    "real_name",
    "id_type",
    "id_number",
    "home_address",
    "mailing_address",
    "postal_code",
    "recovery_question",
    "recovery_answer",
}


@transaction.atomic
def correct_profile(*, user: User, changes: dict[str, Any]) -> Profile:
    """Replace fields of a person's own profile by what they typed, and tell them (clause 1.2).

    The answer to the recovery question is hashed (Argon2id) before it is sealed; nobody can read it again.

    Raises:
        NotActive: the account is being cancelled or erased; the lock keeps an erased profile from coming back.
        NotCorrectable: a field isn't one that a person may correct.
        FieldRequired: a field that the operator asks for at registration was emptied.
    """
    if User.objects.select_for_update().get(pk=user.pk).state != State.ACTIVE:
        raise NotActive
    check_changes(changes)
    profile, _ = Profile.objects.get_or_create(user=user)
    for name, value in changes.items():
        setattr(profile, name, hash_answer(value) if name == "recovery_answer" and value else value)
    profile.save(update_fields=list(changes))
    audit.record(Event.PROFILE_CORRECTED, actor=user, subject=user, target=profile, fields=list(changes))
    notices.send(Kind.PROFILE_CORRECTED, to=user, fields=list(changes))
    return profile


def check_changes(changes: dict[str, Any]) -> None:
    """Refuse fields that can't be corrected, and empty ones that the operator asks for."""
    if wrong := set(changes) - CORRECTABLE:
        raise NotCorrectable(", ".join(sorted(wrong)))
    for name, value in changes.items():
        if not value and name in settings.REQUIRED_AT_SIGN_UP:
            raise FieldRequired(name)


def normalise_answer(answer: str) -> str:
    """Bring an answer to the form in which two spellings of it are the same: NFKC, case folded, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", answer).casefold().split())


def hash_answer(answer: str) -> str:
    """Hash an answer to a recovery question as a password is hashed (clause 1.2)."""
    return make_password(normalise_answer(answer))
