"""Who works here, and what they may do."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services.cancellation import refuse_last_superuser
from audit import services as audit
from audit.events import Event
from notices import services as notices
from notices.kinds import Kind


@transaction.atomic
def find_account(*, email: str, actor: User | str) -> User | None:
    """Find the account that has exactly this e-mail address; who asked is recorded, a miss, too, the address never."""
    user: User | None = User.objects.filter(email=email).first()
    audit.record(Event.ACCOUNT_SOUGHT, actor=actor, subject=user, found=user is not None)
    return user


@transaction.atomic
def report_password_change(*, user: User, actor: User | str) -> None:
    """Record, and tell the account's owner, that somebody else set their password."""
    audit.record(Event.ACCOUNT_PASSWORD_CHANGED, actor=actor, subject=user, target=user)
    notices.send(Kind.PASSWORD_CHANGED, to=user)


@transaction.atomic
def set_roles(*, user_id: UUID, actor: User | str, is_staff: bool, department: str, roles: Iterable[Group]) -> User:
    """Make somebody a member of staff with these roles and no others, or no member of staff any more.

    Raises:
        LastSuperuser: nobody would be left who can administer the platform.
    """
    user: User = User.objects.select_for_update().get(pk=user_id)
    if not is_staff:
        refuse_last_superuser(user)
        user.is_superuser = False
    wanted = set(roles) if is_staff else set()
    before = set(user.groups.all()) | ({"staff"} if user.is_staff else set())
    after = wanted | ({"staff"} if is_staff else set())
    user.is_staff, user.department = is_staff, department
    user.save(update_fields=["is_staff", "is_superuser", "department"])
    user.groups.set(wanted)
    _record(Event.STAFF_ROLE_GRANTED, after - before, user, actor)
    _record(Event.STAFF_ROLE_REVOKED, before - after, user, actor)
    if after - before and isinstance(actor, User):
        _tell_other_superusers(user, actor)
    return user


def _tell_other_superusers(user: User, actor: User) -> None:
    """Let nobody make reviewers of their own unseen: two roles in one hand undo the rule of two people."""
    for superuser in User.objects.able_to_administer().exclude(pk=actor.pk):
        notices.send(Kind.STAFF_ROLE_GRANTED, to=superuser, about=user)


def _record(event: Event, roles: Iterable[Group | str], user: User, actor: User | str) -> None:
    names = sorted(str(role).replace(" ", "_") for role in roles)
    if names:
        audit.record(event, actor=actor, subject=user, target=user, roles=names)
