"""Readings are corrected by further readings, never edited."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("borrowers", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL("SELECT ledger_make_append_only('borrowers_reading')", migrations.RunSQL.noop),
    ]
