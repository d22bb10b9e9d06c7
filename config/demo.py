"""People to play with on one person's machine, and a first disclosure request in review."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts import services as accounts
from accounts.forms.sign_up import control_label
from accounts.models import User
from accounts.services.register import AGREEMENT
from accounts.services.staff import set_roles
from agreements import statements
from agreements.services import text_in_force
from audit import services as audit
from audit.events import Event
from disclosures import services as disclosures
from disclosures.grounds import Ground
from disclosures.models import DisclosureRequest
from disclosures.roles import APPROVER, AUDITOR, INTAKE, LEGAL_REVIEWER
from disclosures.scope import DisclosableField
from disclosures.sign_in import SignIn

ACTOR = "system:demo"
CODES_SHOWN = 3  # of ten recovery codes, each good for one sign-in


@dataclass(frozen=True)
class Part:
    """Somebody's part in the play: where they sign in with, and what they do."""

    email: str
    does: str
    role: str = ""
    department: str = ""
    profile: dict[str, Any] = field(default_factory=dict)


USER = Part(
    "wang.fang@example.com",
    "a user whose data are asked for",
    profile={
        "real_name": "Wang Fang",
        "home_address": {
            "country_code": "US",
            "country_area": "CA",
            "city": "Mountain View",
            "street_address": "1600 Amphitheatre Parkway",
            "postal_code": "94043",
        },
        "postal_code": "94043",
    },
)
AUTHOR = Part("intake@example.com", "files disclosure requests and releases approved ones", INTAKE, "Intake")
REVIEWER = Part("legal@example.com", "reviews them and gives the first approval", LEGAL_REVIEWER, "Legal")
SECOND = Part("approver@example.com", "gives the second approval", APPROVER, "Privacy")
READER = Part("auditor@example.com", "reads everything and changes nothing", AUDITOR, "Audit")
PARTS = (USER, AUTHOR, REVIEWER, SECOND, READER)


@dataclass(frozen=True)
class Player:
    """A person who was made, with what they need to sign in; it can't be read again."""

    part: Part
    user: User
    password: str
    totp_secret: str = ""
    recovery_codes: tuple[str, ...] = ()

    @property
    def otpauth(self) -> str:
        """Give the address that an authenticator app reads, or nothing for who has no second factor."""
        issuer = quote(settings.MFA_TOTP_ISSUER)
        label = f"{issuer}:{quote(self.part.email)}"
        return f"otpauth://totp/{label}?secret={self.totp_secret}&issuer={issuer}" if self.totp_secret else ""


def find_players() -> list[Part]:
    """Give the parts whose accounts exist."""
    return [part for part in PARTS if User.objects.filter(email=part.email).exists()]


@transaction.atomic
def make_players() -> tuple[list[Player], DisclosureRequest]:
    """Make everybody, and a request about the user that is in legal review."""
    players = [make_player(part) for part in PARTS]
    people = {player.part.email: player.user for player in players}
    return players, file_request(*(people[part.email] for part in (AUTHOR, REVIEWER, USER)))


def make_player(part: Part) -> Player:
    """Register somebody with a random password; staff get a role, a department and a second factor."""
    password = secrets.token_urlsafe(12)
    text = text_in_force(AGREEMENT, settings.LANGUAGE_CODE)
    user = accounts.register_account(
        email=part.email,
        password=password,
        date_of_birth=date(1990, 5, 17),
        statement=statements.make(text),
        control_label=control_label(text),
        profile=part.profile,
    )
    EmailAddress.objects.filter(user=user).update(verified=True)
    if not part.role:
        return Player(part, user, password)
    set_roles(
        user_id=user.pk,
        actor=ACTOR,
        is_staff=True,
        department=part.department,
        roles=Group.objects.filter(name=part.role),
    )
    return Player(part, User.objects.get(pk=user.pk), password, *add_second_factor(user))


def add_second_factor(user: User) -> tuple[str, tuple[str, ...]]:
    """Set up an authenticator app; give its secret and some recovery codes, for who has no app at hand."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    audit.record(Event.ACCOUNT_AUTHENTICATOR_ADDED, actor=ACTOR, subject=user, type="totp")
    return secret, tuple(codes[:CODES_SHOWN])


def file_request(author: User, reviewer: User, person: User) -> DisclosureRequest:
    """File and submit a request, and have it taken up for legal review."""
    at_this_terminal = SignIn(two_factor=True, age=timedelta(0))  # whoever runs this holds every secret it prints
    request = disclosures.draft_request(
        author=author,
        ground=Ground.STATUTE,
        organisation="Consumer Protection Agency",
        contact="Jane Roe, Enforcement Office, +1 555 0100",
        legal_basis="Consumer Protection Act, article 12 (California)",
        purpose="Reach the holder of one account about a product recall.",
    )
    disclosures.add_subject(
        request_id=request.pk,
        author=author,
        identifier=str(person.pk),
        fields=[DisclosableField.REAL_NAME, DisclosableField.HOME_ADDRESS, DisclosableField.EMAIL],
    )
    disclosures.submit_request(request_id=request.pk, author=author, sign_in=at_this_terminal)
    return disclosures.start_review(request_id=request.pk, reviewer=reviewer, sign_in=at_this_terminal)
