"""The tables of disclosures, with the constraints on grounds, states, fields and deciders."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferenceYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DisclosureRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True, verbose_name="reference")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("consent", "The user allows it"),
                            ("statute", "A law or regulation requires it"),
                            ("legal_process", "A court or authority requires it by legal procedure"),
                            ("property_rights", "To protect the platform's property rights"),
                            ("emergency", "To protect someone's safety in an emergency"),
                            ("national_security", "A danger to national security is suspected"),
                            ("partner", "A partner with the same responsibility for privacy"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("legal_review", "legal review"),
                            ("second_review", "second review"),
                            ("approved", "approved"),
                            ("released", "released"),
                            ("closed", "closed"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("organisation_sealed", models.TextField()),
                ("contact_sealed", models.TextField()),
                ("legal_basis_sealed", models.TextField()),
                ("purpose_sealed", models.TextField()),
                ("reason_sealed", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="filed at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="submitted at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure request",
                "verbose_name_plural": "disclosure requests",
                "permissions": (
                    ("file_request", "Can file, submit and withdraw disclosure requests"),
                    ("review_request", "Can do the legal review of disclosure requests"),
                    ("approve_request", "Can give disclosure requests the second approval"),
                    ("release_request", "Can release approved disclosure requests"),
                ),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("legal", "legal review"), ("second", "second review")],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("rationale_sealed", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("two_factor", models.BooleanField(verbose_name="two-factor sign-in")),
                ("sign_in_age_seconds", models.PositiveIntegerField(verbose_name="age of the sign-in, in seconds")),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_approvals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="disclosures.disclosurerequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ("pk",),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fields", models.JSONField(verbose_name="fields by account")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="officer",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="package",
                        to="disclosures.disclosurerequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "package",
                "verbose_name_plural": "packages",
                "ordering": ("-at",),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_subjects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="disclosures.disclosurerequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "subject",
                "verbose_name_plural": "subjects",
                "ordering": ("pk",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ScopeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("real_name", "real name"),
                            ("id_number", "ID number"),
                            ("home_address", "home address"),
                            ("mailing_address", "mailing address"),
                            ("postal_code", "postal code"),
                            ("email", "e-mail address"),
                            ("date_of_birth", "date of birth"),
                        ],
                        max_length=20,
                        verbose_name="field",
                    ),
                ),
                ("granted", models.BooleanField(default=True, verbose_name="granted")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scope",
                        to="disclosures.subject",
                        verbose_name="subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "field in the scope",
                "verbose_name_plural": "scope",
                "ordering": ("pk",),
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(fields=["state", "due_at"], name="disclosures_queue"),
        ),
        migrations.AddConstraint(
            model_name="disclosurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "consent",
                            "statute",
                            "legal_process",
                            "property_rights",
                            "emergency",
                            "national_security",
                            "partner",
                        ],
                    )
                ),
                name="disclosures_one_of_seven_grounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "submitted",
                            "legal_review",
                            "second_review",
                            "approved",
                            "released",
                            "closed",
                            "refused",
                            "withdrawn",
                        ],
                    )
                ),
                name="disclosures_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["approved", "closed", "refused", "released", "withdrawn"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["approved", "closed", "refused", "released", "withdrawn"]), _negated=True
                        ),
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="disclosures_decided_has_decider",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("state", "withdrawn"),
                    models.Q(("decided_by", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="disclosures_author_decides_nothing_but_withdrawal",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["refused", "withdrawn"]), _negated=True),
                    models.Q(("reason_sealed", ""), _negated=True),
                    _connector="OR",
                ),
                name="disclosures_refusal_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=("request", "reviewer"), name="disclosures_one_approval_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("request", "step"), name="disclosures_one_approval_a_step"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["legal", "second"])), name="disclosures_step_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("sign_in_age_seconds__lte", 300), ("two_factor", True)),
                name="disclosures_approval_signed_in_freshly",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("rationale_sealed", ""), _negated=True), name="disclosures_approval_has_rationale"
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.UniqueConstraint(fields=("request", "account"), name="disclosures_subject_once"),
        ),
        migrations.AddConstraint(
            model_name="scopeitem",
            constraint=models.UniqueConstraint(fields=("subject", "field"), name="disclosures_scope_field_once"),
        ),
        migrations.AddConstraint(
            model_name="scopeitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "real_name",
                            "id_number",
                            "home_address",
                            "mailing_address",
                            "postal_code",
                            "email",
                            "date_of_birth",
                        ],
                    )
                ),
                name="disclosures_one_of_seven_fields",
            ),
        ),
    ]
