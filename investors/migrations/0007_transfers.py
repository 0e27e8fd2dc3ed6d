"""Participations may be sold, by two people; own terms are held to what is possible."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0006_participation_terms"),
        ("ledger", "0016_sales_of_participations"),
        ("loans", "0019_accrued_through"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ParticipationTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("principal", models.BigIntegerField()),
                ("price", models.BigIntegerField()),
                ("accrued", models.BigIntegerField()),
                ("paid_how", models.CharField(choices=[("held", "Held"), ("directly", "Directly")], max_length=10)),
                ("reason", models.CharField(max_length=500)),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="TransferDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("annual_rate", None), models.Q(("annual_rate__gte", 0), ("annual_rate__lt", 1)), _connector="OR"
                ),
                name="investors_own_rate_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(("servicing_fee__gte", 0), ("servicing_fee__lt", 1)),
                name="investors_servicing_fee_is_sane",
            ),
        ),
        migrations.AddField(
            model_name="participationtransfer",
            name="buyer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="purchases", to="investors.investor"
            ),
        ),
        migrations.AddField(
            model_name="participationtransfer",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="loans.loan"
            ),
        ),
        migrations.AddField(
            model_name="participationtransfer",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="participationtransfer",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sales", to="investors.investor"
            ),
        ),
        migrations.AddField(
            model_name="transferdecision",
            name="approval",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
            ),
        ),
        migrations.AddField(
            model_name="transferdecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="transferdecision",
            name="entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="transferdecision",
            name="participation_set",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="begun_by",
                to="investors.participationset",
            ),
        ),
        migrations.AddField(
            model_name="transferdecision",
            name="transfer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="investors.participationtransfer",
            ),
        ),
        migrations.AddConstraint(
            model_name="participationtransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("seller", models.F("buyer")), _negated=True), name="investors_sold_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="participationtransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("accrued__gte", 0), ("amount__gt", 0), ("price__gte", 0), ("principal__gte", 0)),
                name="investors_sale_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approval__isnull", False), ("outcome", "approved"), ("participation_set__isnull", False)
                    ),
                    models.Q(("approval", None), ("entry", None), ("outcome", "declined"), ("participation_set", None)),
                    _connector="OR",
                ),
                name="investors_sold_under_an_approval",
            ),
        ),
        ApplySql(SQL / "transfer_guard.sql"),
        MakeAppendOnly("investors_participationtransfer"),
        MakeAppendOnly("investors_transferdecision"),
    ]
