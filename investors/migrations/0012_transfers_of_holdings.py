"""Holdings move between investors, and later ones pay those who were there."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0011_payouts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="capitalline",
            name="investors_capital_line_is_sane",
        ),
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
                    ("reversal", "Reversal"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="capitalline",
            name="effect",
            field=models.CharField(
                choices=[
                    ("signed", "Committed"),
                    ("cancelled", "Cancelled"),
                    ("called", "Called"),
                    ("call-withdrawn", "Call withdrawn"),
                    ("paid-in", "Paid in"),
                    ("income", "Income"),
                    ("fee", "Management fee"),
                    ("impairment", "Losses"),
                    ("income-distributed", "Income distributed"),
                    ("capital-returned", "Capital returned"),
                    ("recallable", "Capital returned, may be called again"),
                    ("equalised-in", "Capital paid in at a later close"),
                    ("equalised-out", "Capital given back at a later close, may be called again"),
                    ("catch-up-paid", "Interest paid to earlier investors"),
                    ("catch-up-received", "Interest from later investors"),
                    ("moved-drawn", "Transferred, drawn"),
                    ("moved-undrawn", "Transferred, undrawn"),
                    ("moved-cancelled", "Transferred, cancelled"),
                    ("moved-recallable", "Transferred, may be called again"),
                    ("moved-paid-in", "Transferred, paid in"),
                    ("moved-equalised", "Transferred, equalised"),
                    ("moved-income", "Transferred, income"),
                    ("moved-fee", "Transferred, management fee"),
                    ("moved-impairment", "Transferred, losses"),
                    ("moved-income-paid", "Transferred, income distributed"),
                    ("moved-capital-back", "Transferred, capital returned"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="capitalline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    (
                        "effect__in",
                        (
                            "income",
                            "fee",
                            "impairment",
                            "moved-drawn",
                            "moved-recallable",
                            "moved-undrawn",
                            "moved-cancelled",
                            "moved-paid-in",
                            "moved-equalised",
                            "moved-income",
                            "moved-fee",
                            "moved-impairment",
                            "moved-income-paid",
                            "moved-capital-back",
                        ),
                    ),
                    _connector="OR",
                ),
                name="investors_capital_line_is_sane",
            ),
        ),
        ApplySql(SQL / "capital_between_guard.sql"),
    ]
