"""Who switched which work on or off stays."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = ("jobs_scheduleswitch",)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
