"""Roles of staff, tokens of programs, the record of who read what, and the brake on guessing."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
NOW = django.db.models.functions.datetime.Now()
USER = settings.AUTH_USER_MODEL
PROTECT = django.db.models.deletion.PROTECT
ROLES = [
    ("manager", "Fund manager"),
    ("officer", "Loan officer"),
    ("finance", "Finance officer"),
    ("auditor", "Auditor"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="email_in_lower_case",
            ),
        ),
        migrations.CreateModel(
            name="StaffMembership",
            fields=[
                ("id", ID.clone()),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                ("book", models.ForeignKey(on_delete=PROTECT, related_name="+", to="ledger.book")),
                ("user", models.ForeignKey(on_delete=PROTECT, related_name="staff_memberships", to=USER)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "book"), name="one_staff_role_per_book"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", [role for role, _ in ROLES])), name="staff_role_is_known"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", ID.clone()),
                ("label", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=11)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(db_default=NOW)),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(on_delete=PROTECT, related_name="api_tokens", to=USER)),
            ],
        ),
        migrations.CreateModel(
            name="ReadRecord",
            fields=[
                ("id", ID.clone()),
                ("what", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("at", models.DateTimeField(db_default=NOW)),
                ("user", models.ForeignKey(on_delete=PROTECT, related_name="+", to=USER)),
            ],
            options={"indexes": [models.Index(fields=["what", "subject", "at"], name="who_read_this")]},
        ),
        MakeAppendOnly("access_readrecord"),
        migrations.CreateModel(
            name="LogInAttempt",
            fields=[
                ("id", ID.clone()),
                ("email", models.CharField(max_length=254)),
                ("address", models.GenericIPAddressField(null=True)),
                ("at", models.DateTimeField(db_default=NOW)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["email", "at"], name="attempts_for_person"),
                    models.Index(fields=["address", "at"], name="attempts_from_address"),
                ]
            },
        ),
    ]
