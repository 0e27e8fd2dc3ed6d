"""What a fund borrows: facilities agreed by two people, dated events, what they booked, and covenant tests."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0009_fund_capital"),
        ("ledger", "0018_borrowings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Facility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "lender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facilities", to="investors.investor"
                    ),
                ),
            ],
            options={
                "ordering": ["reference", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CovenantTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covenant_tests",
                        to="investors.facility",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "kind", "-revision"],
            },
        ),
        migrations.CreateModel(
            name="BorrowingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("bank_account", models.CharField(blank=True, default="", max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("key", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="investors.facility"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="BorrowingBooking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("booked_on", models.DateField()),
                ("principal", models.BigIntegerField()),
                ("interest", models.BigIntegerField()),
                ("fees", models.BigIntegerField()),
                ("in_advance", models.BigIntegerField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="investors.facility"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FacilityTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("effective_on", models.DateField()),
                ("content", models.TextField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="investors.facility"
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
                "ordering": ["version"],
            },
        ),
        migrations.CreateModel(
            name="FacilityDecision",
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
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="investors.borrowingevent",
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
            ],
        ),
        migrations.AddField(
            model_name="borrowingevent",
            name="terms",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="investors.facilityterms"
            ),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.UniqueConstraint(
                fields=("book", "reference"), name="investors_one_facility_per_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="covenanttest",
            constraint=models.UniqueConstraint(
                fields=("facility", "on", "kind", "revision"), name="investors_one_covenant_test_per_revision"
            ),
        ),
        migrations.AddIndex(
            model_name="borrowingbooking",
            index=models.Index(fields=["facility", "booked_on"], name="investors_borrowing_bookings"),
        ),
        migrations.AddConstraint(
            model_name="facilityterms",
            constraint=models.UniqueConstraint(
                fields=("facility", "version"), name="investors_one_facility_terms_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="facilitydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("outcome", "approved")),
                    models.Q(("approval", None), ("event", None), ("outcome", "declined")),
                    _connector="OR",
                ),
                name="investors_borrowed_under_an_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingevent",
            constraint=models.UniqueConstraint(
                fields=("facility", "number"), name="investors_one_borrowing_event_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingevent",
            constraint=models.UniqueConstraint(
                fields=("facility", "key"), name="investors_one_borrowing_event_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind__in", ("drawn", "repaid", "fee_charged"))),
                    models.Q(
                        models.Q(("kind__in", ("drawn", "repaid", "fee_charged")), _negated=True), ("amount", None)
                    ),
                    _connector="OR",
                ),
                name="investors_borrowing_event_has_its_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="borrowingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reversed"), ("reverses__isnull", False), ("terms", None)),
                    models.Q(("kind__in", ("drawn", "restructured")), ("reverses", None), ("terms__isnull", False)),
                    models.Q(
                        models.Q(("kind__in", ["reversed", "drawn", "restructured"]), _negated=True),
                        ("reverses", None),
                        ("terms", None),
                    ),
                    _connector="OR",
                ),
                name="investors_borrowing_event_is_whole",
            ),
        ),
        ApplySql(SQL / "facility_guard.sql"),
        MakeAppendOnly("investors_facility"),
        MakeAppendOnly("investors_facilityterms"),
        MakeAppendOnly("investors_facilitydecision"),
        MakeAppendOnly("investors_borrowingevent"),
        MakeAppendOnly("investors_borrowingbooking"),
        MakeAppendOnly("investors_covenanttest"),
    ]
