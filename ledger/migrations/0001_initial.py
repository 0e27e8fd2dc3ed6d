"""The ledger's tables."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import ledger.models.entry
import ledger.models.period
from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Approval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject", models.CharField(max_length=100)),
                        ("content_sha256", models.CharField(max_length=64)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "checked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("checked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("made_by", models.F("checked_by")), _negated=True),
                                name="ledger_approval_four_eyes",
                            ),
                            models.UniqueConstraint(
                                fields=("id", "content_sha256"), name="ledger_approval_binds_content"
                            ),
                            models.UniqueConstraint(fields=("subject", "content_sha256"), name="ledger_approval_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("content_type", models.CharField(max_length=100)),
                        ("content", models.BinaryField()),
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
                ),
                migrations.CreateModel(
                    name="Book",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("fund_name", models.CharField(max_length=200)),
                        ("base_currency", models.CharField(max_length=3)),
                        ("opened_on", models.DateField()),
                        ("business_date", models.DateField()),
                        ("year_end_month", models.PositiveSmallIntegerField(default=3)),
                        ("year_end_day", models.PositiveSmallIntegerField(default=31)),
                        ("registration", models.CharField(blank=True, default="", max_length=200)),
                        ("address", models.TextField(blank=True, default="")),
                        ("contact_name", models.CharField(blank=True, default="", max_length=200)),
                        ("contact_phone", models.CharField(blank=True, default="", max_length=50)),
                        ("contact_email", models.EmailField(blank=True, default="", max_length=254)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("year_end_day__range", (1, 31)), ("year_end_month__range", (1, 12))
                                ),
                                name="ledger_year_end_is_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChartNode",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="chart", to="ledger.book"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("asset", "Asset"),
                                    ("liability", "Liability"),
                                    ("equity", "Equity"),
                                    ("income", "Income"),
                                    ("expense", "Expense"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="ledger.chartnode",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="ledger_one_chart_node_per_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalDraft",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="ledger.book"
                            ),
                        ),
                        ("kind", models.CharField(default="manual", max_length=20)),
                        ("effective_on", models.DateField()),
                        ("narrative", models.CharField(max_length=400)),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Waiting for a second person"),
                                    ("posted", "Posted"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PayeeDetails",
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
                        ("subject", models.CharField(max_length=60)),
                        ("version", models.PositiveIntegerField()),
                        ("account_name", models.CharField(max_length=70)),
                        ("sort_code", models.CharField(blank=True, default="", max_length=6)),
                        ("account_number", models.CharField(blank=True, default="", max_length=8)),
                        ("iban", models.CharField(blank=True, default="", max_length=34)),
                        ("bic", models.CharField(blank=True, default="", max_length=11)),
                        ("content_sha256", models.CharField(max_length=64)),
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
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "subject", "version"), name="ledger_one_payee_details_per_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayeeDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "details",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="ledger.payeedetails",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("confirmed", "Confirmed"), ("declined", "Declined")], max_length=10
                            ),
                        ),
                        ("how", models.CharField(max_length=500)),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("outcome", "confirmed")),
                                    models.Q(("approval__isnull", True), ("outcome", "declined")),
                                    _connector="OR",
                                ),
                                name="ledger_confirmed_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Period",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="ledger.book"
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                                name="ledger_period_has_days",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    (ledger.models.period.BookRange("book"), "&&"),
                                    (
                                        ledger.models.period.DateRange(
                                            "starts_on",
                                            "ends_on",
                                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="ledger_periods_do_not_overlap",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeriodEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "period",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="ledger.period"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(choices=[("closed", "Closed"), ("reopened", "Reopened")], max_length=10),
                        ),
                        ("trial_balance_sha256", models.CharField(blank=True, default="", max_length=64)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "left_open",
                            models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
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
                        "ordering": ["period", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("period", "number"), name="ledger_period_events_in_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PostingRequest",
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
                        ("key", models.CharField(max_length=200)),
                        ("fingerprint", models.CharField(max_length=64)),
                        (
                            "entry_ids",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        (
                            "posted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("xact", models.BigIntegerField(db_default=ledger.models.entry.CurrentTransaction())),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "key"), name="ledger_one_request_per_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seal",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="seals", to="ledger.book"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("position", models.BigIntegerField()),
                        ("head", models.CharField(max_length=64)),
                        ("settled_before", models.BigIntegerField()),
                        ("sealed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["book", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "number"), name="ledger_seals_in_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="ledger.book"
                            ),
                        ),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="ledger.chartnode",
                            ),
                        ),
                        ("subject", models.CharField(blank=True, default="", max_length=80)),
                        ("code", models.CharField(max_length=101)),
                        ("name", models.CharField(max_length=300)),
                        ("currency", models.CharField(max_length=3)),
                        ("opened_on", models.DateField()),
                        ("closed_on", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["code", "currency"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "node", "subject", "currency"), name="ledger_one_account"
                            ),
                            models.UniqueConstraint(
                                fields=("book", "code", "currency"), name="ledger_one_account_per_code"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="ledger.postingrequest",
                            ),
                        ),
                        (
                            "book",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="ledger.book",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("general", "General"),
                                    ("opening", "Opening"),
                                    ("bank", "Bank"),
                                    ("drawdown", "Drawdown"),
                                    ("interest", "Interest"),
                                    ("accrual", "Accrual"),
                                    ("repayment", "Repayment"),
                                    ("fee", "Fee"),
                                    ("waiver", "Waiver"),
                                    ("suspension", "Suspension"),
                                    ("provision", "Provision"),
                                    ("guarantee", "Guarantee"),
                                    ("write-off", "Write-Off"),
                                    ("recovery", "Recovery"),
                                    ("refund", "Refund"),
                                    ("moved-in", "Moved-In"),
                                    ("apportionment", "Apportionment"),
                                    ("contribution", "Contribution"),
                                    ("sale", "Sale"),
                                    ("payout", "Payout"),
                                    ("capital", "Capital"),
                                    ("result", "Result"),
                                    ("distribution", "Distribution"),
                                    ("management-fee", "Management-Fee"),
                                    ("grant", "Grant"),
                                    ("manual", "Manual"),
                                    ("reversal", "Reversal"),
                                    ("year-end", "Year-End"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("narrative", models.CharField(max_length=500)),
                        ("source", models.CharField(blank=True, default="", max_length=100)),
                        ("line_count", models.PositiveSmallIntegerField()),
                        (
                            "reverses",
                            models.OneToOneField(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "approval",
                            models.OneToOneField(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entry",
                                to="ledger.approval",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["book", "effective_on"], name="ledger_entry_by_date"),
                            models.Index(fields=["book", "source"], name="ledger_entry_by_source"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("line_count__gte", 2)), name="ledger_entry_has_two_postings"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind__in", ["opening", "manual", "year-end", "payout"]), _negated=True),
                                    ("approval__isnull", False),
                                    _connector="OR",
                                ),
                                name="ledger_entry_of_this_kind_is_approved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankAccount",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bank_accounts",
                                to="ledger.book",
                            ),
                        ),
                        ("code", models.SlugField(max_length=20)),
                        ("name", models.CharField(max_length=200)),
                        ("identification", models.CharField(max_length=34)),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "account",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bank_account",
                                to="ledger.account",
                            ),
                        ),
                        (
                            "suspense",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="ledger_one_bank_account_per_code"),
                            models.UniqueConstraint(
                                fields=("book", "identification"), name="ledger_one_bank_account_per_number"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankCsvMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="csv_mappings",
                                to="ledger.bankaccount",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("content", models.JSONField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank_account", "version"), name="ledger_one_csv_mapping_per_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="ledger.bankaccount",
                            ),
                        ),
                        ("statement_id", models.CharField(max_length=100)),
                        ("file_sha256", models.CharField(max_length=64)),
                        ("file_name", models.CharField(max_length=200)),
                        ("from_on", models.DateField()),
                        ("to_on", models.DateField()),
                        ("opening", models.BigIntegerField(null=True)),
                        ("closing", models.BigIntegerField(null=True)),
                        (
                            "format",
                            models.CharField(
                                choices=[("camt053", "CAMT.053"), ("ofx", "OFX"), ("csv", "CSV")],
                                default="camt053",
                                max_length=10,
                            ),
                        ),
                        ("notes", models.TextField(blank=True, default="")),
                        (
                            "imported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("imported_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank_account", "statement_id", "file_sha256"),
                                name="ledger_one_bank_statement_per_file",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankStatementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="ledger.bankstatement",
                            ),
                        ),
                        (
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="ledger.bankaccount",
                            ),
                        ),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("bank_reference", models.CharField(blank=True, default="", max_length=200)),
                        ("occurrence", models.PositiveIntegerField()),
                        ("booked_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        ("counterparty", models.CharField(blank=True, default="", max_length=200)),
                        ("reference", models.CharField(blank=True, default="", max_length=200)),
                        ("description", models.CharField(blank=True, default="", max_length=500)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bank_account", "fingerprint", "occurrence"),
                                name="ledger_one_bank_statement_line",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftPosting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="postings",
                                to="ledger.journaldraft",
                            ),
                        ),
                        ("line_no", models.PositiveSmallIntegerField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["line_no"],
                        "constraints": [
                            models.UniqueConstraint(fields=("draft", "line_no"), name="ledger_draft_postings_in_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealedEntry",
                    fields=[
                        (
                            "entry",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="sealed",
                                serialize=False,
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "book",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.book",
                            ),
                        ),
                        ("position", models.BigIntegerField()),
                        ("sha256", models.BinaryField(max_length=32)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "position"), name="ledger_one_place_in_the_chain")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankLineMatch",
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
                                related_name="matches",
                                to="ledger.bankstatementline",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="ledger.journalentry",
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entry", "line"), name="ledger_one_match_per_line_and_entry"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentFile",
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
                            "bank_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.bankaccount"
                            ),
                        ),
                        (
                            "format",
                            models.CharField(
                                choices=[
                                    ("pain.001.001.09", "pain.001.001.09"),
                                    ("pain.001.001.03", "pain.001.001.03"),
                                ],
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
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "number"), name="ledger_one_payment_file_per_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentFileStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="ledger.paymentfile",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("checked", "Checked"),
                                    ("withdrawn", "Withdrawn"),
                                    ("taken", "Taken to the bank"),
                                ],
                                max_length=10,
                            ),
                        ),
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
                        ("done_on", models.DateField()),
                        (
                            "done_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("done_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "taken"), _negated=True),
                                fields=("file", "kind"),
                                name="ledger_payment_file_moves_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("kind", "checked")),
                                    models.Q(models.Q(("kind", "checked"), _negated=True), ("approval__isnull", True)),
                                    _connector="OR",
                                ),
                                name="ledger_payment_file_checked_under_an_approval",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentInstruction",
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
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="ledger.paymentfile",
                            ),
                        ),
                        ("line_no", models.PositiveIntegerField()),
                        ("payee", models.CharField(max_length=60)),
                        (
                            "details",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.payeedetails"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("drawdown", "Drawdown"), ("refund", "Refund"), ("lender", "Lender")],
                                max_length=10,
                            ),
                        ),
                        ("source", models.CharField(max_length=80)),
                        ("attempt", models.PositiveSmallIntegerField()),
                        ("reference", models.CharField(max_length=35)),
                        ("end_to_end_id", models.CharField(max_length=35)),
                    ],
                    options={
                        "ordering": ["file", "line_no"],
                        "constraints": [
                            models.UniqueConstraint(fields=("file", "line_no"), name="ledger_one_payment_per_line"),
                            models.UniqueConstraint(
                                fields=("book", "source", "attempt"), name="ledger_one_payment_per_attempt"
                            ),
                            models.UniqueConstraint(fields=("book", "end_to_end_id"), name="ledger_one_payment_per_id"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000000)),
                                name="ledger_payment_pays",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentOutcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payment_outcomes",
                                to="ledger.journalentry",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("payment", "entry"), name="ledger_one_outcome_per_entry"),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "refused")),
                                fields=("payment",),
                                name="ledger_one_refusal_per_payment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("entry__isnull", True), ("kind", "refused"), ("line__isnull", True)),
                                    models.Q(
                                        models.Q(("kind", "refused"), _negated=True),
                                        ("entry__isnull", False),
                                        ("line__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ledger_outcome_has_its_entry",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountClosing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closings",
                                to="ledger.periodevent",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closings",
                                to="ledger.account",
                            ),
                        ),
                        ("balance", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "event"), include=("balance",), name="ledger_one_closing"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "entry_id", "line_no", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="ledger.journalentry",
                            ),
                        ),
                        ("line_no", models.PositiveSmallIntegerField()),
                        (
                            "account",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="ledger.account",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["account", "effective_on", "entry"],
                                include=("amount",),
                                name="ledger_posting_by_account",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount", 0), _negated=True),
                                    ("amount__gt", -1000000000000000),
                                    ("amount__lt", 1000000000000000),
                                ),
                                name="ledger_posting_amount_is_sane",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
