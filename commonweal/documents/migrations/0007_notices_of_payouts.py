"""Notices of payouts: what is paid to an investor out of the money held for it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0006_impact"),
        ("documents", "0006_participation_certificates"),
        ("investors", "0015_the_funds_deed"),
        ("ledger", "0020_restricted_grants"),
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
            name="payout_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="investors.payoutline",
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
                    ("payout-notice", "Payout notice"),
                    ("loan-participation", "Loan participation certificate"),
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
                    ("payout-notice", "Payout notice"),
                    ("loan-participation", "Loan participation certificate"),
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
                        (
                            "kind__in",
                            (
                                "tax-certificate",
                                "loan-participation",
                                "capital-call-notice",
                                "distribution-notice",
                                "payout-notice",
                            ),
                        ),
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
                    models.Q(("kind", "payout-notice"), ("payout_line__isnull", False)),
                    models.Q(models.Q(("kind", "payout-notice"), _negated=True), ("payout_line", None)),
                    _connector="OR",
                ),
                name="documents_notice_of_a_payout",
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
                            (
                                "tax-certificate",
                                "tax-statement",
                                "loan-participation",
                                "capital-call-notice",
                                "distribution-notice",
                                "payout-notice",
                            ),
                        ),
                        ("organisation", None),
                    ),
                    _connector="OR",
                ),
                name="documents_one_recipient",
            ),
        ),
        ApplySql(SQL / "notice_guard.sql"),
    ]
