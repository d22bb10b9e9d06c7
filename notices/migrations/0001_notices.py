"""Make the table that is outbox and inbox."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import notices.kinds


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=notices.kinds.choices, max_length=40, verbose_name="kind")),
                ("about_type", models.CharField(blank=True, max_length=100, verbose_name="about")),
                ("about_id", models.CharField(blank=True, max_length=64, verbose_name="about id")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                ("once", models.CharField(editable=False, max_length=250, null=True, unique=True, verbose_name="once")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created at")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("not_owed", "no address to send to"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="delivery",
                    ),
                ),
                ("one_off", models.BooleanField(default=False, verbose_name="to an address of its own")),
                ("address", models.TextField(blank=True, editable=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("last_tried_at", models.DateTimeField(blank=True, null=True, verbose_name="last tried at")),
                ("next_try_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next try at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("error", models.CharField(blank=True, max_length=80, verbose_name="last error")),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ("-created_at",),
                "permissions": (("retry_notice", "Can put a failed notice back in the queue"),),
                "indexes": [
                    models.Index(
                        models.F("to"), models.OrderBy(models.F("created_at"), descending=True), name="notice_inbox"
                    ),
                    models.Index(
                        condition=models.Q(("one_off", False), ("read_at", None)), fields=["to"], name="notice_unread"
                    ),
                    models.Index(condition=models.Q(("state", "queued")), fields=["next_try_at"], name="notice_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="notice_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address", ""), models.Q(("one_off", True), ("state", "queued")), _connector="OR"
                        ),
                        name="notice_address_only_while_owed",
                    ),
                    models.CheckConstraint(condition=models.Q(("attempts__lte", 10)), name="notice_attempts_bounded"),
                ],
            },
        ),
    ]
