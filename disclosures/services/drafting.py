"""A request while it is its author's draft: facts, and whom it concerns."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import State as AccountState
from accounts.models import User
from accounts.validation import SEPARATORS, STANDARDS, plain, stored_address
from audit.events import Event
from disclosures.clock import due_at
from disclosures.exceptions import (
    FieldNotGrantable,
    InvalidTransition,
    NothingGranted,
    RequestIncomplete,
    SubjectAmbiguous,
    SubjectNotFound,
    SubjectTwice,
)
from disclosures.grounds import Ground
from disclosures.models import DisclosureRequest, ReferenceYear, Subject
from disclosures.scope import DisclosableField
from disclosures.services.rules import check_author, check_may, lock_request, record
from disclosures.states import State

FACTS = ("organisation_sealed", "contact_sealed", "legal_basis_sealed", "purpose_sealed")


@transaction.atomic
def draft_request(
    *, author: User, ground: Ground, organisation: str, contact: str, legal_basis: str, purpose: str
) -> DisclosureRequest:
    """File a request as a draft on one of the seven grounds (clause 1.3); its clock runs from now.

    `organisation` and `contact` are the requester's. All texts are sealed.

    Raises:
        RoleMissing: the person can't file requests.
        RequestIncomplete: a text is empty.
    """
    check_may(author, "file_request")
    now = timezone.now()
    request = DisclosureRequest(author=author, created_at=now)
    _write_facts(request, ground, organisation, contact, legal_basis, purpose)
    request.reference = _next_reference(now.year)
    request.save(force_insert=True)
    record(Event.DISCLOSURE_DRAFTED, request, author, ground=request.ground)
    return request


@transaction.atomic
def correct_draft(
    *,
    request_id: UUID,
    author: User,
    ground: Ground,
    organisation: str,
    contact: str,
    legal_basis: str,
    purpose: str,
) -> DisclosureRequest:
    """Write a draft's facts anew.

    Raises:
        InvalidTransition: it isn't a draft any more.
        RoleMissing, RequestIncomplete: as `draft_request`.
        FieldNotGrantable: the new ground doesn't allow a field that is in the scope.
    """
    request = _lock_draft(request_id, author)
    _write_facts(request, ground, organisation, contact, legal_basis, purpose)
    for subject in request.subjects.all():
        _check_fields(request, set(subject.scope.values_list("field", flat=True)))
    request.save(update_fields=["ground", "due_at", *FACTS])
    record(Event.DISCLOSURE_CORRECTED, request, author, ground=request.ground)
    return request


def add_subject(
    *, request_id: UUID, author: User, identifier: str, fields: Iterable[DisclosableField | str]
) -> Subject:
    """Put the account with exactly this e-mail address, ID number or account id into a draft, and ask for fields.

    Found by blind index: nothing is opened and nobody can browse. Every search is in the audit log, a miss, too.

    Raises:
        SubjectNotFound, SubjectAmbiguous: not exactly one account matches.
        SubjectTwice: it is in the request already.
        FieldNotGrantable, NothingGranted: a field isn't open to the ground; none was asked for.
        InvalidTransition, RoleMissing: it isn't a draft, or not the author's.
    """
    matches = _search(request_id=request_id, author=author, identifier=identifier)
    if not matches:
        raise SubjectNotFound
    if len(matches) > 1:
        raise SubjectAmbiguous
    return _add(request_id=request_id, author=author, account_id=matches[0], fields=set(fields))


@transaction.atomic
def remove_subject(*, request_id: UUID, author: User, subject_id: int) -> None:
    """Take an account out of a draft.

    Raises:
        InvalidTransition, RoleMissing: it isn't a draft, or not the author's.
        SubjectNotFound: the account isn't in this request.
    """
    request = _lock_draft(request_id, author)
    subject = request.subjects.filter(pk=subject_id).first()
    if subject is None:
        raise SubjectNotFound
    account_id = subject.account_id
    subject.delete()
    record(Event.DISCLOSURE_SUBJECT_REMOVED, request, author, account=str(account_id))


@transaction.atomic
def _search(*, request_id: UUID, author: User, identifier: str) -> list[UUID]:
    request = _lock_draft(request_id, author)
    matches = find_accounts(identifier)
    record(Event.DISCLOSURE_SUBJECT_SOUGHT, request, author, found=len(matches))
    return matches


def find_accounts(identifier: str) -> list[UUID]:
    """Give the ids of the accounts with exactly this account id, e-mail address or ID number; at most two."""
    text = identifier.strip()
    if not text:
        return []
    living = User.objects.exclude(state=AccountState.ERASED)
    if account_id := _as_uuid(text):
        found = living.filter(pk=account_id)
    else:
        found = living.filter(Q(email=stored_address(text)) if "@" in text else _has_number(text))
    return list(found.values_list("pk", flat=True)[:2])


def _has_number(text: str) -> Q:
    """Match the forms in which a number is stored: only a standard's numbers lose their separators."""
    spaceless = plain(text).upper().replace(" ", "")
    compact = Q(profile__id_number=SEPARATORS.sub("", spaceless), profile__id_type__in=list(STANDARDS))
    return Q(profile__id_number__in=[text, spaceless]) | compact


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@transaction.atomic
def _add(*, request_id: UUID, author: User, account_id: UUID, fields: set[DisclosableField | str]) -> Subject:
    request = _lock_draft(request_id, author)
    _check_fields(request, fields)
    subject, made = request.subjects.get_or_create(account_id=account_id)
    if not made:
        raise SubjectTwice
    asked = [field for field in DisclosableField if field in fields]
    for field in asked:
        subject.scope.create(field=field)
    names = [field.value for field in asked]
    record(Event.DISCLOSURE_SUBJECT_ADDED, request, author, account=str(account_id), fields=names)
    return subject


def _check_fields(request: DisclosureRequest, fields: set[DisclosableField | str]) -> None:
    if not fields:
        raise NothingGranted
    if fields - request.rules.permitted:
        raise FieldNotGrantable


def _lock_draft(request_id: UUID, author: User) -> DisclosureRequest:
    request = lock_request(request_id)
    check_may(author, "file_request")
    check_author(request, author)
    if request.state != State.DRAFT:
        raise InvalidTransition
    return request


def _write_facts(request: DisclosureRequest, ground: Ground, *texts: str) -> None:
    stripped = [text.strip() for text in texts]
    if not all(stripped):
        raise RequestIncomplete
    request.ground, request.due_at = Ground(ground), due_at(Ground(ground), request.created_at)
    request.organisation, request.contact, request.legal_basis, request.purpose = stripped


def _next_reference(year: int) -> str:
    ReferenceYear.objects.get_or_create(year=year)
    counter = ReferenceYear.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"DR-{year}-{counter.last:06d}"
