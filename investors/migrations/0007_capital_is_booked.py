"""An act on a fund's capital that is approved is booked at commit, or refused by the database."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql


class Migration(migrations.Migration):
    dependencies = [("investors", "0006_value_proxies"), ("ledger", "0002_guards")]

    operations = [ApplySql(Path(__file__).parents[1] / "sql" / "capital_booked_guard.sql")]
