"""Runs of statements, prepared by one person and published by another."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0004_sectors"),
        ("documents", "0002_auditors_packs"),
        ("investors", "0007_transfers"),
        ("ledger", "0016_sales_of_participations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PreparedStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("loan-statement", "Loan statement"),
                            ("investor-statement", "Investor statement"),
                            ("auditors-pack", "Auditor’s pack"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("number", models.CharField(max_length=120)),
                ("revision", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("renderer", models.CharField(max_length=200)),
                ("figures_sha256", models.CharField(max_length=64)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.documentfile"
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
            ],
            options={
                "ordering": ["kind", "subject"],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="prepared",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="document",
                to="documents.preparedstatement",
            ),
        ),
        migrations.CreateModel(
            name="StatementRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(help_text="The first day that no longer belongs to the period.")),
                (
                    "status",
                    models.CharField(choices=[("final", "Final"), ("provisional", "Provisional")], max_length=12),
                ),
                ("seal", models.CharField(max_length=200)),
                ("issued_on", models.DateField()),
                ("planned", models.JSONField()),
                ("prepared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RunDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(choices=[("published", "Published"), ("declined", "Declined")], max_length=10),
                ),
                ("content_sha256", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "approval",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            ],
        ),
        migrations.AddField(
            model_name="preparedstatement",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="prepared", to="documents.statementrun"
            ),
        ),
        migrations.AddIndex(
            model_name="statementrun",
            index=models.Index(fields=["book", "-period_end", "-id"], name="documents_runs_of_period"),
        ),
        migrations.AddConstraint(
            model_name="statementrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_start__lt", models.F("period_end"))), name="documents_run_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["final", "provisional"])), name="documents_run_status_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="rundecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("outcome", "published")),
                    models.Q(("approval", None), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="documents_published_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedstatement",
            constraint=models.UniqueConstraint(fields=("run", "kind", "subject"), name="documents_prepared_once"),
        ),
        ApplySql(SQL / "run_guard.sql"),
        MakeAppendOnly("documents_statementrun"),
        MakeAppendOnly("documents_preparedstatement"),
        MakeAppendOnly("documents_rundecision"),
    ]
