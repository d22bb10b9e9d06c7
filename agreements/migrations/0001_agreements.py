import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="short name")),
                ("required_at_sign_up", models.BooleanField(default=False, verbose_name="required at sign-up")),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ("slug",),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("announced", "announced"),
                            ("in_force", "in force"),
                            ("superseded", "superseded"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("material", models.BooleanField(default=False, verbose_name="material change")),
                ("announced_at", models.DateTimeField(blank=True, null=True, verbose_name="announced")),
                ("effective_at", models.DateTimeField(blank=True, null=True, verbose_name="in force from")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="agreements.agreement",
                        verbose_name="agreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ("agreement", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("body", models.TextField(verbose_name="text")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "text",
                "verbose_name_plural": "texts",
                "ordering": ("version", "language"),
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.UUIDField(db_index=True, verbose_name="account")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("notified", "notified"),
                            ("shown", "shown"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("explicit", "by agreeing"),
                            ("continued_use", "by continued use"),
                            ("guardian", "by a guardian"),
                        ],
                        max_length=14,
                        verbose_name="how",
                    ),
                ),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("text_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the text")),
                ("page_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the page shown")),
                ("surface", models.CharField(choices=[("sign_up", "at sign-up")], max_length=40, verbose_name="where")),
                ("control_label", models.CharField(blank=True, max_length=200, verbose_name="words on the control")),
                ("control_state", models.CharField(blank=True, max_length=20, verbose_name="state of the control")),
                ("shown_at", models.DateTimeField(blank=True, null=True, verbose_name="shown")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("network_prefix", models.CharField(blank=True, max_length=43, verbose_name="network prefix")),
                (
                    "user_agent_sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the browser's name"),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagements",
                        to="agreements.text",
                        verbose_name="text",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagements",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "engagement",
                "verbose_name_plural": "engagements",
                "ordering": ("-at",),
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("agreement", "number"), name="agreements_version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")), fields=("agreement",), name="agreements_version_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        ("announced_at__isnull", False),
                        ("effective_at__gte", models.F("announced_at")),
                        ("effective_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreements_version_announced_has_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "announced", "in_force", "superseded", "withdrawn"])),
                name="agreements_version_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="text",
            constraint=models.UniqueConstraint(fields=("version", "language"), name="agreements_text_language_once"),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis__in", ["explicit", "continued_use", "guardian"]), ("kind", "accepted")),
                    models.Q(("kind__in", ["notified", "shown", "declined"]), ("basis", "")),
                    _connector="OR",
                ),
                name="agreements_engagement_acceptance_has_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "accepted")),
                fields=("user_id", "version", "basis"),
                name="agreements_engagement_accepted_once",
            ),
        ),
    ]
