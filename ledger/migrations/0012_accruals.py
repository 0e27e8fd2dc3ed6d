"""Accounts for what is earned at a month's end and not due; books that stand get them, and so do their lenders."""

from typing import Any

from django.db import migrations, models

LINES = (
    ("1325", "Interest accrued", "asset", "1300"),
    ("1335", "Fees accrued", "asset", "1300"),
    ("1345", "Default interest accrued", "asset", "1300"),
    ("2425", "Participations in interest accrued", "liability", "2400"),
)
KINDS = (
    *("general", "opening", "bank", "drawdown", "interest", "accrual", "repayment", "fee", "waiver", "suspension"),
    *("provision", "guarantee", "write-off", "recovery", "refund", "moved-in", "apportionment", "contribution"),
    *("manual", "reversal", "year-end"),
)


def complete_charts(apps: Any, schema_editor: Any) -> None:
    ChartNode, Account = (apps.get_model("ledger", name) for name in ("ChartNode", "Account"))
    for code, name, kind, parent_code in LINES:
        for parent in ChartNode.objects.filter(code=parent_code):
            ChartNode.objects.get_or_create(
                book=parent.book, code=code, defaults={"name": name, "kind": kind, "parent": parent}
            )
    nodes = {node.book_id: node for node in ChartNode.objects.filter(code="2425")}
    Account.objects.bulk_create(
        Account(
            book_id=account.book_id,
            node=nodes[account.book_id],
            subject=account.subject,
            code=f"2425/{account.subject}",
            name=account.name,
            currency=account.currency,
            opened_on=account.opened_on,
        )
        for account in Account.objects.filter(node__code="2420", closed_on=None)
        if account.book_id in nodes
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_csv_mappings")]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(max_length=20, choices=[(kind, kind.title()) for kind in KINDS]),
        ),
        migrations.RunPython(complete_charts, migrations.RunPython.noop),
    ]
