"""Payment files: made by one person, checked by another, taken to the bank, and what became of each payment."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0012_accruals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "format",
                    models.CharField(
                        choices=[("pain.001.001.09", "pain.001.001.09"), ("pain.001.001.03", "pain.001.001.03")],
                        max_length=20,
                    ),
                ),
                ("is_batch", models.BooleanField()),
                ("requested_on", models.DateField()),
                ("debtor_name", models.CharField(max_length=200)),
                ("debtor_account", models.CharField(max_length=34)),
                ("currency", models.CharField(max_length=3)),
                ("payment_count", models.PositiveIntegerField()),
                ("total", models.BigIntegerField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("content_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.bankaccount"
                    ),
                ),
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
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PaymentFileStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("checked", "Checked"), ("withdrawn", "Withdrawn"), ("taken", "Taken to the bank")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("done_on", models.DateField()),
                ("done_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "approval",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="ledger.paymentfile"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PaymentInstruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_no", models.PositiveIntegerField()),
                ("payee", models.CharField(max_length=60)),
                ("amount", models.BigIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[("drawdown", "Drawdown"), ("refund", "Refund"), ("lender", "Lender")], max_length=10
                    ),
                ),
                ("source", models.CharField(max_length=80)),
                ("attempt", models.PositiveSmallIntegerField()),
                ("reference", models.CharField(max_length=35)),
                ("end_to_end_id", models.CharField(max_length=35)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "details",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.payeedetails"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="ledger.paymentfile"
                    ),
                ),
            ],
            options={
                "ordering": ["file", "line_no"],
            },
        ),
        migrations.CreateModel(
            name="PaymentOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed by the bank"),
                            ("returned", "Returned"),
                            ("refused", "Refused by the bank"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("told_on", models.DateField()),
                ("told_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_outcomes",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_outcomes",
                        to="ledger.bankstatementline",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="ledger.paymentinstruction",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="paymentfile",
            constraint=models.UniqueConstraint(fields=("book", "number"), name="ledger_one_payment_file_per_number"),
        ),
        migrations.AddConstraint(
            model_name="paymentfilestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "taken"), _negated=True),
                fields=("file", "kind"),
                name="ledger_payment_file_moves_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentfilestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("kind", "checked")),
                    models.Q(models.Q(("kind", "checked"), _negated=True), ("approval__isnull", True)),
                    _connector="OR",
                ),
                name="ledger_payment_file_checked_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentinstruction",
            constraint=models.UniqueConstraint(fields=("file", "line_no"), name="ledger_one_payment_per_line"),
        ),
        migrations.AddConstraint(
            model_name="paymentinstruction",
            constraint=models.UniqueConstraint(
                fields=("book", "source", "attempt"), name="ledger_one_payment_per_attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentinstruction",
            constraint=models.UniqueConstraint(fields=("book", "end_to_end_id"), name="ledger_one_payment_per_id"),
        ),
        migrations.AddConstraint(
            model_name="paymentinstruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000000)), name="ledger_payment_pays"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentoutcome",
            constraint=models.UniqueConstraint(fields=("payment", "entry"), name="ledger_one_outcome_per_entry"),
        ),
        migrations.AddConstraint(
            model_name="paymentoutcome",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "refused")), fields=("payment",), name="ledger_one_refusal_per_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", True), ("kind", "refused"), ("line__isnull", True)),
                    models.Q(
                        models.Q(("kind", "refused"), _negated=True), ("entry__isnull", False), ("line__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="ledger_outcome_has_its_entry",
            ),
        ),
        MakeAppendOnly("ledger_paymentfile"),
        MakeAppendOnly("ledger_paymentinstruction"),
        MakeAppendOnly("ledger_paymentfilestep"),
        MakeAppendOnly("ledger_paymentoutcome"),
        ApplySql(SQL / "payment_guard.sql"),
    ]
