"""Bank details of payees, proposed by one person and confirmed by another."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_servicing_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PayeeDetails",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("account_name", models.CharField(max_length=70)),
                ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                ("account_number", models.CharField(blank=True, default="", max_length=8)),
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
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
            name="PayeeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(choices=[("confirmed", "Confirmed"), ("declined", "Declined")], max_length=10),
                ),
                ("how", models.CharField(max_length=500)),
                ("decided_on", models.DateField()),
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
                    "details",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="ledger.payeedetails"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="payeedetails",
            constraint=models.UniqueConstraint(
                fields=("book", "subject", "version"), name="ledger_one_payee_details_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="payeedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("outcome", "confirmed")),
                    models.Q(("approval__isnull", True), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="ledger_confirmed_under_an_approval",
            ),
        ),
        MakeAppendOnly("ledger_payeedetails"),
        MakeAppendOnly("ledger_payeedecision"),
        ApplySql(SQL / "payee_guard.sql"),
    ]
