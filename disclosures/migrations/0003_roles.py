"""The four roles of staff: intake, legal reviewer, approver, auditor."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SEE = (
    ("disclosures", "disclosurerequest", "view_disclosurerequest", "Can view disclosure request"),
    ("disclosures", "approval", "view_approval", "Can view approval"),
    ("disclosures", "package", "view_package", "Can view package"),
)
FILE, REVIEW, APPROVE, RELEASE = (
    ("disclosures", "disclosurerequest", codename, name)
    for codename, name in (
        ("file_request", "Can file, submit and withdraw disclosure requests"),
        ("review_request", "Can do the legal review of disclosure requests"),
        ("approve_request", "Can give disclosure requests the second approval"),
        ("release_request", "Can release approved disclosure requests"),
    )
)
ROLES = {
    "disclosure intake": (*SEE, FILE, RELEASE),
    "legal reviewer": (*SEE, REVIEW),
    "disclosure approver": (*SEE, APPROVE),
    "auditor": (*SEE, ("audit", "entry", "view_entry", "Can view entry")),
}


def make_roles(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """Make the groups, and the permissions that Django would make only after the last migration."""
    group_model = apps.get_model("auth", "Group")
    for name, wanted in ROLES.items():
        group, _made = group_model.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *parts) for parts in wanted))


def permission(apps: StateApps, app_label: str, model: str, codename: str, name: str) -> object:
    content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    found, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found


def remove_roles(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0002_guards"),
        ("audit", "0001_entries"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
