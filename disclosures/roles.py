"""The four roles of staff, as groups. Who has none sees nothing of a disclosure in admin."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

INTAKE = "disclosure intake"
LEGAL_REVIEWER = "legal reviewer"
APPROVER = "disclosure approver"
AUDITOR = "auditor"

SEE = ("disclosures.view_disclosurerequest", "disclosures.view_approval", "disclosures.view_package")
ROLES = {
    INTAKE: (*SEE, "disclosures.file_request", "disclosures.release_request"),
    LEGAL_REVIEWER: (*SEE, "disclosures.review_request"),
    APPROVER: (*SEE, "disclosures.approve_request"),
    AUDITOR: (*SEE, "audit.view_entry"),
}


def seed_roles() -> None:
    """Make each role that is missing and give each the permissions it lacks; what an operator added stays."""
    for name, wanted in ROLES.items():
        role, _ = Group.objects.get_or_create(name=name)
        role.permissions.add(*Permission.objects.filter(_any_of(wanted)))


def _any_of(permissions: tuple[str, ...]) -> Q:
    chosen = Q()
    for permission in permissions:
        app_label, _, codename = permission.partition(".")
        chosen |= Q(content_type__app_label=app_label, codename=codename)
    return chosen
