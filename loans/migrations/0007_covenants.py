"""Covenants, the waivers of their breaches, and who else funds a loan's project; all of them only grow."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
import djmoney.models.fields
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

BINDINGS = (
    (
        "loans_waiverdecision",
        "loans_waiver_is_what_was_approved",
        "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
    (
        "loans_waiverdecision",
        "loans_waiver_is_what_was_proposed",
        "FOREIGN KEY (proposal_id, content_sha256) REFERENCES loans_waiverproposal (id, content_sha256)",
    ),
    (
        "loans_projectfunding",
        "loans_replaces_funding_of_this_loan",
        "FOREIGN KEY (replaces_id, loan_id) REFERENCES loans_projectfunding (id, loan_id)",
    ),
)

ONLY_GROW = ("covenant", "covenantend", "waiverproposal", "waiverdecision", "projectfunding")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0006_standings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Covenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("debt_service_cover", "Debt service cover"),
                            ("interest_cover", "Interest cover"),
                            ("gearing", "Gearing"),
                            ("current_ratio", "Current ratio"),
                            ("minimum_cash", "Minimum cash"),
                            ("minimum_income", "Minimum income"),
                            ("maximum_overdue", "Overdue to others"),
                        ],
                        max_length=30,
                    ),
                ),
                ("threshold", models.DecimalField(decimal_places=4, max_digits=16)),
                ("near_margin", models.DecimalField(decimal_places=4, max_digits=5)),
                (
                    "over_months",
                    models.PositiveSmallIntegerField(help_text="Months whose flows add up; 0 where none do."),
                ),
                ("every_months", models.PositiveSmallIntegerField()),
                ("first_test_on", models.DateField(help_text="The last day of a month.")),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(help_text="Days after a test in which the figures are due."),
                ),
                ("agreed_on", models.DateField()),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("agreed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "agreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covenants", to="loans.loan"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CovenantEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "covenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="loans.covenant"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProjectFunding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funder", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grant", "grant"),
                            ("loan", "loan"),
                            ("equity", "equity or community shares"),
                            ("own_money", "own money"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "amount_currency",
                    djmoney.models.fields.CurrencyField(
                        choices=[("GBP", "GBP"), ("EUR", "EUR")], default=None, editable=False, max_length=3
                    ),
                ),
                (
                    "amount",
                    djmoney.models.fields.MoneyField(
                        currency_choices=[("GBP", "GBP"), ("EUR", "EUR")], decimal_places=2, max_digits=14
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("agreed", "agreed"),
                            ("received", "received"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("status_on", models.DateField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="project_funding", to="loans.loan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="loans.projectfunding",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WaiverProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tested_on", models.DateField()),
                ("value", models.CharField(blank=True, default="", max_length=80)),
                ("reason", models.CharField(max_length=500)),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_on", models.DateField()),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "covenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="loans.covenant"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WaiverDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_sha256", models.CharField(max_length=64)),
                ("decided_on", models.DateField()),
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
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="loans.waiverproposal"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="covenant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "debt_service_cover",
                            "interest_cover",
                            "gearing",
                            "current_ratio",
                            "minimum_cash",
                            "minimum_income",
                            "maximum_overdue",
                        ],
                    )
                ),
                name="loans_covenant_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="covenant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("near_margin__gte", 0),
                    ("near_margin__lt", 1),
                    ("threshold__gte", 0),
                    ("threshold__lt", 1000000000000),
                ),
                name="loans_covenant_threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="covenant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_days__lte", 366),
                    ("every_months__gte", 1),
                    ("every_months__lte", 12),
                    ("over_months__lte", 24),
                ),
                name="loans_covenant_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectfunding",
            constraint=models.UniqueConstraint(fields=("id", "loan"), name="loans_funding_of_its_loan"),
        ),
        migrations.AddConstraint(
            model_name="projectfunding",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000)), name="loans_funding_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectfunding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["grant", "loan", "equity", "own_money"]),
                    ("status__in", ["applied", "agreed", "received", "withdrawn"]),
                ),
                name="loans_funding_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverproposal",
            constraint=models.UniqueConstraint(fields=("id", "content_sha256"), name="loans_waiver_of_its_content"),
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}", f"ALTER TABLE {table} DROP CONSTRAINT {name}"
            )
            for table, name, rule in BINDINGS
        ],
        ApplySql(SQL / "waiver_guard.sql"),
        *[MakeAppendOnly(f"loans_{table}") for table in ONLY_GROW],
    ]
