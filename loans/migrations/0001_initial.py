"""What was lent, what is due, what was paid."""

import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
import djmoney.models.fields
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("borrowers", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="BaseRateIndex",
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
                        ("code", models.SlugField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="loans_one_index_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BaseRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "index",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rates",
                                to="loans.baserateindex",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="loans.baserate",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-effective_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("annual_rate__gt", -1), ("annual_rate__lt", 1)),
                                name="loans_base_rate_is_a_fraction",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitSetting",
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
                        ("scheme", models.CharField(choices=[("bacs", "Bacs"), ("sepa", "SEPA core")], max_length=4)),
                        ("effective_on", models.DateField()),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.bankaccount"
                            ),
                        ),
                        ("identifier", models.CharField(max_length=35)),
                        ("creditor_name", models.CharField(max_length=70)),
                        ("bic", models.CharField(blank=True, default="", max_length=11)),
                        ("notice_days", models.PositiveSmallIntegerField()),
                        ("notice_in_working_days", models.BooleanField()),
                        ("presents_again", models.BooleanField(default=True)),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-effective_on", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="GuaranteeScheme",
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
                        ("code", models.SlugField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="loans_one_scheme_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MovingIn",
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
                        ("number", models.PositiveIntegerField()),
                        ("cut_over_on", models.DateField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("prepared", "Being tried"),
                                    ("refused", "Would fail"),
                                    ("ready", "Waiting for a second person"),
                                    ("confirmed", "Moving in"),
                                    ("done", "Moved in"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="prepared",
                                max_length=10,
                            ),
                        ),
                        ("found", models.JSONField(null=True)),
                        ("brought", models.JSONField(null=True)),
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
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("prepared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "number"), name="loans_one_moving_in_per_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("state__in", ["confirmed", "done"])),
                                    models.Q(
                                        ("approval__isnull", True),
                                        ("state__in", ["prepared", "refused", "ready", "withdrawn"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_moving_in_is_confirmed_by_approval",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), ("withdrawn_by__isnull", False)),
                                    models.Q(
                                        models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_by__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_moving_in_names_who_withdrew",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MovingInFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "moving_in",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="loans.movingin"
                            ),
                        ),
                        ("part", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("moving_in", "part"), name="loans_one_file_per_part")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MovingInFinding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "moving_in",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="loans.movingin",
                            ),
                        ),
                        ("place", models.PositiveIntegerField()),
                        ("part", models.CharField(max_length=30)),
                        ("row", models.PositiveIntegerField()),
                        ("column", models.CharField(blank=True, max_length=60)),
                        ("message", models.CharField(max_length=700)),
                    ],
                    options={
                        "ordering": ["place"],
                        "constraints": [
                            models.UniqueConstraint(fields=("moving_in", "place"), name="loans_findings_in_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NumberSeries",
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
                            "series",
                            models.CharField(
                                choices=[("A", "Applications"), ("L", "Loans"), ("M", "Books of loans moved in")],
                                max_length=1,
                            ),
                        ),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "series"), name="loans_one_number_series")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
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
                        ("code", models.SlugField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        ("payment_prefix", models.CharField(max_length=10)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="loans_one_product_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="loans.product"
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField()),
                        ("effective_on", models.DateField()),
                        (
                            "min_amount_currency",
                            djmoney.models.fields.CurrencyField(
                                choices=[("GBP", "GBP"), ("EUR", "EUR")], default=None, editable=False, max_length=3
                            ),
                        ),
                        (
                            "min_amount",
                            djmoney.models.fields.MoneyField(
                                currency_choices=[("GBP", "GBP"), ("EUR", "EUR")], decimal_places=2, max_digits=14
                            ),
                        ),
                        (
                            "max_amount_currency",
                            djmoney.models.fields.CurrencyField(
                                choices=[("GBP", "GBP"), ("EUR", "EUR")], default=None, editable=False, max_length=3
                            ),
                        ),
                        (
                            "max_amount",
                            djmoney.models.fields.MoneyField(
                                currency_choices=[("GBP", "GBP"), ("EUR", "EUR")], decimal_places=2, max_digits=14
                            ),
                        ),
                        ("min_months", models.PositiveSmallIntegerField()),
                        ("max_months", models.PositiveSmallIntegerField()),
                        ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        (
                            "index",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.baserateindex",
                            ),
                        ),
                        ("margin", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("floor", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("cap", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("resets_every", models.CharField(blank=True, max_length=6)),
                        ("notice_days", models.PositiveSmallIntegerField(default=0)),
                        ("brings", models.JSONField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "version"), name="loans_one_product_version_per_number"
                            ),
                            models.UniqueConstraint(fields=("id", "product"), name="loans_version_of_its_product"),
                            models.CheckConstraint(
                                condition=models.Q(("min_amount__gt", 0), ("min_amount__lt", 1000000000000)),
                                name="loans_version_min_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("max_amount__gt", 0), ("max_amount__lt", 1000000000000)),
                                name="loans_version_max_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("min_amount__lte", models.F("max_amount")),
                                    ("min_amount_currency", models.F("max_amount_currency")),
                                    ("min_months__gte", 1),
                                    ("min_months__lte", models.F("max_months")),
                                ),
                                name="loans_version_limits_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("annual_rate__gte", 0),
                                        ("annual_rate__lt", 1),
                                        ("index__isnull", True),
                                        ("margin__isnull", True),
                                    ),
                                    models.Q(
                                        ("annual_rate__isnull", True),
                                        ("index__isnull", False),
                                        ("margin__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_version_has_one_price",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductFee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fees",
                                to="loans.productversion",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("arrangement", "Arrangement"),
                                    ("commitment", "Commitment"),
                                    ("rearrangement", "Rearrangement"),
                                    ("late", "Late"),
                                    ("other", "Other"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ("share", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        (
                            "settlement",
                            models.CharField(
                                choices=[("paid", "paid"), ("deducted", "deducted"), ("capitalised", "capitalised")],
                                max_length=12,
                            ),
                        ),
                        (
                            "recognition",
                            models.CharField(
                                choices=[("at once", "at once"), ("over the term", "over the term")], max_length=15
                            ),
                        ),
                        ("grace_days", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("share__isnull", True)),
                                    models.Q(("amount__isnull", True), ("share__gt", 0), ("share__lt", 1)),
                                    _connector="OR",
                                ),
                                name="loans_fee_is_an_amount_or_a_share",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProvisionRule",
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
                        ("effective_on", models.DateField()),
                        ("current", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("to_30", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("to_60", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("to_90", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("over_90", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("non_accrual", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-effective_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("current__gte", 0),
                                    ("non_accrual__gte", models.F("over_90")),
                                    ("non_accrual__lte", 1),
                                    ("over_90__gte", models.F("to_90")),
                                    ("to_30__gte", models.F("current")),
                                    ("to_60__gte", models.F("to_30")),
                                    ("to_90__gte", models.F("to_60")),
                                ),
                                name="loans_worse_stages_need_no_less",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProvisionRun",
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
                        ("on", models.DateField()),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="loans.provisionrule",
                            ),
                        ),
                        ("key", models.CharField(max_length=100)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-on"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "on"), name="loans_one_provision_run_a_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnPlan",
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
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("first_start", models.DateField(help_text="The first day of the first period.")),
                        (
                            "every_months",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "monthly"), (3, "quarterly"), (6, "half-yearly"), (12, "yearly")]
                            ),
                        ),
                        (
                            "due_days",
                            models.PositiveSmallIntegerField(
                                help_text="Days after a period in which its return is due."
                            ),
                        ),
                        ("agreed_on", models.DateField()),
                        (
                            "agreed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="loans.returnplan",
                            ),
                        ),
                        (
                            "consented",
                            models.CharField(
                                blank=True, default="", help_text="Who agreed to a change, and how.", max_length=300
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaces__isnull", True)),
                                fields=("book", "organisation"),
                                name="loans_one_first_return_plan",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_days__gte", 8), ("due_days__lte", 183), ("every_months__in", [1, 3, 6, 12])
                                ),
                                name="loans_return_plan_sane",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("replaces__isnull", True),
                                    models.Q(("consented", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="loans_return_plan_change_agreed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImpactReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="loans.returnplan",
                            ),
                        ),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("period_start", models.DateField()),
                        (
                            "period_end",
                            models.DateField(help_text="The first day that no longer belongs to the period."),
                        ),
                        ("due_on", models.DateField()),
                        ("opened_on", models.DateField()),
                        ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["period_end", "pk"],
                        "indexes": [models.Index(fields=["book", "due_on"], name="loans_returns_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "organisation", "period_end"), name="loans_one_return_per_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period_end__lt", models.F("due_on")), ("period_start__lt", models.F("period_end"))
                                ),
                                name="loans_return_dates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="loans.returnplan",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["place"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "place"), name="loans_one_question_per_place"),
                            models.UniqueConstraint(fields=("plan", "indicator"), name="loans_asked_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnSent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "impact_return",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sent",
                                to="loans.impactreturn",
                            ),
                        ),
                        ("sent_on", models.DateField()),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="SchemeParameters",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scheme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="loans.guaranteescheme",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("share", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("recovery_share", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("least", models.BigIntegerField()),
                        ("most", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("max_months", models.PositiveSmallIntegerField()),
                        ("claim_after_days", models.PositiveSmallIntegerField()),
                        ("source", models.CharField(max_length=500)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["scheme", "-effective_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("scheme", "effective_on"), name="loans_one_scheme_version_a_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("recovery_share__gte", 0),
                                    ("recovery_share__lte", 1),
                                    ("share__gt", 0),
                                    ("share__lte", 1),
                                ),
                                name="loans_scheme_shares_are_sane",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Authority",
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
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("brought_in", "Brought in"),
                                    ("drawn", "Drawdown"),
                                    ("repaid", "Repayment"),
                                    ("refunded", "Refund"),
                                    ("rate_changed", "Change of rate"),
                                    ("fee_charged", "Fee"),
                                    ("waived", "Waiver"),
                                    ("holiday_granted", "Repayment holiday"),
                                    ("restructured", "Restructure"),
                                    ("suspended", "Non-accrual"),
                                    ("resumed", "Return to accrual"),
                                    ("written_off", "Write-off"),
                                    ("recovered", "Recovery"),
                                    ("reversed", "Reversal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("limit", models.BigIntegerField()),
                        ("effective_on", models.DateField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["effective_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("limit__gte", 0)), name="loans_authority_limit"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person", None),
                                    models.Q(("person", models.F("set_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="loans_authority_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
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
                        ("reference", models.CharField(max_length=20)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="loans.product",
                            ),
                        ),
                        (
                            "product_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.productversion"
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
                        ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("months", models.PositiveSmallIntegerField()),
                        ("first_due_on", models.DateField()),
                        (
                            "day_count",
                            models.CharField(
                                choices=[
                                    ("actual/365f", "actual/365f"),
                                    ("actual/360", "actual/360"),
                                    ("actual/actual-isda", "actual/actual-isda"),
                                    ("30e/360", "30e/360"),
                                    ("30e/360-isda", "30e/360-isda"),
                                    ("30/360-bond", "30/360-bond"),
                                    ("nominal", "nominal"),
                                    ("actual/actual-31-dec", "actual/actual-31-dec"),
                                    ("actual/actual-leap-period", "actual/actual-leap-period"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("calendar", models.CharField(blank=True, max_length=20)),
                        ("content", models.JSONField()),
                        ("purpose", models.CharField(max_length=500)),
                        ("applied_on", models.DateField()),
                        (
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("prepared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("sent_back", "Sent back"),
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-applied_on", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "reference"), name="loans_one_application_per_reference"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000)),
                                name="loans_application_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "submitted", "sent_back", "approved", "declined"])
                                ),
                                name="loans_application_status",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitRun",
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
                        ("number", models.PositiveIntegerField()),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("collect", "Collections"), ("instruct", "Instructions")], max_length=8
                            ),
                        ),
                        (
                            "setting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="loans.debitsetting",
                            ),
                        ),
                        ("collect_on", models.DateField()),
                        ("made_on", models.DateField()),
                        ("total", models.BigIntegerField()),
                        ("file", models.TextField()),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "number"), name="loans_one_debit_run_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitDecision",
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
                                to="loans.debitrun",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=9,
                            ),
                        ),
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
                        ("decided_on", models.DateField()),
                        ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("decision", "approved")),
                                    models.Q(("approval__isnull", True), ("decision__in", ["declined", "withdrawn"])),
                                    _connector="OR",
                                ),
                                name="loans_debit_run_approved_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Loan",
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
                        ("reference", models.CharField(max_length=20)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loans",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="loans.product"
                            ),
                        ),
                        (
                            "application",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loan",
                                to="loans.application",
                            ),
                        ),
                        (
                            "moved_in",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loans",
                                to="loans.movingin",
                            ),
                        ),
                        ("payment_reference", models.CharField(max_length=20)),
                        ("currency", models.CharField(max_length=3)),
                        ("approved_on", models.DateField()),
                        ("next_action_on", models.DateField(blank=True, null=True)),
                        ("accrued_through", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["reference", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_action_on__isnull", False)),
                                fields=["book", "next_action_on"],
                                name="loans_with_something_to_do",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "reference"), name="loans_one_loan_per_reference"),
                            models.UniqueConstraint(
                                fields=("book", "payment_reference"), name="loans_one_loan_per_payment_reference"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("application__isnull", False), ("moved_in__isnull", True)),
                                    models.Q(("application__isnull", True), ("moved_in__isnull", False)),
                                    _connector="OR",
                                ),
                                name="loans_loan_has_one_origin",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Instalment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="instalments", to="loans.loan"
                            ),
                        ),
                        ("no", models.PositiveSmallIntegerField()),
                        ("due_on", models.DateField()),
                        ("nominal_due_on", models.DateField()),
                        ("principal", models.BigIntegerField()),
                        ("interest", models.BigIntegerField()),
                        ("balance", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["no"],
                        "indexes": [models.Index(fields=["due_on"], name="loans_instalments_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "no"), name="loans_one_instalment_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImpactTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="impact_targets",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
                            ),
                        ),
                        ("baseline", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ("baseline_on", models.DateField(blank=True, null=True)),
                        ("target", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("target_by", models.DateField()),
                        (
                            "agreed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("loan", "indicator"), name="loans_one_target_per_indicator"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("baseline__isnull", True), ("baseline_on__isnull", True)),
                                    models.Q(
                                        ("baseline__isnull", False),
                                        ("baseline_on__isnull", False),
                                        ("baseline_on__lt", models.F("target_by")),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_target_after_baseline",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoryLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="history", to="loans.loan"
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        ("on", models.DateField()),
                        ("what", models.CharField(max_length=300)),
                        ("amount", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "ordering": ["on", "row", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("loan", "row", "on", "what"), name="loans_history_is_told_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BorrowerRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="loans.loan"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("holiday", "A pause"), ("new_terms", "New terms")], max_length=10
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("message", models.CharField(blank=True, default="", max_length=1000)),
                        ("asked_on", models.DateField()),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Booking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="loans.loan"
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("booked_on", models.DateField()),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        ("principal", models.BigIntegerField()),
                        ("interest", models.BigIntegerField()),
                        ("fees", models.BigIntegerField()),
                        ("default_interest", models.BigIntegerField()),
                        ("in_advance", models.BigIntegerField()),
                        ("suspended", models.BigIntegerField()),
                        ("default_suspended", models.BigIntegerField()),
                        ("not_earned", models.BigIntegerField()),
                        ("recovered", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["loan", "booked_on"], name="loans_bookings_of_a_loan")],
                    },
                ),
                migrations.CreateModel(
                    name="LoanTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="loans.loan"
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField()),
                        ("effective_on", models.DateField()),
                        (
                            "principal_currency",
                            djmoney.models.fields.CurrencyField(
                                choices=[("GBP", "GBP"), ("EUR", "EUR")], default=None, editable=False, max_length=3
                            ),
                        ),
                        (
                            "principal",
                            djmoney.models.fields.MoneyField(
                                currency_choices=[("GBP", "GBP"), ("EUR", "EUR")], decimal_places=2, max_digits=14
                            ),
                        ),
                        ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("months", models.PositiveSmallIntegerField()),
                        ("first_due_on", models.DateField()),
                        (
                            "day_count",
                            models.CharField(
                                choices=[
                                    ("actual/365f", "actual/365f"),
                                    ("actual/360", "actual/360"),
                                    ("actual/actual-isda", "actual/actual-isda"),
                                    ("30e/360", "30e/360"),
                                    ("30e/360-isda", "30e/360-isda"),
                                    ("30/360-bond", "30/360-bond"),
                                    ("nominal", "nominal"),
                                    ("actual/actual-31-dec", "actual/actual-31-dec"),
                                    ("actual/actual-leap-period", "actual/actual-leap-period"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("calendar", models.CharField(blank=True, max_length=20)),
                        ("content", models.JSONField()),
                        ("terms_sha256", models.CharField(max_length=64)),
                        (
                            "approval",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "version"), name="loans_one_terms_per_version"),
                            models.UniqueConstraint(fields=("id", "loan"), name="loans_terms_of_their_loan"),
                            models.CheckConstraint(
                                condition=models.Q(("principal__gt", 0), ("principal__lt", 1000000000000)),
                                name="loans_terms_principal",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LossProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loss_proposals",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("specific", "Specific provision"), ("claim", "Guarantee claim")],
                                max_length=10,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(max_length=500)),
                        ("content_sha256", models.CharField(max_length=64)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("id", "content_sha256"), name="loans_loss_proposal_binds_content"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("kind", "claim")),
                                    models.Q(
                                        ("kind", "specific"),
                                        models.Q(("amount__gte", 0), ("amount", None), _connector="OR"),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_loss_proposal_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LossDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="loans.lossproposal",
                            ),
                        ),
                        ("is_approved", models.BooleanField()),
                        (
                            "approval",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.approval",
                            ),
                        ),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                                    models.Q(("approval__isnull", False), ("is_approved", True)),
                                    models.Q(("approval__isnull", True), ("is_approved", False)),
                                    _connector="OR",
                                ),
                                name="loans_loss_decision_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mandate",
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
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="loans.loan"
                            ),
                        ),
                        ("scheme", models.CharField(choices=[("bacs", "Bacs"), ("sepa", "SEPA core")], max_length=4)),
                        ("reference", models.CharField(max_length=35)),
                        ("signed_on", models.DateField()),
                        ("account_name", models.CharField(max_length=70)),
                        ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                        ("account_number", models.CharField(blank=True, default="", max_length=8)),
                        ("iban", models.CharField(blank=True, default="", max_length=34)),
                        ("bic", models.CharField(blank=True, default="", max_length=11)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "scheme", "reference"), name="loans_one_mandate_per_reference"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="loans.mandate"
                            ),
                        ),
                        ("collect_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        ("told_on", models.DateField()),
                        (
                            "given_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("mandate", "collect_on", "told_on", "amount"),
                                name="loans_one_notice_per_day_and_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="loans_notice_of_some_money"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MandateChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="loans.mandate"
                            ),
                        ),
                        (
                            "change",
                            models.CharField(
                                choices=[
                                    ("lodged", "Lodged with the bank"),
                                    ("confirmed", "Confirmed by the bank"),
                                    ("amended", "Amended"),
                                    ("cancelled", "Cancelled"),
                                    ("reinstated", "Reinstated"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "who",
                            models.CharField(
                                choices=[("payer", "The payer"), ("bank", "The bank"), ("fund", "The fund")],
                                max_length=5,
                            ),
                        ),
                        ("code", models.CharField(blank=True, default="", max_length=4)),
                        ("words", models.CharField(blank=True, default="", max_length=300)),
                        ("account_name", models.CharField(blank=True, default="", max_length=70)),
                        ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                        ("account_number", models.CharField(blank=True, default="", max_length=8)),
                        ("iban", models.CharField(blank=True, default="", max_length=34)),
                        ("bic", models.CharField(blank=True, default="", max_length=11)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("change", "amended"), models.Q(("account_name", ""), _negated=True)),
                                    models.Q(models.Q(("change", "amended"), _negated=True), ("account_name", "")),
                                    _connector="OR",
                                ),
                                name="loans_amendment_brings_an_account",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlannedInstalment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned_instalments",
                                to="loans.loan",
                            ),
                        ),
                        ("due_on", models.DateField()),
                        ("since", models.DateField()),
                        ("until", models.DateField(default=datetime.date(9999, 12, 31))),
                        ("principal", models.BigIntegerField()),
                        ("interest", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["loan", "since", "due_on"],
                        "indexes": [models.Index(fields=["due_on"], name="loans_planned_to_fall_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "due_on", "since"), name="loans_one_plan_per_day"),
                            models.CheckConstraint(
                                condition=models.Q(("since__lt", models.F("until"))), name="loans_plan_in_order"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectFunding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="project_funding",
                                to="loans.loan",
                            ),
                        ),
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
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="loans.projectfunding",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("id", "loan"), name="loans_funding_of_its_loan"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000)),
                                name="loans_funding_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["grant", "loan", "equity", "own_money"]),
                                    ("status__in", ["applied", "agreed", "received", "withdrawn"]),
                                ),
                                name="loans_funding_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="loans.loan"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("brought_in", "Brought in"),
                                    ("drawn", "Drawdown"),
                                    ("repaid", "Repayment"),
                                    ("refunded", "Refund"),
                                    ("rate_changed", "Change of rate"),
                                    ("fee_charged", "Fee"),
                                    ("waived", "Waiver"),
                                    ("holiday_granted", "Repayment holiday"),
                                    ("restructured", "Restructure"),
                                    ("suspended", "Non-accrual"),
                                    ("resumed", "Return to accrual"),
                                    ("written_off", "Write-off"),
                                    ("recovered", "Recovery"),
                                    ("reversed", "Reversal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("content", models.JSONField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("cost", models.BigIntegerField(default=0)),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="loans.borrowerrequest",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="loans_proposal_cost")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProposalDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="loans.proposal",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ProvisionLine",
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
                                related_name="lines",
                                to="loans.provisionrun",
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("current", "nothing late"),
                                    ("1-30", "1–30 days late"),
                                    ("31-60", "31–60 days late"),
                                    ("61-90", "61–90 days late"),
                                    ("over-90", "over 90 days late"),
                                    ("non-accrual", "not accruing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("share", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
                        ("principal", models.BigIntegerField()),
                        ("guaranteed", models.BigIntegerField()),
                        ("should", models.BigIntegerField()),
                        ("had", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["run", "loan"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "loan"), name="loans_one_provision_per_loan")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RateNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rate_notices",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "base_rate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="loans.baserate"
                            ),
                        ),
                        ("takes_effect_on", models.DateField()),
                        ("tell_by", models.DateField()),
                        ("old_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("new_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("old_payment", models.BigIntegerField(null=True)),
                        ("new_payment", models.BigIntegerField(null=True)),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["tell_by", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("loan", "base_rate", "takes_effect_on"),
                                name="loans_one_notice_per_rate_and_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "request",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="loans.borrowerrequest",
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[("granted", "Granted"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                                max_length=10,
                            ),
                        ),
                        ("words", models.CharField(blank=True, default="", max_length=1000)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Guarantee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="guarantees", to="loans.loan"
                            ),
                        ),
                        (
                            "parameters",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guarantees",
                                to="loans.schemeparameters",
                            ),
                        ),
                        ("reference", models.CharField(max_length=100)),
                        (
                            "certified_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("certified_on", models.DateField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Standing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="loans.loan"
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("until", models.DateField(default=datetime.date(9999, 12, 31))),
                        ("principal", models.BigIntegerField()),
                        ("interest_due", models.BigIntegerField()),
                        ("fees_due", models.BigIntegerField()),
                        ("default_interest_due", models.BigIntegerField()),
                        ("in_advance", models.BigIntegerField()),
                        ("unpaid_due", models.BigIntegerField()),
                        ("due_that_day", models.BigIntegerField()),
                        ("oldest_unpaid_due_on", models.DateField(null=True)),
                        ("drawn", models.BigIntegerField()),
                        ("written_off", models.BigIntegerField()),
                        ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("is_suspended", models.BooleanField(default=False)),
                        ("restructured_on", models.DateField(null=True)),
                        ("matures_on", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["loan", "effective_on"],
                        "indexes": [models.Index(fields=["until", "effective_on"], name="loans_standings_of_a_date")],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "effective_on"), name="loans_one_standing_per_day"),
                            models.CheckConstraint(
                                condition=models.Q(("effective_on__lt", models.F("until"))),
                                name="loans_standing_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("opaque_name", models.CharField(max_length=32, unique=True)),
                        (
                            "book",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("accounts", "Accounts"),
                                    ("governing", "Governing document"),
                                    ("agreement", "Agreement"),
                                    ("evidence", "Evidence"),
                                    ("other", "Other"),
                                    ("internal", "Internal, for the fund’s staff alone"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "content_type",
                            models.CharField(
                                choices=[
                                    ("application/pdf", "PDF"),
                                    ("image/png", "PNG"),
                                    ("image/jpeg", "JPEG"),
                                    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
                                    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
                                    ("text/csv", "CSV"),
                                    ("text/plain", "text"),
                                ],
                                max_length=100,
                            ),
                        ),
                        ("size", models.PositiveIntegerField()),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-uploaded_at", "-pk"],
                        "indexes": [models.Index(fields=["book", "organisation"], name="loans_files_of_business")],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "impact_return",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="loans.impactreturn",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.returnquestion"
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("value", "A figure"),
                                    ("nothing", "Nothing to report"),
                                    ("not-applicable", "Does not apply to us"),
                                    ("refused", "We would rather not say"),
                                    ("help", "We need help with this"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("is_same", models.BooleanField(default=False)),
                        (
                            "parts",
                            models.JSONField(
                                default=dict, help_text="Figures by group, as text; they become rows with the reading."
                            ),
                        ),
                        (
                            "shown_by",
                            models.CharField(
                                choices=[
                                    ("estimate", "Our best guess"),
                                    ("count", "We counted it ourselves"),
                                    ("record", "A record that others keep or check: payroll, a register, a letter"),
                                ],
                                default="estimate",
                                max_length=10,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True, default="", help_text="Where the figure is from.", max_length=300
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.storedfile",
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["impact_return", "question", "-id"], name="loans_latest_answer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", "value"),
                                        ("value__gt", -1000000000000),
                                        ("value__isnull", False),
                                        ("value__lt", 1000000000000),
                                    ),
                                    models.Q(models.Q(("answer", "value"), _negated=True), ("value__isnull", True)),
                                    _connector="OR",
                                ),
                                name="loans_answer_has_value",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadingEvidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reading",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.reading"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.storedfile"
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("reading", "file"), name="loans_evidence_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FileWithdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawal",
                                to="loans.storedfile",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="Story",
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
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("text", models.CharField(max_length=3000)),
                        (
                            "photo",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.storedfile",
                            ),
                        ),
                        ("told_on", models.DateField()),
                        (
                            "told_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("told_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="loans.story",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="loans.application",
                            ),
                        ),
                        (
                            "move",
                            models.CharField(
                                choices=[
                                    ("revise", "Revise"),
                                    ("submit", "Submit"),
                                    ("send back", "Send back"),
                                    ("approve", "Approve"),
                                    ("decline", "Decline"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("status", models.CharField(max_length=12)),
                        ("effective_on", models.DateField()),
                        ("terms_sha256", models.CharField(max_length=64)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["approved", "declined"])),
                                fields=("application",),
                                name="loans_one_decision",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Covenant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="covenants", to="loans.loan"
                            ),
                        ),
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
                            models.PositiveSmallIntegerField(
                                help_text="Days after a test in which the figures are due."
                            ),
                        ),
                        ("agreed_on", models.DateField()),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "agreed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("near_margin__gte", 0),
                                    ("near_margin__lt", 1),
                                    ("threshold__gte", 0),
                                    ("threshold__lt", 1000000000000),
                                ),
                                name="loans_covenant_threshold",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_days__lte", 366),
                                    ("every_months__gte", 1),
                                    ("every_months__lte", 12),
                                    ("over_months__lte", 24),
                                ),
                                name="loans_covenant_months",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CovenantEnd",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "covenant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="end", to="loans.covenant"
                            ),
                        ),
                        ("ends_on", models.DateField()),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="DebitLine",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="loans.debitrun"
                            ),
                        ),
                        ("no", models.PositiveIntegerField()),
                        (
                            "mandate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="loans.mandate"
                            ),
                        ),
                        ("code", models.CharField(max_length=4)),
                        ("amount", models.BigIntegerField()),
                        (
                            "again",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="presented_again",
                                to="loans.debitline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["run", "no"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "no"), name="loans_one_debit_line_per_number"),
                            models.UniqueConstraint(fields=("run", "mandate"), name="loans_one_debit_line_per_mandate"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="loans.loan"
                            ),
                        ),
                        ("title", models.CharField(max_length=140)),
                        ("description", models.CharField(max_length=500)),
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
                        ("awarded_on", models.DateField()),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000)),
                                name="loans_grant_amount",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantPayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="loans.grant"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        ("paid_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["paid_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="loans_grant_payment_amount"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LoanEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="loans.loan"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("brought_in", "Brought in"),
                                    ("drawn", "Drawdown"),
                                    ("repaid", "Repayment"),
                                    ("refunded", "Refund"),
                                    ("rate_changed", "Change of rate"),
                                    ("fee_charged", "Fee"),
                                    ("waived", "Waiver"),
                                    ("holiday_granted", "Repayment holiday"),
                                    ("restructured", "Restructure"),
                                    ("suspended", "Non-accrual"),
                                    ("resumed", "Return to accrual"),
                                    ("written_off", "Write-off"),
                                    ("recovered", "Recovery"),
                                    ("reversed", "Reversal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.BigIntegerField(null=True)),
                        ("currency", models.CharField(max_length=3)),
                        ("content", models.JSONField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        (
                            "terms",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.loanterms",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="loans.loanevent",
                            ),
                        ),
                        ("bank_account", models.CharField(blank=True, default="", max_length=20)),
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
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        ("key", models.CharField(max_length=100)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "number"), name="loans_one_event_per_number"),
                            models.UniqueConstraint(fields=("loan", "key"), name="loans_one_event_per_key"),
                            models.UniqueConstraint(fields=("id", "loan"), name="loans_event_of_its_loan"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("amount__gt", 0),
                                        (
                                            "kind__in",
                                            ["drawn", "repaid", "refunded", "fee_charged", "waived", "recovered"],
                                        ),
                                    ),
                                    ("kind__in", ["brought_in", "written_off"]),
                                    models.Q(
                                        ("amount__isnull", True),
                                        (
                                            "kind__in",
                                            [
                                                "rate_changed",
                                                "holiday_granted",
                                                "restructured",
                                                "suspended",
                                                "resumed",
                                                "reversed",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_event_has_its_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "reversed"), ("reverses__isnull", False), ("terms__isnull", True)
                                    ),
                                    models.Q(
                                        ("kind__in", ["drawn", "restructured"]),
                                        ("reverses__isnull", True),
                                        ("terms__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("kind__in", ["reversed", "drawn", "restructured"]), _negated=True),
                                        ("reverses__isnull", True),
                                        ("terms__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_event_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "kind__in",
                                            ["waived", "holiday_granted", "restructured", "written_off", "refunded"],
                                        ),
                                        _negated=True,
                                    ),
                                    ("approval__isnull", False),
                                    _connector="OR",
                                ),
                                name="loans_what_costs_money_is_approved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LossEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loss_entries",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("claimed", "Claimed from the guarantor"),
                                    ("claim-paid", "Paid by the guarantor"),
                                    ("guarantee", "Guarantee used for a loss"),
                                    ("provision", "Provision used for a loss"),
                                    ("shared", "Guarantor's share of principal repaid"),
                                    ("recovery", "Guarantor's share of a recovery"),
                                    ("paid-over", "Paid over to the guarantor"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loss_entries",
                                to="loans.loanevent",
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entry",
                                to="loans.lossproposal",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gt", 0),
                                    models.Q(
                                        ("kind__in", ("guarantee", "provision", "shared", "recovery")),
                                        models.Q(("amount", 0), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="loans_loss_entry_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WaiverProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "covenant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="loans.covenant"
                            ),
                        ),
                        ("tested_on", models.DateField()),
                        ("value", models.CharField(blank=True, default="", max_length=80)),
                        ("reason", models.CharField(max_length=500)),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("proposed_on", models.DateField()),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("id", "content_sha256"), name="loans_waiver_of_its_content")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WaiverDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="loans.waiverproposal",
                            ),
                        ),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("decided_on", models.DateField()),
                        (
                            "approval",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.approval",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                ),
                migrations.CreateModel(
                    name="DebitOutcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outcomes",
                                to="loans.debitline",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("paid", "Paid"),
                                    ("returned", "Returned unpaid"),
                                    ("claimed", "Taken back under an indemnity claim"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("code", models.CharField(blank=True, default="", max_length=4)),
                        ("words", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "event",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.loanevent",
                            ),
                        ),
                        (
                            "bank_line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.bankstatementline",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("line", "kind"), name="loans_one_debit_outcome_of_a_kind"),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "paid"), _negated=True),
                                fields=("line",),
                                name="loans_a_collection_comes_back_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DebitChallenge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="challenge",
                                to="loans.debitoutcome",
                            ),
                        ),
                        ("words", models.CharField(max_length=500)),
                        ("on", models.DateField()),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
            ]
        )
    ]
