"""Classes of a fund's capital, and what two people did to it."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0008_citr"),
        ("ledger", "0017_fund_capital"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CapitalAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commitment", "Commitment"),
                            ("cancellation", "Cancelled commitment"),
                            ("call", "Capital call"),
                            ("call-withdrawal", "Call withdrawn"),
                            ("payment", "Paid in on a call"),
                            ("management-fee", "Management fee"),
                            ("result", "Result shared"),
                            ("distribution", "Distribution"),
                            ("reversal", "Reversal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("effective_on", models.DateField()),
                ("words", models.CharField(max_length=500)),
                ("content", models.TextField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("line_count", models.PositiveIntegerField()),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="capital_acts", to="ledger.book"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="investors.capitalact",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="CapitalDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="investors.capitalact"
                    ),
                ),
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
            ],
        ),
        migrations.CreateModel(
            name="FeeAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("base", models.CharField(max_length=20)),
                ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["effective_on"],
            },
        ),
        migrations.CreateModel(
            name="FundClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("rank", models.PositiveSmallIntegerField()),
                ("target_return", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ("return_cap", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ("unpaid", models.CharField(choices=[("accrues", "Accrues"), ("lapses", "Lapses")], max_length=10)),
                ("takes_rest", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "code"],
            },
        ),
        migrations.CreateModel(
            name="CapitalLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_number", models.PositiveIntegerField()),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("signed", "Committed"),
                            ("cancelled", "Cancelled"),
                            ("called", "Called"),
                            ("call-withdrawn", "Call withdrawn"),
                            ("paid-in", "Paid in"),
                            ("income", "Income"),
                            ("fee", "Management fee"),
                            ("impairment", "Losses"),
                            ("income-distributed", "Income distributed"),
                            ("capital-returned", "Capital returned"),
                            ("recallable", "Capital returned, may be called again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("residue", models.BigIntegerField(default=0)),
                ("why", models.TextField(blank=True, default="")),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="investors.capitalact"
                    ),
                ),
                (
                    "investor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capital_lines",
                        to="investors.investor",
                    ),
                ),
                (
                    "fund_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="investors.fundclass"
                    ),
                ),
            ],
            options={
                "ordering": ["act", "line_number"],
            },
        ),
        migrations.AddConstraint(
            model_name="capitalact",
            constraint=models.UniqueConstraint(fields=("book", "number"), name="investors_capital_acts_count"),
        ),
        migrations.AddConstraint(
            model_name="capitalact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                    models.Q(models.Q(("kind", "reversal"), _negated=True), ("reverses", None)),
                    _connector="OR",
                ),
                name="investors_a_reversal_names_its_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="capitaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "approved"), ("approval", None), _connector="OR"),
                name="investors_declined_without_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="feeagreement",
            constraint=models.UniqueConstraint(
                fields=("book", "effective_on"), name="investors_one_fee_agreement_per_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="feeagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="investors_fee_rate_is_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundclass",
            constraint=models.UniqueConstraint(fields=("book", "code"), name="investors_one_class_per_code"),
        ),
        migrations.AddConstraint(
            model_name="fundclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1)), name="investors_class_rank_from_one"
            ),
        ),
        migrations.AddIndex(
            model_name="capitalline",
            index=models.Index(fields=["investor", "fund_class"], name="investors_lines_of_holder"),
        ),
        migrations.AddConstraint(
            model_name="capitalline",
            constraint=models.UniqueConstraint(fields=("act", "line_number"), name="investors_capital_lines_count"),
        ),
        migrations.AddConstraint(
            model_name="capitalline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("effect__in", ("income", "fee", "impairment")), _connector="OR"),
                name="investors_capital_line_is_sane",
            ),
        ),
        ApplySql(SQL / "capital_guard.sql"),
        MakeAppendOnly("investors_fundclass"),
        MakeAppendOnly("investors_feeagreement"),
        MakeAppendOnly("investors_capitalact"),
        MakeAppendOnly("investors_capitalline"),
        MakeAppendOnly("investors_capitaldecision"),
    ]
