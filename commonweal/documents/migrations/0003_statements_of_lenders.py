"""A lender to the fund gets a statement as well, by the same runs as borrowers and investors."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
KINDS = [
    ("loan-statement", "Loan statement"),
    ("investor-statement", "Investor statement"),
    ("facility-statement", "Lender’s statement"),
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


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_guards"), ("investors", "0003_classes_by_two_people")]

    operations = [
        migrations.RemoveConstraint("document", "documents_one_recipient"),
        migrations.AlterField("document", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AlterField("preparedstatement", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=models.Q(kind="loan-statement", organisation__isnull=False, investor__isnull=True)
                | models.Q(kind="investor-statement", organisation__isnull=True, investor__isnull=False)
                | models.Q(kind="auditors-pack", organisation__isnull=True, investor__isnull=True)
                | models.Q(kind__in=OF_INVESTORS, organisation=None, investor__isnull=False),
                name="documents_one_recipient",
            ),
        ),
        ApplySql(SQL / "run_guard.sql"),
    ]
