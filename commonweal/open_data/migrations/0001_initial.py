"""Identifiers that are minted, releases, and deals that were brought in."""

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
        ("ledger", "0001_initial"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="PublishedId",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject", models.CharField(max_length=60, unique=True)),
                        ("code", models.CharField(max_length=40, unique=True)),
                        ("minted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DealRecord",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("code", models.CharField(max_length=100)),
                        ("title", models.CharField(max_length=300)),
                        ("deal_date", models.CharField(max_length=10)),
                        ("content", models.TextField()),
                        ("content_sha256", models.CharField(max_length=64)),
                        ("source_sha256", models.CharField(max_length=64)),
                        (
                            "brought_in_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("brought_in_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["deal_date", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("book", "code"), name="open_data_one_record_per_deal")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Release",
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
                            "standard",
                            models.CharField(
                                choices=[("sedl", "SEDL (alpha, 2018)"), ("360giving", "360Giving 1.4")], max_length=10
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("as_of", models.DateField()),
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("note", models.JSONField()),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("book", "standard", "version"), name="open_data_one_release_per_version"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("version__gte", 1)), name="open_data_release_version"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
