"""Accounts for a fund's capital; books that stand get them."""

from typing import Any

from django.db import migrations, models

LINES = (
    ("2150", "Management fee owed", "liability", "2000"),
    ("3100", "Investors' capital", "equity", None),
    ("3110", "Capital of investors", "equity", "3100"),
    ("3121", "Income shared", "equity", "3000"),
    ("3122", "Management fee shared", "equity", "3000"),
    ("3123", "Losses shared", "equity", "3000"),
    ("5065", "Management fee", "expense", "5000"),
)
WITHOUT_SUBJECT = ("2150", "3121", "3122", "3123", "5065")


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
        ("ledger", "0016_sales_of_participations"),
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
        migrations.RunPython(complete_charts, migrations.RunPython.noop),
    ]
