"""Books of loans that come from another system, their files and findings, and the history of their loans."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

BOUND = "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)"


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0002_readings_only_grow"),
        ("ledger", "0007_servicing_accounts"),
        ("loans", "0010_planned_instalments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MovingInFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MovingInFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("part", models.CharField(max_length=30)),
                ("row", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=60)),
                ("message", models.CharField(max_length=700)),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.AlterField(
            model_name="loan",
            name="application",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="loan", to="loans.application"
            ),
        ),
        migrations.CreateModel(
            name="HistoryLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("what", models.CharField(max_length=300)),
                ("amount", models.BigIntegerField(null=True)),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="loans.loan"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "row", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MovingIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("cut_over_on", models.DateField()),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Being tried"),
                            ("refused", "Would fail"),
                            ("ready", "Waiting for a second person"),
                            ("confirmed", "Moving in"),
                            ("done", "Moved in"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("found", models.JSONField(null=True)),
                ("brought", models.JSONField(null=True)),
                ("prepared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "approval",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.approval"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="loan",
            name="moved_in",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="loans.movingin"
            ),
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("application__isnull", False), ("moved_in__isnull", True)),
                    models.Q(("application__isnull", True), ("moved_in__isnull", False)),
                    _connector="OR",
                ),
                name="loans_loan_has_one_origin",
            ),
        ),
        migrations.AddField(
            model_name="movinginfile",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
            ),
        ),
        migrations.AddField(
            model_name="movinginfile",
            name="moving_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="loans.movingin"
            ),
        ),
        migrations.AddField(
            model_name="movinginfinding",
            name="moving_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="loans.movingin"
            ),
        ),
        migrations.AddConstraint(
            model_name="historyline",
            constraint=models.UniqueConstraint(fields=("loan", "row", "on", "what"), name="loans_history_is_told_once"),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.UniqueConstraint(fields=("book", "number"), name="loans_one_moving_in_per_number"),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("state__in", ["confirmed", "done"])),
                    models.Q(("approval__isnull", True), ("state__in", ["prepared", "refused", "ready", "withdrawn"])),
                    _connector="OR",
                ),
                name="loans_moving_in_is_confirmed_by_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_by__isnull", False)),
                    models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_by__isnull", True)),
                    _connector="OR",
                ),
                name="loans_moving_in_names_who_withdrew",
            ),
        ),
        migrations.AddConstraint(
            model_name="movinginfile",
            constraint=models.UniqueConstraint(fields=("moving_in", "part"), name="loans_one_file_per_part"),
        ),
        migrations.AddConstraint(
            model_name="movinginfinding",
            constraint=models.UniqueConstraint(fields=("moving_in", "place"), name="loans_findings_in_order"),
        ),
        migrations.AlterField(
            model_name="numberseries",
            name="series",
            field=models.CharField(
                choices=[("A", "Applications"), ("L", "Loans"), ("M", "Books of loans moved in")], max_length=1
            ),
        ),
        migrations.RunSQL(
            f"ALTER TABLE loans_movingin ADD CONSTRAINT loans_moving_in_is_what_was_approved {BOUND}",
            "ALTER TABLE loans_movingin DROP CONSTRAINT loans_moving_in_is_what_was_approved",
        ),
        ApplySql(SQL / "terms_guard.sql"),
        MakeAppendOnly("loans_movingin", updatable=["state", "found", "brought", "approval_id", "withdrawn_by_id"]),
        *[MakeAppendOnly(table) for table in ("loans_movinginfile", "loans_movinginfinding", "loans_historyline")],
    ]
