"""The release: the one moment in which granted fields are opened."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Profile, User
from audit.events import Event
from disclosures.exceptions import AccountErased, NothingGranted, SafeguardMissing, SelfReview, ValueUnreadable
from disclosures.models import DisclosureRequest, Package, Subject
from disclosures.scope import DisclosableField
from disclosures.services.filing import GONE
from disclosures.services.rules import check_may, lock_request, record, report_broken
from disclosures.sign_in import SignIn
from disclosures.states import State
from notices import services as notices
from notices.kinds import Kind
from vault.exceptions import SealError


@dataclass(frozen=True)
class Release:
    """The file to hand out, now or never: `content` is UTF-8 JSON and kept nowhere; `package` is what stays of it."""

    package: Package
    content: bytes

    @property
    def file_name(self) -> str:
        """Name the file after its request."""
        return f"{self.package.request.reference}.json"


def release_package(*, request_id: UUID, officer: User, sign_in: SignIn) -> Release:
    """Open exactly the granted fields, hand them out once, and tell each person concerned.

    One audit entry per field opened; what stays is the names of the fields and the file's SHA-256.

    Raises:
        RoleMissing, OneFactorSignIn, StaleSignIn, SelfReview: the person can't release this.
        InvalidTransition: it isn't approved, or was released before.
        SafeguardMissing: the ground's own safeguard can't be met here yet (clauses 1.3.1, 1.3.4, 1.3.7).
        AccountErased, NothingGranted: there is nothing to open.
        ValueUnreadable: a sealed value is broken; nothing was released, and the audit log has it.
    """
    try:
        return _release(request_id, officer, sign_in)
    except ValueUnreadable as broken:
        report_broken(broken, officer)
        raise


@transaction.atomic
def _release(request_id: UUID, officer: User, sign_in: SignIn) -> Release:
    accounts = _lock_accounts(request_id)  # first, as an erasure does, so that neither waits for the other in turn
    request = lock_request(request_id)
    check_may(officer, "release_request", sign_in)
    request.move_to(State.RELEASED)
    subjects = _granted_subjects(request, accounts, officer)
    opened = {subject: _open(request, subject, officer) for subject in subjects}
    now = timezone.now()
    content = _write(request, opened, now)
    package = Package.objects.create(
        request=request,
        officer=officer,
        fields={str(subject.account_id): list(values) for subject, values in opened.items()},
        sha256=hashlib.sha256(content).hexdigest(),
        at=now,
    )
    request.save(update_fields=["state"])
    for subject, values in opened.items():
        _tell(request, subject, officer, list(values))
    return Release(package, content)


def _lock_accounts(request_id: UUID) -> dict[UUID, User]:
    """Hold the subjects' accounts against an erasure. Who they are is fixed once a request is submitted."""
    concerned = Subject.objects.filter(request=request_id).values("account")
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk")
    return {user.pk: user for user in locked}


def _granted_subjects(request: DisclosureRequest, accounts: dict[UUID, User], officer: User) -> list[Subject]:
    """Give the subjects with something granted, after checking that it may be opened."""
    if request.rules.missing_safeguard:
        raise SafeguardMissing
    if officer.pk in accounts:
        raise SelfReview
    subjects = list(request.subjects.filter(scope__granted=True).distinct().prefetch_related("scope"))
    if not subjects:
        raise NothingGranted
    for subject in subjects:
        subject.account = accounts[subject.account_id]
        if subject.account.state in GONE:
            raise AccountErased
    return subjects


def _open(request: DisclosureRequest, subject: Subject, officer: User) -> dict[str, Any]:
    """Open a subject's granted fields, one audit entry each; a field without a value is null."""
    profile = Profile.objects.filter(user_id=subject.account_id).first()
    values: dict[str, Any] = {}
    for item in subject.scope.all():
        if not item.granted:
            continue
        values[item.field] = _read(subject.account, profile, item.field)
        opening = {"field": item.field, "purpose": "disclosure"}
        record(Event.FIELD_OPENED, request, officer, subject=subject.account_id, **opening)
    return values


def _read(account: User, profile: Profile | None, field: str) -> Any:
    row = account if field == DisclosableField.EMAIL else profile
    try:
        value = getattr(row, field, None)
    except SealError:
        raise ValueUnreadable(account.pk, field) from None
    return value.isoformat() if isinstance(value, date) else value or None


def _write(request: DisclosureRequest, opened: dict[Subject, dict[str, Any]], at: datetime) -> bytes:
    document = {
        "reference": request.reference,
        "ground": request.ground,
        "ground_in_words": request.get_ground_display(),
        "recipient": request.organisation,
        "released_at": at.isoformat(timespec="seconds"),
        "accounts": [{"account": str(subject.account_id), "fields": values} for subject, values in opened.items()],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _tell(request: DisclosureRequest, subject: Subject, officer: User, fields: list[str]) -> None:
    record(Event.DISCLOSURE_RELEASED, request, officer, subject=subject.account_id, fields=fields)
    notices.send(
        Kind.DISCLOSURE_RELEASED,
        to=subject.account,
        about=request,
        reference=request.reference,
        ground=request.ground,
        fields=fields,
    )
