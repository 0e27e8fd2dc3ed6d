"""Tax relief certificates, which only two people issue, and yearly tax statements."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0004_sectors"),
        ("documents", "0003_statement_runs"),
        ("investors", "0010_borrowings"),
        ("ledger", "0018_borrowings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="document",
            name="documents_after_the_period",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="documents_once_for_what_it_knew",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="documents_one_recipient",
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("loan-statement", "Loan statement"),
                    ("investor-statement", "Investor statement"),
                    ("auditors-pack", "Auditor’s pack"),
                    ("tax-certificate", "Tax relief certificate"),
                    ("tax-statement", "Tax statement"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="preparedstatement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("loan-statement", "Loan statement"),
                    ("investor-statement", "Investor statement"),
                    ("auditors-pack", "Auditor’s pack"),
                    ("tax-certificate", "Tax relief certificate"),
                    ("tax-statement", "Tax statement"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["auditors-pack", "tax-statement"]), _negated=True),
                fields=("book", "kind", "subject", "period_start", "period_end", "status", "seal"),
                name="documents_once_for_what_it_knew",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("issued_on__gte", models.F("period_end")),
                    models.Q(("issued_on__gte", models.F("period_start")), ("kind", "tax-certificate")),
                    _connector="OR",
                ),
                name="documents_after_the_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("investor__isnull", True), ("kind", "loan-statement"), ("organisation__isnull", False)),
                    models.Q(
                        ("investor__isnull", False), ("kind", "investor-statement"), ("organisation__isnull", True)
                    ),
                    models.Q(("investor__isnull", True), ("kind", "auditors-pack"), ("organisation__isnull", True)),
                    models.Q(
                        ("investor__isnull", False),
                        ("kind__in", ["tax-certificate", "tax-statement"]),
                        ("organisation", None),
                    ),
                    _connector="OR",
                ),
                name="documents_one_recipient",
            ),
        ),
        ApplySql(SQL / "run_guard.sql"),
        ApplySql(SQL / "tax_certificate_guard.sql"),
    ]
