"""Documents that are kept with a business or a loan; they only grow, and withdrawing is another row."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0003_accounts"),
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0008_losses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opaque_name", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accounts", "Accounts"),
                            ("governing", "Governing document"),
                            ("agreement", "Agreement"),
                            ("evidence", "Evidence"),
                            ("other", "Other"),
                            ("internal", "Internal, for the fund’s staff alone"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("application/pdf", "PDF"),
                            ("image/png", "PNG"),
                            ("image/jpeg", "JPEG"),
                            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
                            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
                            ("text/csv", "CSV"),
                            ("text/plain", "text"),
                        ],
                        max_length=100,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="files", to="loans.loan"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.organisation"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FileWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("withdrawn_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="loans.storedfile"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["book", "organisation"], name="loans_files_of_business"),
        ),
        MakeAppendOnly("loans_storedfile"),
        MakeAppendOnly("loans_filewithdrawal"),
    ]
