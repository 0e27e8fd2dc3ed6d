"""Beside the seal a fingerprint of what borrowers had said: a restated reading alone makes a new statement."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
SAID = "The fingerprint of what borrowers had said, which no seal covers; empty where none was taken."
TOLD_ANEW = ("auditors-pack", "tax-statement", "loan-statement", "investor-statement", "facility-statement")


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_statements_of_lenders")]

    operations = [
        migrations.AddField(
            model, "said_sha256", models.CharField(max_length=64, default="", blank=True, help_text=SAID)
        )
        for model in ("document", "statementrun")
    ] + [
        migrations.RemoveConstraint("document", "documents_once_for_what_it_knew"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=["book", "kind", "subject", "period_start", "period_end", "status", "seal"],
                condition=~models.Q(kind__in=TOLD_ANEW),
                name="documents_once_for_what_it_knew",
            ),
        ),
        ApplySql(SQL / "run_guard.sql"),
    ]
