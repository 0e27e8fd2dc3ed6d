"""What businesses are asked to report, and what they sent; targets may go without a baseline where none is needed."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import MakeAppendOnly

GROWS_ONLY = ("returnplan", "returnquestion", "impactreturn", "returnanswer", "returnsent", "readingevidence", "story")


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0006_impact"),
        ("ledger", "0019_payouts"),
        ("loans", "0019_accrued_through"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImpactReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(help_text="The first day that no longer belongs to the period.")),
                ("due_on", models.DateField()),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["period_end", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReadingEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("value", "A figure"),
                            ("nothing", "Nothing to report"),
                            ("not-applicable", "Does not apply to us"),
                            ("refused", "We would rather not say"),
                            ("help", "We need help with this"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("is_same", models.BooleanField(default=False)),
                (
                    "parts",
                    models.JSONField(
                        default=dict, help_text="Figures by group, as text; they become rows with the reading."
                    ),
                ),
                (
                    "shown_by",
                    models.CharField(
                        choices=[
                            ("estimate", "Our best guess"),
                            ("count", "We counted it ourselves"),
                            ("record", "A record that others keep or check: payroll, a register, a letter"),
                        ],
                        default="estimate",
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, default="", help_text="Where the figure is from.", max_length=300),
                ),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_start", models.DateField(help_text="The first day of the first period.")),
                (
                    "every_months",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "monthly"), (3, "quarterly"), (6, "half-yearly"), (12, "yearly")]
                    ),
                ),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(help_text="Days after a period in which its return is due."),
                ),
                ("agreed_on", models.DateField()),
                ("agreed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "consented",
                    models.CharField(
                        blank=True, default="", help_text="Who agreed to a change, and how.", max_length=300
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="ReturnSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_on", models.DateField()),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=3000)),
                ("told_on", models.DateField()),
                ("told_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="impacttarget",
            name="loans_target_after_baseline",
        ),
        migrations.AlterField(
            model_name="impacttarget",
            name="baseline",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AlterField(
            model_name="impacttarget",
            name="baseline_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="impacttarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("baseline__isnull", True), ("baseline_on__isnull", True)),
                    models.Q(
                        ("baseline__isnull", False),
                        ("baseline_on__isnull", False),
                        ("baseline_on__lt", models.F("target_by")),
                    ),
                    _connector="OR",
                ),
                name="loans_target_after_baseline",
            ),
        ),
        migrations.AddField(
            model_name="impactreturn",
            name="book",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
        ),
        migrations.AddField(
            model_name="impactreturn",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="readingevidence",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="readingevidence",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="readingevidence",
            name="reading",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.reading"
            ),
        ),
        migrations.AddField(
            model_name="returnanswer",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="returnanswer",
            name="impact_return",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="loans.impactreturn"
            ),
        ),
        migrations.AddField(
            model_name="returnanswer",
            name="saved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="returnplan",
            name="agreed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="returnplan",
            name="book",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
        ),
        migrations.AddField(
            model_name="returnplan",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="returnplan",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="loans.returnplan",
            ),
        ),
        migrations.AddField(
            model_name="impactreturn",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="loans.returnplan"
            ),
        ),
        migrations.AddField(
            model_name="returnquestion",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
            ),
        ),
        migrations.AddField(
            model_name="returnquestion",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="loans.returnplan"
            ),
        ),
        migrations.AddField(
            model_name="returnanswer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.returnquestion"
            ),
        ),
        migrations.AddField(
            model_name="returnsent",
            name="impact_return",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="sent", to="loans.impactreturn"
            ),
        ),
        migrations.AddField(
            model_name="returnsent",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="book",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"),
        ),
        migrations.AddField(
            model_name="story",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="replaces",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="loans.story"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="told_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="readingevidence",
            constraint=models.UniqueConstraint(fields=("reading", "file"), name="loans_evidence_once"),
        ),
        migrations.AddConstraint(
            model_name="returnplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", True)),
                fields=("book", "organisation"),
                name="loans_one_first_return_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_days__gte", 8), ("due_days__lte", 183), ("every_months__in", [1, 3, 6, 12])),
                name="loans_return_plan_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True), models.Q(("consented", ""), _negated=True), _connector="OR"
                ),
                name="loans_return_plan_change_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="impactreturn",
            index=models.Index(fields=["book", "due_on"], name="loans_returns_due"),
        ),
        migrations.AddConstraint(
            model_name="impactreturn",
            constraint=models.UniqueConstraint(
                fields=("book", "organisation", "period_end"), name="loans_one_return_per_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="impactreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("period_end__lt", models.F("due_on")), ("period_start__lt", models.F("period_end"))
                ),
                name="loans_return_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnquestion",
            constraint=models.UniqueConstraint(fields=("plan", "place"), name="loans_one_question_per_place"),
        ),
        migrations.AddConstraint(
            model_name="returnquestion",
            constraint=models.UniqueConstraint(fields=("plan", "indicator"), name="loans_asked_once"),
        ),
        migrations.AddIndex(
            model_name="returnanswer",
            index=models.Index(fields=["impact_return", "question", "-id"], name="loans_latest_answer"),
        ),
        migrations.AddConstraint(
            model_name="returnanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", "value"),
                        ("value__gt", -1000000000000),
                        ("value__isnull", False),
                        ("value__lt", 1000000000000),
                    ),
                    models.Q(models.Q(("answer", "value"), _negated=True), ("value__isnull", True)),
                    _connector="OR",
                ),
                name="loans_answer_has_value",
            ),
        ),
        *[MakeAppendOnly(f"loans_{table}") for table in GROWS_ONLY],
    ]
