"""The impact statement of a whole fund is issued by the same runs; its figures are kept beside it."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
KINDS = [
    ("loan-statement", "Loan statement"),
    ("investor-statement", "Investor statement"),
    ("facility-statement", "Lender’s statement"),
    ("impact-statement", "Impact statement of the fund"),
    ("auditors-pack", "Auditor’s pack"),
    ("tax-certificate", "Tax relief certificate"),
    ("tax-statement", "Tax statement"),
    ("capital-call-notice", "Capital call notice"),
    ("distribution-notice", "Distribution notice"),
    ("payout-notice", "Payout notice"),
    ("loan-participation", "Loan participation certificate"),
]
OF_INVESTORS = (
    *("facility-statement", "tax-certificate", "tax-statement", "loan-participation"),
    *("capital-call-notice", "distribution-notice", "payout-notice"),
)
OF_THE_FUND = ("auditors-pack", "impact-statement")
TOLD_ANEW = (
    *("auditors-pack", "tax-statement", "loan-statement", "investor-statement", "facility-statement"),
    "impact-statement",
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_what_was_said")]

    operations = [
        migrations.RemoveConstraint("document", "documents_one_recipient"),
        migrations.RemoveConstraint("document", "documents_once_for_what_it_knew"),
        migrations.AlterField("document", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AlterField("preparedstatement", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AddField(
            "preparedstatement",
            "figures",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.documentfile",
            ),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=models.Q(kind="loan-statement", organisation__isnull=False, investor__isnull=True)
                | models.Q(kind="investor-statement", organisation__isnull=True, investor__isnull=False)
                | models.Q(kind__in=OF_THE_FUND, organisation__isnull=True, investor__isnull=True)
                | models.Q(kind__in=OF_INVESTORS, organisation=None, investor__isnull=False),
                name="documents_one_recipient",
            ),
        ),
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
