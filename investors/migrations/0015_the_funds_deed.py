"""The order of payment and the terms of classes as acts of two people."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0014_restricted_grants"),
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
                    ("deed", "Order of payment"),
                    ("class-terms", "Terms of a class"),
                    ("grant", "Restricted grant"),
                    ("grant-received", "Grant received"),
                    ("grant-applied", "Grant applied"),
                    ("reversal", "Reversal"),
                ],
                max_length=20,
            ),
        ),
        ApplySql(SQL / "deed_guard.sql"),
    ]
