"""What the lenders of a loan are asked to agree to, and what each answers."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0004_holdings_moved_in"),
        ("loans", "0003_neighbourhoods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("above_parts", models.PositiveSmallIntegerField(default=1)),
                ("above_of", models.PositiveSmallIntegerField(default=2)),
                ("words", models.CharField(max_length=1000)),
                ("asked_on", models.DateField()),
                ("answer_by", models.DateField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="loans.loan"
                    ),
                ),
                (
                    "participation_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="investors.participationset",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="loans.proposal",
                    ),
                ),
                (
                    "waiver",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="loans.waiverproposal",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agrees", models.BooleanField()),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("answered_on", models.DateField()),
                ("answered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "investor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="investors.investor"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="investors.consentasked"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="consentasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposal__isnull", False), ("waiver", None)),
                    models.Q(("proposal", None), ("waiver__isnull", False)),
                    _connector="OR",
                ),
                name="investors_consent_to_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("above_of__gte", 1), ("above_of__lte", 100), ("above_parts__lt", models.F("above_of"))
                ),
                name="investors_majority_makes_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentasked",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by__gte", models.F("asked_on"))), name="investors_consent_has_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentasked",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="investors_consent_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="investors_a_no_says_why",
            ),
        ),
        MakeAppendOnly("investors_consentasked"),
        MakeAppendOnly("investors_consentanswer"),
        ApplySql(SQL / "consent_guard.sql"),
    ]
