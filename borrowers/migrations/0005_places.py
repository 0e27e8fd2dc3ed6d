"""Where is how deprived, in which area is a postcode, and where does a business do good; all of it only grows."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0004_sectors"),
        ("ledger", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, default="", max_length=40)),
                ("source", models.CharField(max_length=300)),
                ("licence", models.CharField(max_length=100)),
                ("attribution", models.CharField(max_length=300)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PostcodeTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("dated_on", models.DateField(unique=True)),
                ("source", models.CharField(max_length=300)),
                ("licence", models.CharField(max_length=100)),
                ("attribution", models.CharField(max_length=300)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["dated_on"],
            },
        ),
        migrations.CreateModel(
            name="PlaceSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField()),
                ("line_count", models.PositiveSmallIntegerField()),
                ("source", models.CharField(help_text="Who said so, or from what it is known.", max_length=300)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_sets",
                        to="borrowers.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["effective_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PostcodeArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("postcode", models.CharField(max_length=7)),
                ("area_2011", models.CharField(blank=True, max_length=9)),
                ("area_2021", models.CharField(blank=True, max_length=9)),
                ("region", models.CharField(blank=True, max_length=40)),
                (
                    "settlement",
                    models.CharField(blank=True, choices=[("urban", "urban"), ("rural", "rural")], max_length=5),
                ),
                (
                    "table",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postcodes",
                        to="borrowers.postcodetable",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BenefitPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                ("name", models.CharField(blank=True, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=7)),
                ("area_given", models.CharField(blank=True, max_length=9)),
                ("area_2011", models.CharField(blank=True, max_length=9)),
                ("area_2021", models.CharField(blank=True, max_length=9)),
                ("region", models.CharField(blank=True, max_length=40)),
                (
                    "settlement",
                    models.CharField(blank=True, choices=[("urban", "urban"), ("rural", "rural")], max_length=5),
                ),
                (
                    "place_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="borrowers.placeset"
                    ),
                ),
                (
                    "looked_up_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="borrowers.postcodetable",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Scale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True)),
                ("index", models.CharField(max_length=80)),
                ("edition", models.CharField(max_length=40)),
                ("column", models.CharField(max_length=40)),
                ("boundaries", models.CharField(choices=[("2011", "2011"), ("2021", "2021")], max_length=4)),
                (
                    "nation",
                    models.CharField(
                        blank=True,
                        choices=[("E", "England"), ("N", "Northern Ireland"), ("S", "Scotland"), ("W", "Wales")],
                        max_length=1,
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scales", to="borrowers.areatable"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AreaDecile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=9)),
                ("decile", models.PositiveSmallIntegerField()),
                ("rank", models.PositiveIntegerField(null=True)),
                (
                    "scale",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="borrowers.scale",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="placeset",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_count__gte", 1)), name="borrowers_place_set_has_places"
            ),
        ),
        migrations.AddConstraint(
            model_name="postcodearea",
            constraint=models.UniqueConstraint(fields=("postcode", "table"), name="borrowers_postcode_once_per_table"),
        ),
        migrations.AddConstraint(
            model_name="benefitplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 1), ("percent__lte", 100)), name="borrowers_place_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="benefitplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("postcode", ""), _negated=True),
                    models.Q(("area_given", ""), _negated=True),
                    _connector="OR",
                ),
                name="borrowers_place_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="areadecile",
            constraint=models.UniqueConstraint(fields=("area", "scale"), name="borrowers_one_decile_per_area"),
        ),
        migrations.AddConstraint(
            model_name="areadecile",
            constraint=models.CheckConstraint(
                condition=models.Q(("decile__gte", 1), ("decile__lte", 10)), name="borrowers_decile_is_a_tenth"
            ),
        ),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("place_guard.sql", "place_set_guard.sql")
        ),
        *(
            migrations.RunSQL(f"SELECT ledger_make_append_only('borrowers_{table}')", migrations.RunSQL.noop)
            for table in (
                "areatable",
                "scale",
                "areadecile",
                "postcodetable",
                "postcodearea",
                "placeset",
                "benefitplace",
            )
        ),
    ]
