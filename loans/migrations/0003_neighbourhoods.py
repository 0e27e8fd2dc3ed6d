"""Neighbourhoods, what their residents say they need, which loans answer that, and what the public may see."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = (
    "loans_neighbourhood",
    "loans_neighbourhoodarea",
    "loans_neighbourhoodshowing",
    "loans_priority",
    "loans_priorityanswer",
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_guards"),
        ("loans", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Neighbourhood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("named_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "named_by",
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
            name="NeighbourhoodArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=9)),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="loans.neighbourhood"
                    ),
                ),
            ],
            options={
                "ordering": ["area"],
            },
        ),
        migrations.CreateModel(
            name="NeighbourhoodShowing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_shown", models.BooleanField()),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showings", to="loans.neighbourhood"
                    ),
                ),
                (
                    "said_by",
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
            name="Priority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=200)),
                ("told_on", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="priorities", to="loans.neighbourhood"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="loans.priority",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "priorities",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PriorityAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_answer", models.BooleanField()),
                ("how", models.CharField(max_length=300)),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "loan",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loan"),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="loans.priority"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="neighbourhood",
            constraint=models.UniqueConstraint(fields=("book", "name"), name="loans_neighbourhood_named_once"),
        ),
        migrations.AddConstraint(
            model_name="neighbourhoodarea",
            constraint=models.UniqueConstraint(
                fields=("neighbourhood", "area"), name="loans_area_once_in_neighbourhood"
            ),
        ),
        migrations.AddIndex(
            model_name="priorityanswer",
            index=models.Index(fields=["priority", "loan", "-id"], name="loans_latest_priority_answer"),
        ),
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
