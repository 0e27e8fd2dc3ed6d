"""The documents that were issued, and their bytes."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("borrowers", "0001_initial"),
        ("investors", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="DocumentFile",
                    fields=[
                        ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("content", models.BinaryField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "sha256",
                                        models.Func(
                                            models.Func(models.F("content"), function="sha256"),
                                            models.Value("hex"),
                                            function="encode",
                                        ),
                                    )
                                ),
                                name="documents_file_is_its_hash",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                            ),
                        ),
                        ("period_start", models.DateField()),
                        (
                            "period_end",
                            models.DateField(help_text="The first day that no longer belongs to the period."),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("final", "Final"), ("provisional", "Provisional")], max_length=12
                            ),
                        ),
                        ("seal", models.CharField(max_length=200)),
                        ("issued_on", models.DateField()),
                        ("planned", models.JSONField()),
                        (
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("prepared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["book", "-period_end", "-id"], name="documents_runs_of_period")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("period_start__lt", models.F("period_end"))),
                                name="documents_run_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["final", "provisional"])),
                                name="documents_run_status_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="documents.statementrun",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("published", "Published"), ("declined", "Declined")], max_length=10
                            ),
                        ),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "approval",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.approval",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("outcome", "published")),
                                    models.Q(("approval", None), ("outcome", "declined")),
                                    _connector="OR",
                                ),
                                name="documents_published_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                        ("subject", models.CharField(max_length=80)),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.investor",
                            ),
                        ),
                        ("period_start", models.DateField()),
                        (
                            "period_end",
                            models.DateField(help_text="The first day that no longer belongs to the period."),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("final", "Final"), ("provisional", "Provisional")], max_length=12
                            ),
                        ),
                        ("number", models.CharField(max_length=120)),
                        ("revision", models.PositiveSmallIntegerField()),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="documents.document",
                            ),
                        ),
                        (
                            "prepared",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="document",
                                to="documents.preparedstatement",
                            ),
                        ),
                        (
                            "capital_act",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="investors.capitalact",
                            ),
                        ),
                        (
                            "payout_line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="investors.payoutline",
                            ),
                        ),
                        (
                            "participation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="investors.participation",
                            ),
                        ),
                        ("seal", models.CharField(max_length=200)),
                        ("renderer", models.CharField(max_length=200)),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="documents.documentfile",
                            ),
                        ),
                        ("size", models.PositiveIntegerField(help_text="Bytes of the file.")),
                        ("issued_on", models.DateField()),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("issued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-period_end", "-pk"],
                        "indexes": [
                            models.Index(fields=["organisation", "-period_end"], name="documents_of_organisation"),
                            models.Index(fields=["investor", "-period_end"], name="documents_of_investor"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind__in", ["auditors-pack", "tax-statement"]), _negated=True),
                                fields=("book", "kind", "subject", "period_start", "period_end", "status", "seal"),
                                name="documents_once_for_what_it_knew",
                            ),
                            models.UniqueConstraint(
                                fields=("book", "kind", "subject", "period_start", "period_end", "revision"),
                                name="documents_one_of_each_revision",
                            ),
                            models.UniqueConstraint(fields=("book", "number"), name="documents_one_of_each_number"),
                            models.CheckConstraint(
                                condition=models.Q(("period_start__lt", models.F("period_end"))),
                                name="documents_period",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["final", "provisional"])),
                                name="documents_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("capital_act__isnull", False),
                                        ("kind__in", ["capital-call-notice", "distribution-notice"]),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("kind__in", ["capital-call-notice", "distribution-notice"]), _negated=True
                                        ),
                                        ("capital_act", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="documents_notice_of_an_act",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "payout-notice"), ("payout_line__isnull", False)),
                                    models.Q(models.Q(("kind", "payout-notice"), _negated=True), ("payout_line", None)),
                                    _connector="OR",
                                ),
                                name="documents_notice_of_a_payout",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("investor__isnull", True),
                                        ("kind", "loan-statement"),
                                        ("organisation__isnull", False),
                                    ),
                                    models.Q(
                                        ("investor__isnull", False),
                                        ("kind", "investor-statement"),
                                        ("organisation__isnull", True),
                                    ),
                                    models.Q(
                                        ("investor__isnull", True),
                                        ("kind", "auditors-pack"),
                                        ("organisation__isnull", True),
                                    ),
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "loan-participation"), ("participation__isnull", False)),
                                    models.Q(
                                        models.Q(("kind", "loan-participation"), _negated=True), ("participation", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="documents_certificate_of_a_part",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("replaces__isnull", True), ("revision", 1)),
                                    models.Q(("replaces__isnull", False), ("revision__gt", 1)),
                                    _connector="OR",
                                ),
                                name="documents_revision_says_what_it_replaces",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PreparedStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prepared",
                                to="documents.statementrun",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                        ("subject", models.CharField(max_length=80)),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.investor",
                            ),
                        ),
                        ("number", models.CharField(max_length=120)),
                        ("revision", models.PositiveSmallIntegerField()),
                        (
                            "replaces",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.document",
                            ),
                        ),
                        (
                            "stands",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.document",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.documentfile",
                            ),
                        ),
                        ("size", models.PositiveIntegerField()),
                        ("renderer", models.CharField(max_length=200)),
                        ("figures_sha256", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["kind", "subject"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "kind", "subject"), name="documents_prepared_once")
                        ],
                    },
                ),
            ]
        )
    ]
