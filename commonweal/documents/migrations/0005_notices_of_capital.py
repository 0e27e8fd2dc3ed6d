"""Notices of capital calls and distributions: what an approved act did, told to each investor."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0004_sectors"),
        ("documents", "0004_tax_documents"),
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
            name="documents_one_recipient",
        ),
        migrations.AddField(
            model_name="document",
            name="capital_act",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="investors.capitalact",
            ),
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
                    ("capital-call-notice", "Capital call notice"),
                    ("distribution-notice", "Distribution notice"),
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
                    ("capital-call-notice", "Capital call notice"),
                    ("distribution-notice", "Distribution notice"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("issued_on__gte", models.F("period_end")),
                    models.Q(
                        ("issued_on__gte", models.F("period_start")),
                        ("kind__in", ["tax-certificate", "capital-call-notice", "distribution-notice"]),
                    ),
                    _connector="OR",
                ),
                name="documents_after_the_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("capital_act__isnull", False), ("kind__in", ["capital-call-notice", "distribution-notice"])
                    ),
                    models.Q(
                        models.Q(("kind__in", ["capital-call-notice", "distribution-notice"]), _negated=True),
                        ("capital_act", None),
                    ),
                    _connector="OR",
                ),
                name="documents_notice_of_an_act",
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
                        (
                            "kind__in",
                            ["tax-certificate", "tax-statement", "capital-call-notice", "distribution-notice"],
                        ),
                        ("organisation", None),
                    ),
                    _connector="OR",
                ),
                name="documents_one_recipient",
            ),
        ),
        ApplySql(SQL / "run_guard.sql"),
        ApplySql(SQL / "notice_guard.sql"),
    ]
