"""What is said to whom, and what came of it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
        ("borrowers", "0001_initial"),
        ("investors", "0001_initial"),
        ("ledger", "0001_initial"),
        ("loans", "0001_initial"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="CalendarToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("label", models.CharField(max_length=100)),
                        ("prefix", models.CharField(max_length=6)),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("last_used_on", models.DateField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Letter",
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
                            "loan",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="loans.loan",
                            ),
                        ),
                        ("about", models.CharField(max_length=80)),
                        ("on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("due_week", "A week before a payment is due"),
                                    ("due_day", "The day before a payment is due"),
                                    ("received", "When a payment has arrived"),
                                    ("missed", "When a payment has not arrived"),
                                    ("answered", "When something you asked for is answered"),
                                    ("message", "When the fund has written to you"),
                                    ("statement", "When there is a new statement"),
                                    ("rate", "When the interest rate changes"),
                                    ("notice", "A formal letter about your loan"),
                                    ("debit", "Before a Direct Debit is collected"),
                                    ("ret_open", "When a return about what you achieved can be filled in"),
                                    ("ret_week", "A week before a return is due"),
                                    ("ret_day", "The day before a return is due"),
                                    ("ret_sent", "A receipt when you have sent a return"),
                                    ("capital", "A capital call or a distribution"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("address", models.EmailField(max_length=254)),
                        ("subject", models.CharField(max_length=200)),
                        ("text", models.TextField()),
                        ("html", models.TextField()),
                        ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("useful_to", models.DateField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "On its way"),
                                    ("sent", "Sent"),
                                    ("failed", "Not sent"),
                                    ("held", "Held back"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, default="", max_length=300)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("not_before", models.DateTimeField(null=True)),
                        ("lease_owner", models.CharField(blank=True, default="", max_length=100)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "sending"])),
                                fields=["id"],
                                name="letters_to_go",
                            ),
                            models.Index(fields=["book", "-id"], name="letters_of_book"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "about", "on", "kind", "person"), name="letters_once_per_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting", "sending", "sent", "failed", "held"])),
                                name="letters_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lease_until__isnull", False),
                                        ("state", "sending"),
                                        models.Q(("lease_owner", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "sending"), _negated=True),
                                        ("lease_owner", ""),
                                        ("lease_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="letters_leased_while_sending",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="letters_sent_has_moment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LetterChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("due_week", "A week before a payment is due"),
                                    ("due_day", "The day before a payment is due"),
                                    ("received", "When a payment has arrived"),
                                    ("missed", "When a payment has not arrived"),
                                    ("answered", "When something you asked for is answered"),
                                    ("message", "When the fund has written to you"),
                                    ("statement", "When there is a new statement"),
                                    ("rate", "When the interest rate changes"),
                                    ("notice", "A formal letter about your loan"),
                                    ("debit", "Before a Direct Debit is collected"),
                                    ("ret_open", "When a return about what you achieved can be filled in"),
                                    ("ret_week", "A week before a return is due"),
                                    ("ret_day", "The day before a return is due"),
                                    ("ret_sent", "A receipt when you have sent a return"),
                                    ("capital", "A capital call or a distribution"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_wanted", models.BooleanField()),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["person", "kind", "-id"], name="letters_choice_of_person")],
                    },
                ),
                migrations.CreateModel(
                    name="LetterReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="letters.letter"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("detail", models.CharField(max_length=500)),
                        ("is_final", models.BooleanField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.investor",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[
                                    ("business", "The business"),
                                    ("investor", "The investor"),
                                    ("fund", "The fund"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("question", "Ask a question"),
                                    ("document", "Ask for a document"),
                                    ("change", "Tell of a change"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField()),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["book", "organisation", "id"], name="letters_conversation"),
                            models.Index(fields=["book", "investor", "id"], name="letters_with_investor"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("side__in", ["business", "investor", "fund"])),
                                name="letters_side_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("topic__in", ["", "question", "document", "change"])),
                                name="letters_topic_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("investor__isnull", True),
                                        ("organisation__isnull", False),
                                        ("side__in", ["business", "fund"]),
                                    ),
                                    models.Q(
                                        ("investor__isnull", False),
                                        ("organisation__isnull", True),
                                        ("side__in", ["investor", "fund"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="letters_message_of_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageRead",
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
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "investor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="investors.investor",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[
                                    ("business", "The business"),
                                    ("investor", "The investor"),
                                    ("fund", "The fund"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "through",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reads", to="letters.message"
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("read_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["book", "organisation", "side"], name="letters_read_to"),
                            models.Index(fields=["book", "investor", "side"], name="letters_read_to_investor"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("through", "side"), name="letters_read_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("investor__isnull", True),
                                        ("organisation__isnull", False),
                                        ("side__in", ["business", "fund"]),
                                    ),
                                    models.Q(
                                        ("investor__isnull", False),
                                        ("organisation__isnull", True),
                                        ("side__in", ["investor", "fund"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="letters_read_of_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"
                            ),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "act",
                            models.CharField(
                                choices=[("email", "Friendly e-mail"), ("call", "Call"), ("letter", "Letter")],
                                max_length=10,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("left_out", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "due_on", "act"), name="letters_reminded_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarDate",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"
                            ),
                        ),
                        ("no", models.PositiveSmallIntegerField()),
                        ("uid", models.CharField(max_length=60, unique=True)),
                        ("due_on", models.DateField()),
                        ("sequence", models.PositiveIntegerField(default=0)),
                        ("is_cancelled", models.BooleanField(default=False)),
                        ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["loan", "no"],
                        "constraints": [
                            models.UniqueConstraint(fields=("loan", "no"), name="letters_one_date_per_payment")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
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
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("call", "Call"),
                                    ("letter", "Letter"),
                                    ("visit", "Visit"),
                                    ("email", "E-mail"),
                                    ("message", "Message in the portal"),
                                    ("reminder", "Step of the reminders"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("with_whom", models.CharField(blank=True, default="", max_length=200)),
                        ("said", models.CharField(max_length=2000)),
                        ("promised_on", models.DateField(null=True)),
                        ("next_step", models.CharField(blank=True, default="", max_length=300)),
                        ("next_step_on", models.DateField(null=True)),
                        (
                            "settles",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settled_by",
                                to="letters.contact",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["on", "pk"],
                        "indexes": [
                            models.Index(fields=["loan", "on"], name="letters_contacts_of_loan"),
                            models.Index(
                                condition=models.Q(("next_step_on__isnull", False)),
                                fields=["book", "next_step_on"],
                                name="letters_next_steps",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["call", "letter", "visit", "email", "message", "reminder"])
                                ),
                                name="letters_contact_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("next_step", ""), ("next_step_on__isnull", True)),
                                    models.Q(
                                        models.Q(("next_step", ""), _negated=True), ("next_step_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="letters_next_step_has_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LadderStep",
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
                        ("version", models.PositiveIntegerField()),
                        ("days", models.PositiveSmallIntegerField()),
                        (
                            "act",
                            models.CharField(
                                choices=[("email", "Friendly e-mail"), ("call", "Call"), ("letter", "Letter")],
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
                    ],
                    options={
                        "ordering": ["days"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "version", "days"), name="letters_one_step_per_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("act__in", ["email", "call", "letter"]), ("days__range", (1, 365))),
                                name="letters_step_sane",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
