"""Community Investment Tax Relief: accreditation, investments, certificates, and which loans are relevant."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

TABLES = ("period", "investment", "required", "movement", "ending", "mark", "certificate", "certificatedecision")


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0007_transfers"),
        ("ledger", "0016_sales_of_participations"),
        ("loans", "0019_accrued_through"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CitrCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("committed", models.BigIntegerField()),
                ("invested_on", models.DateField()),
                ("due_by", models.DateField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "proposed_by",
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
            name="CitrInvestment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("loan", "Loan"), ("shares", "Shares")], max_length=10)),
                ("committed", models.BigIntegerField()),
                ("invested_on", models.DateField()),
                ("drawdown_until", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "investor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citr_investments",
                        to="investors.investor",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["invested_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CitrCertificateDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(choices=[("issued", "Issued"), ("declined", "Declined")], max_length=10)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "approval",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="investors.citrcertificate",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "certifies",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certified",
                        to="investors.citrinvestment",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="citrcertificate",
            name="investment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="investors.citrinvestment"
            ),
        ),
        migrations.CreateModel(
            name="CitrMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("is_relevant", models.BooleanField()),
                ("case", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("distributes_profit", models.BooleanField(default=False)),
                ("agreed_to_count", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citr_marks", to="loans.loan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["effective_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CitrMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drawdown", "Drawn down"),
                            ("repayment", "Repaid or withdrawn"),
                            ("value", "Value received otherwise"),
                        ],
                        max_length=10,
                    ),
                ),
                ("moved_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("is_standard", models.BooleanField(db_default=True, default=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "investment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="investors.citrinvestment",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="investors.citrmovement",
                    ),
                ),
            ],
            options={
                "ordering": ["moved_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CitrPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("retail", "Retail"), ("wholesale", "Wholesale")], max_length=10)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("applied_for", models.BigIntegerField()),
                ("reference", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="CitrEnding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("disposed", "the investor disposed of all or a part of the loan"),
                            ("repaid", "the loan was wholly repaid"),
                            ("over-limits", "repayments or value received exceeded the permitted limits"),
                            ("accreditation-lost", "the institution lost its accreditation"),
                            ("investor-accredited", "the investor became an accredited institution itself"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "investment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endings",
                        to="investors.citrinvestment",
                    ),
                ),
                (
                    "period",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loss",
                        to="investors.citrperiod",
                    ),
                ),
            ],
            options={
                "ordering": ["ended_on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="citrcertificate",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="investors.citrperiod"
            ),
        ),
        migrations.CreateModel(
            name="CitrRequired",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                (
                    "investment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="required",
                        to="investors.citrinvestment",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="citrinvestment",
            constraint=models.CheckConstraint(
                condition=models.Q(("committed__gt", 0), ("committed__lt", 1000000000000000)),
                name="investors_citr_investment_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrcertificatedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approval__isnull", False),
                        ("certifies__isnull", False),
                        ("issued_on__isnull", False),
                        ("outcome", "issued"),
                    ),
                    models.Q(("approval", None), ("certifies", None), ("issued_on", None), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="investors_certified_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__in", [1, 2, 3]), ("is_relevant", True)),
                    models.Q(("case", None), ("is_relevant", False)),
                    _connector="OR",
                ),
                name="investors_citr_relevant_by_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="investors_citr_movement_is_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="citrperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_for__gt", 0), ("starts_on__lt", models.F("ends_on"))),
                name="investors_citr_period_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by__in", ["disposed", "investor-accredited"]), ("investment__isnull", False), ("period", None)
                    ),
                    models.Q(("by", "accreditation-lost"), ("investment", None), ("period__isnull", False)),
                    _connector="OR",
                ),
                name="investors_citr_ending_is_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrending",
            constraint=models.UniqueConstraint(
                condition=models.Q(("investment__isnull", False)),
                fields=("investment", "by"),
                name="investors_citr_ended_once_by_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="citrrequired",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="investors_citr_required_is_sane"
            ),
        ),
        ApplySql(SQL / "citr_guard.sql"),
        *(MakeAppendOnly(f"investors_citr{table}") for table in TABLES),
    ]
