"""The figures of accounts, which are restated and never edited."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0002_readings_only_grow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Accounts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(help_text="The first day that no longer belongs to the period.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("management", "management accounts"),
                            ("annual", "annual accounts"),
                            ("audited", "audited or examined accounts"),
                        ],
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("income", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("costs", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("depreciation", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("interest", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("loan_repayments", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("cash", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("current_assets", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("current_liabilities", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("total_debt", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("net_assets", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("overdue", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="borrowers.organisation",
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
                        to="borrowers.accounts",
                    ),
                ),
            ],
            options={
                "ordering": ["period_end", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("organisation", "period_start", "period_end", "kind"),
                        name="borrowers_one_first_accounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lt", models.F("period_end"))),
                        name="borrowers_accounts_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["management", "annual", "audited"])),
                        name="borrowers_accounts_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("income__isnull", True),
                                models.Q(("income__gte", Decimal("0")), ("income__lt", Decimal("1000000000000"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("costs__isnull", True),
                                models.Q(("costs__gte", Decimal("0")), ("costs__lt", Decimal("1000000000000"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("depreciation__isnull", True),
                                models.Q(
                                    ("depreciation__gte", Decimal("0")), ("depreciation__lt", Decimal("1000000000000"))
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("interest__isnull", True),
                                models.Q(("interest__gte", Decimal("0")), ("interest__lt", Decimal("1000000000000"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("loan_repayments__isnull", True),
                                models.Q(
                                    ("loan_repayments__gte", Decimal("0")),
                                    ("loan_repayments__lt", Decimal("1000000000000")),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("cash__isnull", True),
                                models.Q(("cash__gte", Decimal("0")), ("cash__lt", Decimal("1000000000000"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("current_assets__isnull", True),
                                models.Q(
                                    ("current_assets__gte", Decimal("0")),
                                    ("current_assets__lt", Decimal("1000000000000")),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("current_liabilities__isnull", True),
                                models.Q(
                                    ("current_liabilities__gte", Decimal("0")),
                                    ("current_liabilities__lt", Decimal("1000000000000")),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("total_debt__isnull", True),
                                models.Q(
                                    ("total_debt__gte", Decimal("0")), ("total_debt__lt", Decimal("1000000000000"))
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("net_assets__isnull", True),
                                models.Q(
                                    ("net_assets__gte", Decimal("-1000000000000")),
                                    ("net_assets__lt", Decimal("1000000000000")),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("overdue__isnull", True),
                                models.Q(("overdue__gte", Decimal("0")), ("overdue__lt", Decimal("1000000000000"))),
                                _connector="OR",
                            ),
                        ),
                        name="borrowers_accounts_are_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="borrowers_restatement_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT ledger_make_append_only('borrowers_accounts')", migrations.RunSQL.noop),
    ]
