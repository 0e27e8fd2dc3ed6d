"""The documents that were issued, and their bytes: rows that stay as they are."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("borrowers", "0002_readings_only_grow"),
        ("investors", "0004_participations_make_the_whole"),
        ("ledger", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sha256",
                                models.Func(
                                    models.Func(models.F("content"), function="sha256"),
                                    models.Value("hex"),
                                    function="encode",
                                ),
                            )
                        ),
                        name="documents_file_is_its_hash",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("loan-statement", "Loan statement"), ("investor-statement", "Investor statement")],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(help_text="The first day that no longer belongs to the period.")),
                (
                    "status",
                    models.CharField(choices=[("final", "Final"), ("provisional", "Provisional")], max_length=12),
                ),
                ("number", models.CharField(max_length=120)),
                ("revision", models.PositiveSmallIntegerField()),
                ("seal", models.CharField(max_length=200)),
                ("renderer", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(help_text="Bytes of the file.")),
                ("issued_on", models.DateField()),
                ("issued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
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
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="documents.document",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="documents.documentfile",
                    ),
                ),
            ],
            options={
                "ordering": ["-period_end", "-pk"],
                "indexes": [
                    models.Index(fields=["organisation", "-period_end"], name="documents_of_organisation"),
                    models.Index(fields=["investor", "-period_end"], name="documents_of_investor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("book", "kind", "subject", "period_start", "period_end", "status", "seal"),
                        name="documents_once_for_what_it_knew",
                    ),
                    models.UniqueConstraint(
                        fields=("book", "kind", "subject", "period_start", "period_end", "revision"),
                        name="documents_one_of_each_revision",
                    ),
                    models.UniqueConstraint(fields=("book", "number"), name="documents_one_of_each_number"),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lt", models.F("period_end"))), name="documents_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issued_on__gte", models.F("period_end"))),
                        name="documents_after_the_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["final", "provisional"])), name="documents_status_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("investor__isnull", True), ("kind", "loan-statement"), ("organisation__isnull", False)
                            ),
                            models.Q(
                                ("investor__isnull", False),
                                ("kind", "investor-statement"),
                                ("organisation__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_one_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces__isnull", True), ("revision", 1)),
                            models.Q(("replaces__isnull", False), ("revision__gt", 1)),
                            _connector="OR",
                        ),
                        name="documents_revision_says_what_it_replaces",
                    ),
                ],
            },
        ),
        MakeAppendOnly("documents_documentfile"),
        MakeAppendOnly("documents_document"),
    ]
