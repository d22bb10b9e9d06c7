"""Who is told, and who is too young."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils import timezone

from accounts.age import age_on
from accounts.models import Profile, User
from disclosures.exceptions import MinorConcerned, ValueUnreadable
from disclosures.models import DisclosureRequest
from notices import services as notices
from notices.kinds import Kind
from vault.exceptions import SealError

AGE_OF_MAJORITY = 18  # years, clause 1.0


def tell_reviewers(request: DisclosureRequest, permission: str) -> None:
    """Tell everybody who may take the next step that a request waits."""
    for reviewer in reviewers_of(request, permission):
        notices.send(Kind.DISCLOSURE_SUBMITTED, to=reviewer, about=request, reference=request.reference)


def reviewers_of(request: DisclosureRequest, permission: str) -> list[User]:
    """Give active staff who hold the permission by a role and are neither party to the request nor approved it."""
    holds = Q(codename=permission, content_type__app_label="disclosures")
    permitted = Permission.objects.filter(holds)
    by_role = Q(groups__permissions__in=permitted) | Q(user_permissions__in=permitted)
    party = Q(pk=request.author_id) | Q(disclosure_subjects__request=request) | Q(disclosure_approvals__request=request)
    outsiders = User.objects.exclude(pk__in=User.objects.filter(party).values("pk"))
    return list(outsiders.filter(by_role, is_active=True, is_staff=True).distinct())


def check_adults(account_ids: Iterable[UUID]) -> None:
    """Let pass adults alone; the date of birth is read by this check and shown to nobody.

    Raises:
        MinorConcerned: somebody is under 18 or of unknown age, which takes a third approver (clause 1.0).
        ValueUnreadable: a date of birth is broken.
    """
    today, wanted = timezone.localdate(), set(account_ids)
    births = {profile.user_id: _birth(profile) for profile in Profile.objects.filter(user_id__in=wanted)}
    for account_id in wanted:
        born = births.get(account_id)
        if born is None or age_on(born, today) < AGE_OF_MAJORITY:
            raise MinorConcerned


def _birth(profile: Profile) -> date | None:
    try:
        born: date | None = profile.date_of_birth
    except SealError:
        raise ValueUnreadable(profile.user_id, "date_of_birth") from None
    return born
