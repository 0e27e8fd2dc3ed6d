"""Who funds it, in what share and rank, and who is paid first."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("ledger", "0001_initial"),
        ("loans", "0001_initial"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="ApportionmentMark",
                    fields=[
                        (
                            "book",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="ledger.book",
                            ),
                        ),
                        ("settled_before", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="CapitalAct",
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
                                related_name="capital_acts",
                                to="ledger.book",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("commitment", "Commitment"),
                                    ("cancellation", "Cancelled commitment"),
                                    ("call", "Capital call"),
                                    ("call-withdrawal", "Call withdrawn"),
                                    ("payment", "Paid in on a call"),
                                    ("management-fee", "Management fee"),
                                    ("result", "Result shared"),
                                    ("distribution", "Distribution"),
                                    ("transfer", "Holding transferred"),
                                    ("equalisation", "Equalisation at a later close"),
                                    ("deed", "Order of payment"),
                                    ("class-terms", "Terms of a class"),
                                    ("grant", "Restricted grant"),
                                    ("grant-received", "Grant received"),
                                    ("grant-applied", "Grant applied"),
                                    ("reversal", "Reversal"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("words", models.CharField(max_length=500)),
                        ("content", models.TextField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("line_count", models.PositiveIntegerField()),
                        (
                            "reverses",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversals",
                                to="investors.capitalact",
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
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "number"), name="investors_capital_acts_count"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                                    models.Q(models.Q(("kind", "reversal"), _negated=True), ("reverses", None)),
                                    _connector="OR",
                                ),
                                name="investors_a_reversal_names_its_act",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapitalDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "act",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="investors.capitalact",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10
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
                        ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("outcome", "approved"), ("approval", None), _connector="OR"),
                                name="investors_declined_without_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrMark",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="citr_marks", to="loans.loan"
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("is_relevant", models.BooleanField()),
                        ("case", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("distributes_profit", models.BooleanField(default=False)),
                        ("agreed_to_count", models.BooleanField(default=False)),
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
                        "ordering": ["effective_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("case__in", [1, 2, 3]), ("is_relevant", True)),
                                    models.Q(("case", None), ("is_relevant", False)),
                                    _connector="OR",
                                ),
                                name="investors_citr_relevant_by_a_case",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrPeriod",
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
                            "kind",
                            models.CharField(choices=[("retail", "Retail"), ("wholesale", "Wholesale")], max_length=10),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("applied_for", models.BigIntegerField()),
                        ("reference", models.CharField(max_length=100)),
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
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("applied_for__gt", 0), ("starts_on__lt", models.F("ends_on"))),
                                name="investors_citr_period_is_sane",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeeAgreement",
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
                        ("base", models.CharField(max_length=20)),
                        ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
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
                        "ordering": ["effective_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "effective_on"), name="investors_one_fee_agreement_per_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="investors_fee_rate_is_sane"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FundClass",
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
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=100)),
                        ("rank", models.PositiveSmallIntegerField()),
                        ("target_return", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        ("return_cap", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        (
                            "unpaid",
                            models.CharField(choices=[("accrues", "Accrues"), ("lapses", "Lapses")], max_length=10),
                        ),
                        ("takes_rest", models.BooleanField(default=False)),
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
                        "ordering": ["rank", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="investors_one_class_per_code"),
                            models.CheckConstraint(
                                condition=models.Q(("rank__gte", 1)), name="investors_class_rank_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Investor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("regional-bank", "Regional bank"),
                                    ("social-investor", "Social investor"),
                                    ("foundation", "Foundation"),
                                    ("public-funder", "Public funder"),
                                    ("individual", "Individual"),
                                    ("own-funds", "Own funds"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("registered_number", models.CharField(blank=True, default="", max_length=20)),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[A-Z0-9][A-Z0-9-]{0,19}$")),
                                name="investors_code_is_plain",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapitalLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "act",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="investors.capitalact",
                            ),
                        ),
                        ("line_number", models.PositiveIntegerField()),
                        (
                            "fund_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="investors.fundclass",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="capital_lines",
                                to="investors.investor",
                            ),
                        ),
                        (
                            "effect",
                            models.CharField(
                                choices=[
                                    ("signed", "Committed"),
                                    ("cancelled", "Cancelled"),
                                    ("called", "Called"),
                                    ("call-withdrawn", "Call withdrawn"),
                                    ("paid-in", "Paid in"),
                                    ("income", "Income"),
                                    ("fee", "Management fee"),
                                    ("impairment", "Losses"),
                                    ("income-distributed", "Income distributed"),
                                    ("capital-returned", "Capital returned"),
                                    ("recallable", "Capital returned, may be called again"),
                                    ("equalised-in", "Capital paid in at a later close"),
                                    ("equalised-out", "Capital given back at a later close, may be called again"),
                                    ("catch-up-paid", "Interest paid to earlier investors"),
                                    ("catch-up-received", "Interest from later investors"),
                                    ("moved-drawn", "Transferred, drawn"),
                                    ("moved-undrawn", "Transferred, undrawn"),
                                    ("moved-cancelled", "Transferred, cancelled"),
                                    ("moved-recallable", "Transferred, may be called again"),
                                    ("moved-paid-in", "Transferred, paid in"),
                                    ("moved-equalised", "Transferred, equalised"),
                                    ("moved-income", "Transferred, income"),
                                    ("moved-fee", "Transferred, management fee"),
                                    ("moved-impairment", "Transferred, losses"),
                                    ("moved-income-paid", "Transferred, income distributed"),
                                    ("moved-capital-back", "Transferred, capital returned"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("residue", models.BigIntegerField(default=0)),
                        ("why", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "ordering": ["act", "line_number"],
                        "indexes": [models.Index(fields=["investor", "fund_class"], name="investors_lines_of_holder")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("act", "line_number"), name="investors_capital_lines_count"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gt", 0),
                                    (
                                        "effect__in",
                                        (
                                            "income",
                                            "fee",
                                            "impairment",
                                            "moved-drawn",
                                            "moved-recallable",
                                            "moved-undrawn",
                                            "moved-cancelled",
                                            "moved-paid-in",
                                            "moved-equalised",
                                            "moved-income",
                                            "moved-fee",
                                            "moved-impairment",
                                            "moved-income-paid",
                                            "moved-capital-back",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_capital_line_is_sane",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvestorContact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="investors.investor",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("signatory", "Signs for it"),
                                    ("finance", "Pays and is paid"),
                                    ("reporting", "Reads the reports"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("phone", models.CharField(blank=True, default="", max_length=40)),
                        ("gets_notices", models.BooleanField(default=False)),
                        ("ended", models.BooleanField(default=False)),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="investors.investorcontact",
                            ),
                        ),
                        (
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["signatory", "finance", "reporting", "other"])),
                                name="investors_contact_role_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)
                                ),
                                name="investors_contact_can_be_reached",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended", False),
                                    models.Q(("gets_notices", False), ("replaces__isnull", False)),
                                    _connector="OR",
                                ),
                                name="investors_contact_ends_what_stood",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParticipationSet",
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
                                related_name="participation_sets",
                                to="loans.loan",
                            ),
                        ),
                        (
                            "terms",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loanterms"
                            ),
                        ),
                        (
                            "follows",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="followed_by",
                                to="investors.participationset",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        (
                            "rule",
                            models.CharField(
                                choices=[("alike", "Alike"), ("ranked", "Ranked"), ("senior first", "Senior first")],
                                db_default="alike",
                                max_length=20,
                            ),
                        ),
                        ("line_count", models.PositiveSmallIntegerField()),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("line_count__gte", 1)), name="investors_set_has_a_participation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "participation_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="investors.participationset",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="investors.investor",
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField()),
                        ("amount", models.BigIntegerField()),
                        ("annual_rate", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        ("servicing_fee", models.DecimalField(db_default=0, decimal_places=6, max_digits=9)),
                        ("principal_from", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["rank", "investor__code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("participation_set", "investor"), name="investors_one_part_each"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gt", 0), ("amount__lt", 1000000000000000), ("rank__gte", 1)
                                ),
                                name="investors_part_is_sane",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("annual_rate", None),
                                    models.Q(("annual_rate__gte", 0), ("annual_rate__lt", 1)),
                                    _connector="OR",
                                ),
                                name="investors_own_rate_is_sane",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("servicing_fee__gte", 0), ("servicing_fee__lt", 1)),
                                name="investors_servicing_fee_is_sane",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParticipationTransfer",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="loans.loan"
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sales",
                                to="investors.investor",
                            ),
                        ),
                        (
                            "buyer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchases",
                                to="investors.investor",
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("effective_on", models.DateField()),
                        ("principal", models.BigIntegerField()),
                        ("price", models.BigIntegerField()),
                        ("accrued", models.BigIntegerField()),
                        (
                            "paid_how",
                            models.CharField(choices=[("held", "Held"), ("directly", "Directly")], max_length=10),
                        ),
                        ("reason", models.CharField(max_length=500)),
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
                            models.CheckConstraint(
                                condition=models.Q(("seller", models.F("buyer")), _negated=True),
                                name="investors_sold_to_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accrued__gte", 0), ("amount__gt", 0), ("price__gte", 0), ("principal__gte", 0)
                                ),
                                name="investors_sale_is_sane",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payout",
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
                        ("currency", models.CharField(max_length=3)),
                        ("line_count", models.PositiveSmallIntegerField()),
                        ("reason", models.CharField(max_length=500)),
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
                            models.CheckConstraint(
                                condition=models.Q(("line_count__gte", 1)), name="investors_payout_pays_somebody"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayoutDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "payout",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="investors.payout",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10
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
                        ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("outcome", "approved")),
                                    models.Q(("approval", None), ("outcome", "declined")),
                                    _connector="OR",
                                ),
                                name="investors_paid_out_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayoutLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "payout",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="investors.payout"
                            ),
                        ),
                        ("line_no", models.PositiveSmallIntegerField()),
                        (
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="investors.investor",
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("stays", models.BigIntegerField()),
                        ("interest", models.BigIntegerField()),
                        ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("tax", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["payout", "line_no"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payout", "line_no"), name="investors_one_payout_line_per_number"
                            ),
                            models.UniqueConstraint(
                                fields=("payout", "investor"), name="investors_one_payout_line_each"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gt", 0),
                                    ("amount__lt", 1000000000000000),
                                    ("interest__gte", 0),
                                    ("interest__lte", models.F("amount")),
                                    ("stays__gte", 0),
                                    ("rate__gte", 0),
                                    ("rate__lt", 1),
                                    ("tax__gte", 0),
                                    ("tax__lte", models.F("interest")),
                                ),
                                name="investors_payout_line_is_sane",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayoutTakenBack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_back",
                                to="investors.payoutline",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                            ),
                        ),
                        (
                            "came_back",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "taken_back_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("taken_back_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="investors_taken_back_for_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxTreatment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tax_treatments",
                                to="investors.investor",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("rate", models.DecimalField(decimal_places=6, max_digits=9)),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-effective_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="investors_tax_rate_is_sane"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="investors_tax_has_a_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TransferDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "transfer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="investors.participationtransfer",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10
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
                            "participation_set",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="begun_by",
                                to="investors.participationset",
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
                                    models.Q(
                                        ("approval__isnull", False),
                                        ("outcome", "approved"),
                                        ("participation_set__isnull", False),
                                    ),
                                    models.Q(
                                        ("approval", None),
                                        ("entry", None),
                                        ("outcome", "declined"),
                                        ("participation_set", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_sold_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrInvestment",
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
                            "investor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="citr_investments",
                                to="investors.investor",
                            ),
                        ),
                        ("kind", models.CharField(choices=[("loan", "Loan"), ("shares", "Shares")], max_length=10)),
                        ("committed", models.BigIntegerField()),
                        ("invested_on", models.DateField()),
                        ("drawdown_until", models.DateField(blank=True, null=True)),
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
                        "ordering": ["invested_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("committed__gt", 0), ("committed__lt", 1000000000000000)),
                                name="investors_citr_investment_is_sane",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrMovement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="investors.citrinvestment",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("drawdown", "Drawn down"),
                                    ("repayment", "Repaid or withdrawn"),
                                    ("value", "Value received otherwise"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("moved_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        ("is_standard", models.BooleanField(db_default=True, default=True)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journalentry",
                            ),
                        ),
                        (
                            "takes_back",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_back_by",
                                to="investors.citrmovement",
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
                        "ordering": ["moved_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="investors_citr_movement_is_sane"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrEnding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="endings",
                                to="investors.citrinvestment",
                            ),
                        ),
                        (
                            "period",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loss",
                                to="investors.citrperiod",
                            ),
                        ),
                        (
                            "by",
                            models.CharField(
                                choices=[
                                    ("disposed", "the investor disposed of all or a part of the loan"),
                                    ("repaid", "the loan was wholly repaid"),
                                    ("over-limits", "repayments or value received exceeded the permitted limits"),
                                    ("accreditation-lost", "the institution lost its accreditation"),
                                    ("investor-accredited", "the investor became an accredited institution itself"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("ended_on", models.DateField()),
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
                        "ordering": ["ended_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("by__in", ["disposed", "investor-accredited"]),
                                        ("investment__isnull", False),
                                        ("period", None),
                                    ),
                                    models.Q(
                                        ("by", "accreditation-lost"), ("investment", None), ("period__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_citr_ending_is_of_one_thing",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("investment__isnull", False)),
                                fields=("investment", "by"),
                                name="investors_citr_ended_once_by_each",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrRequired",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="required",
                                to="investors.citrinvestment",
                            ),
                        ),
                        ("due_on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["due_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="investors_citr_required_is_sane"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Facility",
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
                            "lender",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facilities",
                                to="investors.investor",
                            ),
                        ),
                        ("currency", models.CharField(max_length=3)),
                    ],
                    options={
                        "ordering": ["reference", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "reference"), name="investors_one_facility_per_reference"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CovenantTest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="covenant_tests",
                                to="investors.facility",
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("borrowing-base", "Borrowing base"),
                                    ("arrears-share", "Arrears share"),
                                    ("interest-cover", "Interest cover"),
                                    ("minimum-cash", "Minimum cash"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField()),
                        (
                            "occasion",
                            models.CharField(
                                choices=[
                                    ("draw", "At a draw"),
                                    ("month-end", "At a month’s end"),
                                    ("close", "At the close of a day"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_met", models.BooleanField()),
                        ("figure", models.CharField(max_length=40)),
                        ("limit", models.CharField(max_length=40)),
                        ("headroom", models.CharField(max_length=40)),
                        ("sentence", models.CharField(max_length=500)),
                        ("tested_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-on", "kind", "-revision"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("facility", "on", "kind", "revision"),
                                name="investors_one_covenant_test_per_revision",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BorrowingBooking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="investors.facility",
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
                        ("in_advance", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["facility", "booked_on"], name="investors_borrowing_bookings")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FacilityTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="terms",
                                to="investors.facility",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField()),
                        ("effective_on", models.DateField()),
                        ("content", models.TextField()),
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
                        "ordering": ["version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("facility", "version"), name="investors_one_facility_terms_per_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CitrCertificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "investment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="investors.citrinvestment",
                            ),
                        ),
                        (
                            "period",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="investors.citrperiod"
                            ),
                        ),
                        ("committed", models.BigIntegerField()),
                        ("invested_on", models.DateField()),
                        ("due_by", models.DateField()),
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
                    },
                ),
                migrations.CreateModel(
                    name="CitrCertificateDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "certificate",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="investors.citrcertificate",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(choices=[("issued", "Issued"), ("declined", "Declined")], max_length=10),
                        ),
                        (
                            "certifies",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certified",
                                to="investors.citrinvestment",
                            ),
                        ),
                        ("issued_on", models.DateField(blank=True, null=True)),
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
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approval__isnull", False),
                                        ("certifies__isnull", False),
                                        ("issued_on__isnull", False),
                                        ("outcome", "issued"),
                                    ),
                                    models.Q(
                                        ("approval", None),
                                        ("certifies", None),
                                        ("issued_on", None),
                                        ("outcome", "declined"),
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_certified_under_an_approval",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BorrowingEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="investors.facility",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("drawn", "Draw"),
                                    ("repaid", "Repayment"),
                                    ("rate_changed", "Change of rate"),
                                    ("fee_charged", "Fee"),
                                    ("restructured", "New terms"),
                                    ("reversed", "Reversal"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.BigIntegerField(null=True)),
                        ("content", models.JSONField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        (
                            "terms",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.facilityterms",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="investors.borrowingevent",
                            ),
                        ),
                        ("bank_account", models.CharField(blank=True, default="", max_length=20)),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                            models.UniqueConstraint(
                                fields=("facility", "number"), name="investors_one_borrowing_event_per_number"
                            ),
                            models.UniqueConstraint(
                                fields=("facility", "key"), name="investors_one_borrowing_event_per_key"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount__gt", 0), ("kind__in", ("drawn", "repaid", "fee_charged"))),
                                    models.Q(
                                        models.Q(("kind__in", ("drawn", "repaid", "fee_charged")), _negated=True),
                                        ("amount", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_borrowing_event_has_its_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "reversed"), ("reverses__isnull", False), ("terms", None)),
                                    models.Q(
                                        ("kind__in", ("drawn", "restructured")),
                                        ("reverses", None),
                                        ("terms__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("kind__in", ["reversed", "drawn", "restructured"]), _negated=True),
                                        ("reverses", None),
                                        ("terms", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="investors_borrowing_event_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FacilityDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "terms",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="investors.facilityterms",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "Approved"), ("declined", "Declined")], max_length=10
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
                            "event",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.borrowingevent",
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
                        ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("outcome", "approved")),
                                    models.Q(("approval", None), ("event", None), ("outcome", "declined")),
                                    _connector="OR",
                                ),
                                name="investors_borrowed_under_an_approval",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
