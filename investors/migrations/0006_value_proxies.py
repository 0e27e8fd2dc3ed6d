"""What a fund says that a unit of an outcome is worth, kept by two people."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0002_guards"),
        ("investors", "0005_consents"),
        ("ledger", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ValueProxy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("source", models.CharField(max_length=300)),
                ("as_of", models.DateField(help_text="The day whose prices it is in.")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("deadweight", models.DecimalField(decimal_places=6, max_digits=7)),
                ("others", models.DecimalField(decimal_places=6, max_digits=7)),
                ("displacement", models.DecimalField(decimal_places=6, max_digits=7)),
                ("drop_off", models.DecimalField(decimal_places=6, max_digits=7)),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
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
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ValueProxyDecision",
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
                    "proxy",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="investors.valueproxy"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="valueproxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="investors_proxy_above_nought"
            ),
        ),
        migrations.AddConstraint(
            model_name="valueproxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="investors_proxy_has_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="valueproxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="investors_proxy_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="valueproxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deadweight__gte", 0),
                    ("deadweight__lte", 1),
                    ("others__gte", 0),
                    ("others__lte", 1),
                    ("displacement__gte", 0),
                    ("displacement__lte", 1),
                    ("drop_off__gte", 0),
                    ("drop_off__lte", 1),
                ),
                name="investors_proxy_deductions",
            ),
        ),
        migrations.AddConstraint(
            model_name="valueproxydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("outcome", "approved")),
                    models.Q(("approval", None), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="investors_proxy_under_an_approval",
            ),
        ),
        MakeAppendOnly("investors_valueproxy"),
        MakeAppendOnly("investors_valueproxydecision"),
        ApplySql(Path(__file__).parents[1] / "sql" / "value_guard.sql"),
    ]
