"""Events of every kind, what each movement booked, proposals of one person that another decides, and limits."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly


def refuse_events_of_before(apps: Any, schema_editor: Any) -> None:
    """Events recorded before this version say too little to be booked anew; none was ever in a release."""
    if apps.get_model("loans", "LoanEvent").objects.exists():
        raise RuntimeError(
            "This database was made by a version before the first release, whose loans are kept in another way. "
            "Start with an empty one: stop Commonweal, put its var/ aside, and start again. Nothing was changed."
        )


BIND_APPROVAL = """
ALTER TABLE loans_loanevent ADD CONSTRAINT loans_event_is_what_was_approved
  FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)
"""
UNBIND_APPROVAL = "ALTER TABLE loans_loanevent DROP CONSTRAINT loans_event_is_what_was_approved"
GROWS_ONLY = (
    *("loans_booking", "loans_borrowerrequest", "loans_requestanswer", "loans_proposal"),
    *("loans_proposaldecision", "loans_authority"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0012_product_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(refuse_events_of_before, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["effective_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("booked_on", models.DateField()),
                ("principal", models.BigIntegerField()),
                ("interest", models.BigIntegerField()),
                ("fees", models.BigIntegerField()),
                ("default_interest", models.BigIntegerField()),
                ("in_advance", models.BigIntegerField()),
                ("suspended", models.BigIntegerField()),
                ("not_earned", models.BigIntegerField()),
                ("recovered", models.BigIntegerField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="BorrowerRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("holiday", "A pause"), ("new_terms", "New terms")], max_length=10)),
                ("content", models.JSONField()),
                ("message", models.CharField(blank=True, default="", max_length=1000)),
                ("asked_on", models.DateField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposalDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approved", "Approved"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("decided_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RequestAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("granted", "Granted"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, default="", max_length=1000)),
                ("answered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="loanevent",
            name="loans_event_is_whole",
        ),
        migrations.AddField(
            model_name="loanevent",
            name="approval",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
            ),
        ),
        migrations.AddField(
            model_name="loanevent",
            name="bank_account",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="loanevent",
            name="content",
            field=models.JSONField(default={}),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="loanevent",
            name="content_sha256",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="loanevent",
            name="entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
            ),
        ),
        migrations.AlterField(
            model_name="loanevent",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="loanevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", 0),
                        ("kind__in", ["drawn", "repaid", "refunded", "fee_charged", "waived", "recovered"]),
                    ),
                    ("kind__in", ["brought_in", "written_off"]),
                    models.Q(
                        ("amount__isnull", True),
                        (
                            "kind__in",
                            ["rate_changed", "holiday_granted", "restructured", "suspended", "resumed", "reversed"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="loans_event_has_its_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="loanevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reversed"), ("reverses__isnull", False), ("terms__isnull", True)),
                    models.Q(
                        ("kind__in", ["drawn", "restructured"]), ("reverses__isnull", True), ("terms__isnull", False)
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
        ),
        migrations.AddConstraint(
            model_name="loanevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["waived", "holiday_granted", "restructured", "written_off", "refunded"]),
                        _negated=True,
                    ),
                    ("approval__isnull", False),
                    _connector="OR",
                ),
                name="loans_what_costs_money_is_approved",
            ),
        ),
        migrations.AddField(
            model_name="authority",
            name="book",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
        ),
        migrations.AddField(
            model_name="authority",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="authority",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="loans.loan"
            ),
        ),
        migrations.AddField(
            model_name="borrowerrequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="borrowerrequest",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="loans.loan"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="loan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="loans.loan"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="request",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="loans.borrowerrequest",
            ),
        ),
        migrations.AddField(
            model_name="proposaldecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proposaldecision",
            name="proposal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="loans.proposal"
            ),
        ),
        migrations.AddField(
            model_name="requestanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="requestanswer",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="loans.borrowerrequest"
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(condition=models.Q(("limit__gte", 0)), name="loans_authority_limit"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["loan", "booked_on"], name="loans_bookings_of_a_loan"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="loans_proposal_cost"),
        ),
        migrations.AlterField(
            model_name="productfee",
            name="kind",
            field=models.CharField(
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
        migrations.RunSQL(BIND_APPROVAL, UNBIND_APPROVAL),
        *[MakeAppendOnly(table) for table in GROWS_ONLY],
    ]
