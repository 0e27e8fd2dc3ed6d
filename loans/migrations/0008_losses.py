"""What is set aside for losses, who guarantees a loan, and what two people agreed on."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly

BINDINGS = (
    (
        "loans_loss_decided_on_what_was_proposed",
        "(proposal_id, content_sha256) REFERENCES loans_lossproposal (id, content_sha256)",
    ),
    (
        "loans_loss_approved_as_proposed",
        "(approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
)
TABLES = (
    *("provisionrule", "provisionrun", "provisionline", "guaranteescheme", "schemeparameters", "guarantee"),
    *("lossproposal", "lossdecision", "lossentry"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0007_covenants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GuaranteeScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="LossProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("specific", "Specific provision"), ("claim", "Guarantee claim")], max_length=10
                    ),
                ),
                ("effective_on", models.DateField()),
                ("amount", models.BigIntegerField(null=True)),
                ("reason", models.CharField(max_length=500)),
                ("content_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loss_proposals", to="loans.loan"
                    ),
                ),
                (
                    "made_by",
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
            name="LossEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("claimed", "Claimed from the guarantor"),
                            ("claim-paid", "Paid by the guarantor"),
                            ("guarantee", "Guarantee used for a loss"),
                            ("provision", "Provision used for a loss"),
                            ("shared", "Guarantor's share of what came in"),
                            ("paid-over", "Paid over to the guarantor"),
                        ],
                        max_length=10,
                    ),
                ),
                ("effective_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loss_entries",
                        to="loans.loanevent",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loss_entries", to="loans.loan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="loans.lossproposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LossDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_approved", models.BooleanField()),
                ("content_sha256", models.CharField(max_length=64)),
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
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="loans.lossproposal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProvisionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("current", models.DecimalField(decimal_places=5, max_digits=6)),
                ("to_30", models.DecimalField(decimal_places=5, max_digits=6)),
                ("to_60", models.DecimalField(decimal_places=5, max_digits=6)),
                ("to_90", models.DecimalField(decimal_places=5, max_digits=6)),
                ("over_90", models.DecimalField(decimal_places=5, max_digits=6)),
                ("non_accrual", models.DecimalField(decimal_places=5, max_digits=6)),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-effective_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProvisionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("key", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="loans.provisionrule"
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
            },
        ),
        migrations.CreateModel(
            name="ProvisionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("current", "nothing late"),
                            ("1-30", "1–30 days late"),
                            ("31-60", "31–60 days late"),
                            ("61-90", "61–90 days late"),
                            ("over-90", "over 90 days late"),
                            ("non-accrual", "not accruing"),
                        ],
                        max_length=12,
                    ),
                ),
                ("share", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
                ("principal", models.BigIntegerField()),
                ("guaranteed", models.BigIntegerField()),
                ("should", models.BigIntegerField()),
                ("had", models.BigIntegerField()),
                (
                    "loan",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="loans.provisionrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run", "loan"],
            },
        ),
        migrations.CreateModel(
            name="SchemeParameters",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("share", models.DecimalField(decimal_places=5, max_digits=6)),
                ("recovery_share", models.DecimalField(decimal_places=5, max_digits=6)),
                ("least", models.BigIntegerField()),
                ("most", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("max_months", models.PositiveSmallIntegerField()),
                ("claim_after_days", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="loans.guaranteescheme"
                    ),
                ),
            ],
            options={
                "ordering": ["scheme", "-effective_on"],
            },
        ),
        migrations.CreateModel(
            name="Guarantee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=100)),
                ("certified_on", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "certified_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="guarantees", to="loans.loan"
                    ),
                ),
                (
                    "parameters",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guarantees",
                        to="loans.schemeparameters",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="guaranteescheme",
            constraint=models.UniqueConstraint(fields=("book", "code"), name="loans_one_scheme_per_code"),
        ),
        migrations.AddConstraint(
            model_name="lossproposal",
            constraint=models.UniqueConstraint(
                fields=("id", "content_sha256"), name="loans_loss_proposal_binds_content"
            ),
        ),
        migrations.AddConstraint(
            model_name="lossproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "claim")),
                    models.Q(("kind", "specific"), models.Q(("amount__gte", 0), ("amount", None), _connector="OR")),
                    _connector="OR",
                ),
                name="loans_loss_proposal_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="lossentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="loans_loss_entry_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="lossdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("is_approved", True)),
                    models.Q(("approval__isnull", True), ("is_approved", False)),
                    _connector="OR",
                ),
                name="loans_loss_decision_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="provisionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("current__gte", 0),
                    ("non_accrual__gte", models.F("over_90")),
                    ("non_accrual__lte", 1),
                    ("over_90__gte", models.F("to_90")),
                    ("to_30__gte", models.F("current")),
                    ("to_60__gte", models.F("to_30")),
                    ("to_90__gte", models.F("to_60")),
                ),
                name="loans_worse_stages_need_no_less",
            ),
        ),
        migrations.AddConstraint(
            model_name="provisionrun",
            constraint=models.UniqueConstraint(fields=("book", "on"), name="loans_one_provision_run_a_day"),
        ),
        migrations.AddConstraint(
            model_name="provisionline",
            constraint=models.UniqueConstraint(fields=("run", "loan"), name="loans_one_provision_per_loan"),
        ),
        migrations.AddConstraint(
            model_name="schemeparameters",
            constraint=models.UniqueConstraint(
                fields=("scheme", "effective_on"), name="loans_one_scheme_version_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeparameters",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recovery_share__gte", 0), ("recovery_share__lte", 1), ("share__gt", 0), ("share__lte", 1)
                ),
                name="loans_scheme_shares_are_sane",
            ),
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE loans_lossdecision ADD CONSTRAINT {name} FOREIGN KEY {rule}",
                f"ALTER TABLE loans_lossdecision DROP CONSTRAINT {name}",
            )
            for name, rule in BINDINGS
        ],
        *[MakeAppendOnly(f"loans_{table}") for table in TABLES],
    ]
