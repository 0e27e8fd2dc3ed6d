"""Where each loan stood on any day and what was planned then: projections for lists and the portfolio."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loans", "0005_terms_by_content"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedPrincipal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField()),
                ("since", models.DateField()),
                ("until", models.DateField(default=datetime.date(9999, 12, 31))),
                ("principal", models.BigIntegerField()),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="planned_principal", to="loans.loan"
                    ),
                ),
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
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="loans.loan"
                    ),
                ),
            ],
            options={
                "ordering": ["loan", "effective_on"],
                "indexes": [models.Index(fields=["until", "effective_on"], name="loans_standings_of_a_date")],
                "constraints": [
                    models.UniqueConstraint(fields=("loan", "effective_on"), name="loans_one_standing_per_day"),
                    models.CheckConstraint(
                        condition=models.Q(("effective_on__lt", models.F("until"))), name="loans_standing_in_order"
                    ),
                ],
            },
        ),
    ]
