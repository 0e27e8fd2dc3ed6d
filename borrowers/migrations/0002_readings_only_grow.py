"""Readings are corrected by further readings, never edited."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly


class Migration(migrations.Migration):
    dependencies = [("borrowers", "0001_initial"), ("ledger", "0002_guards")]

    operations = [MakeAppendOnly("borrowers_reading")]
