"""Accounts for fees, default interest, non-accrual, provisions, guarantees and recoveries; books that stand get them."""

from typing import Any

from django.db import migrations, models

LINES = (
    ("1330", "Fees receivable", "asset", "1300"),
    ("1340", "Default interest receivable", "asset", "1300"),
    ("1350", "Interest in suspense", "asset", "1300"),
    ("1360", "Guarantees received", "asset", "1300"),
    ("1390", "Provision for loan losses", "asset", "1300"),
    ("1410", "Guarantee claims receivable", "asset", "1300"),
    ("2130", "Recoveries owed to guarantors", "liability", "2000"),
    ("2140", "Fees received for later", "liability", "2000"),
    ("4040", "Default interest", "income", "4000"),
    ("4050", "Recoveries of loans written off", "income", "4000"),
    ("5021", "Losses borne by participants", "expense", "5000"),
    ("5040", "Amounts waived", "expense", "5000"),
)
ACCOUNTS = ("4040", "4050", "5021", "5040")
KINDS = (
    *("general", "opening", "bank", "drawdown", "interest", "repayment", "fee", "waiver", "suspension", "provision"),
    *("guarantee", "write-off", "recovery", "refund", "moved-in", "apportionment", "contribution", "manual"),
    *("reversal", "year-end"),
)


def complete_charts(apps: Any, schema_editor: Any) -> None:
    ChartNode, Account = (apps.get_model("ledger", name) for name in ("ChartNode", "Account"))
    for book in apps.get_model("ledger", "Book").objects.all():
        nodes = {node.code: node for node in ChartNode.objects.filter(book=book)}
        for code, name, kind, parent in LINES:
            if code in nodes:
                continue
            nodes[code] = ChartNode.objects.create(book=book, code=code, name=name, kind=kind, parent=nodes.get(parent))
            if code in ACCOUNTS:
                Account.objects.create(
                    book=book,
                    node=nodes[code],
                    code=code,
                    subject="",
                    name=name,
                    currency=book.base_currency,
                    opened_on=book.opened_on,
                )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_who_withdrew")]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(max_length=20, choices=[(kind, kind.title()) for kind in KINDS]),
        ),
        migrations.RunPython(complete_charts, migrations.RunPython.noop),
    ]
