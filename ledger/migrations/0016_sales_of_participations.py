"""Entries that settle the sale of a participation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0015_left_open"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("general", "General"),
                    ("opening", "Opening"),
                    ("bank", "Bank"),
                    ("drawdown", "Drawdown"),
                    ("interest", "Interest"),
                    ("accrual", "Accrual"),
                    ("repayment", "Repayment"),
                    ("fee", "Fee"),
                    ("waiver", "Waiver"),
                    ("suspension", "Suspension"),
                    ("provision", "Provision"),
                    ("guarantee", "Guarantee"),
                    ("write-off", "Write-Off"),
                    ("recovery", "Recovery"),
                    ("refund", "Refund"),
                    ("moved-in", "Moved-In"),
                    ("apportionment", "Apportionment"),
                    ("contribution", "Contribution"),
                    ("sale", "Sale"),
                    ("manual", "Manual"),
                    ("reversal", "Reversal"),
                    ("year-end", "Year-End"),
                ],
                max_length=20,
            ),
        ),
    ]
