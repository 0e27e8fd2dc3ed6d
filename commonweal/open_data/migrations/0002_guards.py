"""What was published stays."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = (
    "open_data_publishedid",
    "open_data_release",
    "open_data_dealrecord",
)


class Migration(migrations.Migration):
    dependencies = [("open_data", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
