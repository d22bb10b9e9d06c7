"""No entry is changed or removed, whoever asks: the database refuses."""

from django.db import migrations

from audit.guard import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_entries")]
    operations = [append_only("audit_entry")]
