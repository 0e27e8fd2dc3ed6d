"""Products have versions, and loans may follow a published rate."""

import django.db.models.deletion
import django.db.models.functions.datetime
import djmoney.models.fields
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly

FIRST_VERSIONS = """
INSERT INTO loans_productversion (product_id, version, effective_on, min_amount, min_amount_currency, max_amount,
  max_amount_currency, min_months, max_months, annual_rate, resets_every, notice_days, brings)
SELECT product.id, 1, book.opened_on, min_amount, min_amount_currency, max_amount, max_amount_currency, min_months,
  max_months, annual_rate, '', 0, jsonb_build_object(
    'amortisation', 'annuity', 'interest_method', 'declining', 'day_count', day_count, 'calendar', calendar,
    'convention', 'following', 'every', '1M', 'interest_only_periods', 0, 'months_without', jsonb_build_array(),
    'servicing', jsonb_build_object(
      'allocation', jsonb_build_object('components', jsonb_build_array('fee', 'default interest', 'interest', 'principal'),
                                       'instalments', 'within'),
      'prepayment', 'next instalment', 'default_interest', NULL, 'flat_settlement', 'actuarial'))
FROM loans_product product JOIN ledger_book book ON book.id = product.book_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
"""What the products were until now, in force since their book was opened."""

OF_THE_FIRST = """
CREATE FUNCTION loans_first_version(bigint) RETURNS bigint STABLE LANGUAGE sql
  AS 'SELECT id FROM loans_productversion WHERE product_id = $1 AND version = 1';
ALTER TABLE loans_application ADD COLUMN product_version_id bigint;
ALTER TABLE loans_application ALTER COLUMN product_version_id TYPE bigint USING loans_first_version(product_id);
DROP FUNCTION loans_first_version(bigint);
ALTER TABLE loans_application ALTER COLUMN product_version_id SET NOT NULL;
ALTER TABLE loans_application ADD CONSTRAINT loans_application_names_a_version_of_its_product
  FOREIGN KEY (product_version_id, product_id) REFERENCES loans_productversion (id, product_id);
CREATE INDEX loans_application_product_version ON loans_application (product_version_id);
"""
"""Applications until now were made with what the product was; no guard is lifted to say so."""

APPEND_ONLY = ("loans_productversion", "loans_productfee", "loans_baserate", "loans_ratenotice")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0011_moving_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BaseRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("annual_rate", models.DecimalField(decimal_places=6, max_digits=9)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["-effective_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BaseRateIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ProductFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("arrangement", "Arrangement"),
                            ("commitment", "Commitment"),
                            ("rearrangement", "Rearrangement"),
                            ("late", "Late"),
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
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProductVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("margin", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("floor", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("cap", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("resets_every", models.CharField(blank=True, max_length=6)),
                ("notice_days", models.PositiveSmallIntegerField(default=0)),
                ("brings", models.JSONField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["version"],
            },
        ),
        migrations.CreateModel(
            name="RateNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            },
        ),
        migrations.AddField(
            model_name="baserate",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="baserate",
            name="replaces",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="loans.baserate"
            ),
        ),
        migrations.AddField(
            model_name="baserateindex",
            name="book",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
        ),
        migrations.AddField(
            model_name="baserate",
            name="index",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="loans.baserateindex"
            ),
        ),
        migrations.AddField(
            model_name="productversion",
            name="index",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.baserateindex"
            ),
        ),
        migrations.AddField(
            model_name="productversion",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="productversion",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="loans.product"
            ),
        ),
        migrations.AddField(
            model_name="productfee",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="loans.productversion"
            ),
        ),
        migrations.AddField(
            model_name="ratenotice",
            name="base_rate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="loans.baserate"
            ),
        ),
        migrations.AddField(
            model_name="ratenotice",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rate_notices", to="loans.loan"
            ),
        ),
        migrations.AddConstraint(
            model_name="baserateindex",
            constraint=models.UniqueConstraint(fields=("book", "code"), name="loans_one_index_per_code"),
        ),
        migrations.AddConstraint(
            model_name="baserate",
            constraint=models.CheckConstraint(
                condition=models.Q(("annual_rate__gt", -1), ("annual_rate__lt", 1)),
                name="loans_base_rate_is_a_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.UniqueConstraint(
                fields=("product", "version"), name="loans_one_product_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.UniqueConstraint(fields=("id", "product"), name="loans_version_of_its_product"),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_amount__gt", 0), ("min_amount__lt", 1000000000000)),
                name="loans_version_min_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_amount__gt", 0), ("max_amount__lt", 1000000000000)),
                name="loans_version_max_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_amount__lte", models.F("max_amount")),
                    ("min_amount_currency", models.F("max_amount_currency")),
                    ("min_months__gte", 1),
                    ("min_months__lte", models.F("max_months")),
                ),
                name="loans_version_limits_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("annual_rate__gte", 0),
                        ("annual_rate__lt", 1),
                        ("index__isnull", True),
                        ("margin__isnull", True),
                    ),
                    models.Q(("annual_rate__isnull", True), ("index__isnull", False), ("margin__isnull", False)),
                    _connector="OR",
                ),
                name="loans_version_has_one_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="productfee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("share__isnull", True)),
                    models.Q(("amount__isnull", True), ("share__gt", 0), ("share__lt", 1)),
                    _connector="OR",
                ),
                name="loans_fee_is_an_amount_or_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratenotice",
            constraint=models.UniqueConstraint(
                fields=("loan", "base_rate", "takes_effect_on"), name="loans_one_notice_per_rate_and_day"
            ),
        ),
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            OF_THE_FIRST,
            "ALTER TABLE loans_application DROP COLUMN product_version_id",
            state_operations=[
                migrations.AddField(
                    model_name="application",
                    name="product_version",
                    field=models.ForeignKey(
                        default=None,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loans.productversion",
                    ),
                    preserve_default=False,
                )
            ],
        ),
        migrations.RemoveConstraint(
            model_name="product",
            name="loans_product_min_amount",
        ),
        migrations.RemoveConstraint(
            model_name="product",
            name="loans_product_max_amount",
        ),
        migrations.RemoveConstraint(
            model_name="product",
            name="loans_product_limits_in_order",
        ),
        migrations.RemoveConstraint(
            model_name="product",
            name="loans_product_rate",
        ),
        migrations.RemoveField(
            model_name="product",
            name="annual_rate",
        ),
        migrations.RemoveField(
            model_name="product",
            name="calendar",
        ),
        migrations.RemoveField(
            model_name="product",
            name="day_count",
        ),
        migrations.RemoveField(
            model_name="product",
            name="max_amount",
        ),
        migrations.RemoveField(
            model_name="product",
            name="max_amount_currency",
        ),
        migrations.RemoveField(
            model_name="product",
            name="max_months",
        ),
        migrations.RemoveField(
            model_name="product",
            name="min_amount",
        ),
        migrations.RemoveField(
            model_name="product",
            name="min_amount_currency",
        ),
        migrations.RemoveField(
            model_name="product",
            name="min_months",
        ),
        *[MakeAppendOnly(table) for table in APPEND_ONLY],
    ]
