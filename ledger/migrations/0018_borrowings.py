"""Accounts for what a fund borrows; books that stand get them."""

from typing import Any

from django.db import migrations

LINES = (
    ("2600", "Borrowed money", "liability", None),
    ("2610", "Borrowings", "liability", "2600"),
    ("2620", "Interest owed on borrowings", "liability", "2600"),
    ("2625", "Interest accrued on borrowings", "liability", "2600"),
    ("2630", "Fees owed on borrowings", "liability", "2600"),
    ("2635", "Fees accrued on borrowings", "liability", "2600"),
    ("2640", "Paid in advance on borrowings", "liability", "2600"),
    ("5060", "Interest on borrowings", "expense", "5000"),
    ("5061", "Fees on borrowings", "expense", "5000"),
)
ACCOUNTS = ("5060", "5061")


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
    dependencies = [("ledger", "0017_fund_capital")]

    operations = [migrations.RunPython(complete_charts, migrations.RunPython.noop)]
