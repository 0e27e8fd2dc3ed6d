"""Restricted grants, applied to their purpose and never below nought."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0013_contacts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="capitalact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("commitment", "Commitment"),
                    ("cancellation", "Cancelled commitment"),
                    ("call", "Capital call"),
                    ("call-withdrawal", "Call withdrawn"),
                    ("payment", "Paid in on a call"),
                    ("management-fee", "Management fee"),
                    ("result", "Result shared"),
                    ("distribution", "Distribution"),
                    ("transfer", "Holding transferred"),
                    ("equalisation", "Equalisation at a later close"),
                    ("grant", "Restricted grant"),
                    ("grant-received", "Grant received"),
                    ("grant-applied", "Grant applied"),
                    ("reversal", "Reversal"),
                ],
                max_length=20,
            ),
        ),
        ApplySql(SQL / "grant_guard.sql"),
    ]
