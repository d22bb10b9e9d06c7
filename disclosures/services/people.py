"""Who is told, and who is too young."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils import timezone

from accounts.age import age_on
from accounts.models import Profile, User
from disclosures.exceptions import MinorConcerned
from disclosures.models import DisclosureRequest
from notices import services as notices
from notices.kinds import Kind

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
        MinorConcerned: somebody is under 18, which takes a third approver (clause 1.0).
    """
    today = timezone.localdate()
    for profile in Profile.objects.filter(user_id__in=account_ids):
        if profile.date_of_birth and age_on(profile.date_of_birth, today) < AGE_OF_MAJORITY:
            raise MinorConcerned
