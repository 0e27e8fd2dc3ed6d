"""Direct Debits: mandates, what payers were told, runs that two people make, and what came of each collection."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0011_csv_mappings"),
        ("loans", "0017_four_eyes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DebitLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("no", models.PositiveIntegerField()),
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
            },
        ),
        migrations.CreateModel(
            name="DebitOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "event",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loanevent"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="loans.debitline"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DebitChallenge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=500)),
                ("on", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "outcome",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="challenge", to="loans.debitoutcome"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DebitRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "purpose",
                    models.CharField(choices=[("collect", "Collections"), ("instruct", "Instructions")], max_length=8),
                ),
                ("collect_on", models.DateField()),
                ("made_on", models.DateField()),
                ("total", models.BigIntegerField()),
                ("file", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="debitline",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="loans.debitrun"
            ),
        ),
        migrations.CreateModel(
            name="DebitDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approved", "Approved"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="loans.debitrun"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DebitSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField(choices=[("bacs", "Bacs"), ("sepa", "SEPA core")], max_length=4)),
                ("effective_on", models.DateField()),
                ("identifier", models.CharField(max_length=35)),
                ("creditor_name", models.CharField(max_length=70)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("notice_days", models.PositiveSmallIntegerField()),
                ("notice_in_working_days", models.BooleanField()),
                ("presents_again", models.BooleanField(default=True)),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-effective_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="debitrun",
            name="setting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="loans.debitsetting"
            ),
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField(choices=[("bacs", "Bacs"), ("sepa", "SEPA core")], max_length=4)),
                ("reference", models.CharField(max_length=35)),
                ("signed_on", models.DateField()),
                ("account_name", models.CharField(max_length=70)),
                ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                ("account_number", models.CharField(blank=True, default="", max_length=8)),
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="loans.loan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DebitNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("collect_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("told_on", models.DateField()),
                ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="loans.mandate"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="debitline",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="loans.mandate"
            ),
        ),
        migrations.CreateModel(
            name="MandateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        choices=[("payer", "The payer"), ("bank", "The bank"), ("fund", "The fund")], max_length=5
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=4)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("account_name", models.CharField(blank=True, default="", max_length=70)),
                ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                ("account_number", models.CharField(blank=True, default="", max_length=8)),
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="loans.mandate"
                    ),
                ),
                (
                    "recorded_by",
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
            model_name="debitoutcome",
            constraint=models.UniqueConstraint(fields=("line", "kind"), name="loans_one_debit_outcome_of_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="debitoutcome",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "paid"), _negated=True),
                fields=("line",),
                name="loans_a_collection_comes_back_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="debitdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("decision", "approved")),
                    models.Q(("approval__isnull", True), ("decision__in", ["declined", "withdrawn"])),
                    _connector="OR",
                ),
                name="loans_debit_run_approved_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="debitrun",
            constraint=models.UniqueConstraint(fields=("book", "number"), name="loans_one_debit_run_per_number"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                fields=("book", "scheme", "reference"), name="loans_one_mandate_per_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="debitnotice",
            constraint=models.UniqueConstraint(
                fields=("mandate", "collect_on", "told_on", "amount"), name="loans_one_notice_per_day_and_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="debitnotice",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="loans_notice_of_some_money"),
        ),
        migrations.AddConstraint(
            model_name="debitline",
            constraint=models.UniqueConstraint(fields=("run", "no"), name="loans_one_debit_line_per_number"),
        ),
        migrations.AddConstraint(
            model_name="debitline",
            constraint=models.UniqueConstraint(fields=("run", "mandate"), name="loans_one_debit_line_per_mandate"),
        ),
        migrations.AddConstraint(
            model_name="mandatechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "amended"), models.Q(("account_name", ""), _negated=True)),
                    models.Q(models.Q(("change", "amended"), _negated=True), ("account_name", "")),
                    _connector="OR",
                ),
                name="loans_amendment_brings_an_account",
            ),
        ),
        MakeAppendOnly("loans_debitsetting"),
        MakeAppendOnly("loans_mandate"),
        MakeAppendOnly("loans_mandatechange"),
        MakeAppendOnly("loans_debitnotice"),
        MakeAppendOnly("loans_debitrun"),
        MakeAppendOnly("loans_debitline"),
        MakeAppendOnly("loans_debitdecision"),
        MakeAppendOnly("loans_debitoutcome"),
        MakeAppendOnly("loans_debitchallenge"),
        ApplySql(SQL / "debit_guard.sql"),
    ]
