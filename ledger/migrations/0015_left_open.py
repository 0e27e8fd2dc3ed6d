"""A close keeps what was left open with it, each with the reason."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0014_an_entry_may_match_two_lines")]

    operations = [
        migrations.AddField(
            model_name="periodevent",
            name="left_open",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        ApplySql(SQL / "period_guard.sql"),
    ]
