"""Entries that pay investors out, under four eyes, and the account of the tax that is withheld; books that stand get it."""

from pathlib import Path
from typing import Any

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
CODE, NAME = "2520", "Tax withheld, owed to the tax authority"


def complete_charts(apps: Any, schema_editor: Any) -> None:
    ChartNode, Account = (apps.get_model("ledger", name) for name in ("ChartNode", "Account"))
    for parent in ChartNode.objects.filter(code="2000").select_related("book"):
        node, made = ChartNode.objects.get_or_create(
            book=parent.book, code=CODE, defaults={"name": NAME, "kind": "liability", "parent": parent}
        )
        if made:
            Account.objects.create(
                book=parent.book,
                node=node,
                code=CODE,
                subject="",
                name=NAME,
                currency=parent.book.base_currency,
                opened_on=parent.book.opened_on,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0018_borrowings"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="journalentry",
            name="ledger_entry_of_this_kind_is_approved",
        ),
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
                    ("payout", "Payout"),
                    ("capital", "Capital"),
                    ("result", "Result"),
                    ("distribution", "Distribution"),
                    ("management-fee", "Management-Fee"),
                    ("manual", "Manual"),
                    ("reversal", "Reversal"),
                    ("year-end", "Year-End"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["opening", "manual", "year-end", "payout"]), _negated=True),
                    ("approval__isnull", False),
                    _connector="OR",
                ),
                name="ledger_entry_of_this_kind_is_approved",
            ),
        ),
        ApplySql(SQL / "entry_guard.sql"),
        migrations.RunPython(complete_charts, migrations.RunPython.noop),
    ]
