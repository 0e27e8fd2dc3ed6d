"""Default interest of a loan in non-accrual has an account of its own; books that stand get it."""

from typing import Any

from django.db import migrations

CODE, NAME, PARENT = "1351", "Default interest in suspense", "1300"


def complete_charts(apps: Any, schema_editor: Any) -> None:
    ChartNode = apps.get_model("ledger", "ChartNode")
    for parent in ChartNode.objects.filter(code=PARENT):
        ChartNode.objects.get_or_create(
            book=parent.book, code=CODE, defaults={"name": NAME, "kind": "asset", "parent": parent}
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_payees")]

    operations = [migrations.RunPython(complete_charts, migrations.RunPython.noop)]
