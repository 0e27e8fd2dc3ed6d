"""Investors are paid out by two people, with tax withheld from interest where it is due; a person may be an investor."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0010_borrowings"),
        ("ledger", "0019_payouts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="investor",
            name="kind",
            field=models.CharField(
                choices=[
                    ("regional-bank", "Regional bank"),
                    ("social-investor", "Social investor"),
                    ("foundation", "Foundation"),
                    ("public-funder", "Public funder"),
                    ("individual", "Individual"),
                    ("own-funds", "Own funds"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("line_count", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
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
            name="PayoutDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10),
                ),
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
                    "payout",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="investors.payout"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayoutLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_no", models.PositiveSmallIntegerField()),
                ("amount", models.BigIntegerField()),
                ("stays", models.BigIntegerField()),
                ("interest", models.BigIntegerField()),
                ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
                ("tax", models.BigIntegerField()),
                (
                    "investor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="investors.investor"
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="investors.payout"
                    ),
                ),
            ],
            options={
                "ordering": ["payout", "line_no"],
            },
        ),
        migrations.CreateModel(
            name="PayoutTakenBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("taken_back_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "came_back",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="investors.payoutline",
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaxTreatment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
                ("reason", models.CharField(max_length=500)),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "investor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_treatments",
                        to="investors.investor",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-effective_on", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_count__gte", 1)), name="investors_payout_pays_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("outcome", "approved")),
                    models.Q(("approval", None), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="investors_paid_out_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutline",
            constraint=models.UniqueConstraint(
                fields=("payout", "line_no"), name="investors_one_payout_line_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutline",
            constraint=models.UniqueConstraint(fields=("payout", "investor"), name="investors_one_payout_line_each"),
        ),
        migrations.AddConstraint(
            model_name="payoutline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    ("amount__lt", 1000000000000000),
                    ("interest__gte", 0),
                    ("interest__lte", models.F("amount")),
                    ("stays__gte", 0),
                    ("rate__gte", 0),
                    ("rate__lt", 1),
                    ("tax__gte", 0),
                    ("tax__lte", models.F("interest")),
                ),
                name="investors_payout_line_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="payouttakenback",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="investors_taken_back_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxtreatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="investors_tax_rate_is_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxtreatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="investors_tax_has_a_reason"
            ),
        ),
        ApplySql(SQL / "payout_guard.sql"),
        MakeAppendOnly("investors_payout"),
        MakeAppendOnly("investors_payoutline"),
        MakeAppendOnly("investors_payoutdecision"),
        MakeAppendOnly("investors_payouttakenback"),
        MakeAppendOnly("investors_taxtreatment"),
    ]
