"""Make the table of entries."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import audit.events


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event", models.CharField(choices=audit.events.choices, max_length=60, verbose_name="event")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("actor", models.CharField(max_length=100, verbose_name="actor")),
                ("subject", models.UUIDField(null=True, verbose_name="subject")),
                ("target_type", models.CharField(blank=True, max_length=100, verbose_name="target type")),
                ("target_id", models.CharField(blank=True, max_length=64, verbose_name="target")),
                ("clause", models.CharField(blank=True, max_length=10, verbose_name="clause")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                ("leaf_hash", models.CharField(max_length=64, verbose_name="leaf hash")),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["at"], name="audit_entry_at"),
                    models.Index(fields=["event", "-id"], name="audit_entry_event"),
                    models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
                    models.Index(fields=["subject", "-id"], name="audit_entry_subject"),
                    models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("event", ""), _negated=True), name="audit_entry_has_event"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor", ""), _negated=True), name="audit_entry_has_actor"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("target_id", ""), ("target_type", "")),
                            models.Q(
                                models.Q(("target_type", ""), _negated=True), models.Q(("target_id", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="audit_entry_target_whole",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("leaf_hash"), 64
                        ),
                        name="audit_entry_has_leaf_hash",
                    ),
                ],
            },
        ),
    ]
