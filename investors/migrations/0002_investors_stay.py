"""An investor's code is part of account codes: the record stays, and only its particulars are corrected."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly


class Migration(migrations.Migration):
    dependencies = [("investors", "0001_initial"), ("ledger", "0002_guards")]

    operations = [MakeAppendOnly("investors_investor", updatable=["name", "kind", "registered_number"])]
