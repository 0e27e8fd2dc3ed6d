"""Four eyes on acts, new terms and books of loans that move in are held by the database too."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
GUARDS = ("decision_guard.sql", "event_guard.sql", "moving_in_guard.sql", "terms_guard.sql")


class Migration(migrations.Migration):
    dependencies = [("loans", "0016_losses_worked_out_again")]

    operations = [ApplySql(SQL / name) for name in GUARDS]
