"""Who read what stays."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = ("access_readrecord",)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_memberships"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
