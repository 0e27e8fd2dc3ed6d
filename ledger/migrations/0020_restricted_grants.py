"""Accounts for restricted grants; books that stand get them."""

from typing import Any

from django.db import migrations, models

LINES = (
    ("2160", "Grants owed to businesses", "liability", "2000"),
    ("3200", "Restricted funds", "equity", None),
    ("3210", "Restricted grants", "equity", "3200"),
    ("4060", "Grants applied to operating costs", "income", "4000"),
    ("4061", "Grants applied to losses", "income", "4000"),
    ("4062", "Grants applied beside loans", "income", "4000"),
    ("5070", "Grants made beside loans", "expense", "5000"),
)
WITHOUT_SUBJECT = ("4060", "4061", "4062", "5070")


def complete_charts(apps: Any, schema_editor: Any) -> None:
    Book, ChartNode, Account = (apps.get_model("ledger", name) for name in ("Book", "ChartNode", "Account"))
    for book in Book.objects.all():
        nodes = {node.code: node for node in ChartNode.objects.filter(book=book)}
        for code, name, kind, parent in LINES:
            if code not in nodes:
                nodes[code] = ChartNode.objects.create(
                    book=book, code=code, name=name, kind=kind, parent=nodes.get(parent)
                )
        for code in WITHOUT_SUBJECT:
            Account.objects.get_or_create(
                book=book,
                node=nodes[code],
                subject="",
                currency=book.base_currency,
                defaults={"code": code, "name": nodes[code].name, "opened_on": book.opened_on},
            )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0019_payouts"),
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
                    ("payout", "Payout"),
                    ("capital", "Capital"),
                    ("result", "Result"),
                    ("distribution", "Distribution"),
                    ("management-fee", "Management-Fee"),
                    ("grant", "Grant"),
                    ("manual", "Manual"),
                    ("reversal", "Reversal"),
                    ("year-end", "Year-End"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(complete_charts, migrations.RunPython.noop),
    ]
