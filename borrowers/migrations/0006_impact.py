"""Indicators have ranges, rules and tags; readings have five answers, parts and confirmations; claims and consents."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

GROWS_ONLY = ("readingpart", "readingconfirmation", "outcomeclaim", "claimindicator", "consent", "handovernote")


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0005_places"),
        ("ledger", "0019_payouts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("named", "Name us in statements to investors"),
                            ("story", "Tell our story"),
                            ("photo", "Show our photographs"),
                            ("open-data", "Publish our loan as open data"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_given", models.BooleanField()),
                ("said_on", models.DateField()),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=2000)),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OutcomeClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("arts", "Arts, heritage, sports and faith"),
                            ("citizenship", "Citizenship and community"),
                            ("nature", "Conservation of the natural environment"),
                            ("work", "Employment, education and training"),
                            ("family", "Family, friends and relationships"),
                            ("housing", "Housing and local facilities"),
                            ("income", "Income and financial inclusion"),
                            ("mind", "Mental health and wellbeing"),
                            ("body", "Physical health"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "is_for_community",
                    models.BooleanField(help_text="A change for the community rather than for single people."),
                ),
                ("what", models.CharField(max_length=300)),
                (
                    "who",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("everybody", "everybody who lives here"),
                                ("women", "women"),
                                ("young", "young people under 25"),
                                ("older", "people over 65"),
                                ("disabled", "disabled people"),
                                ("low-income", "people on low incomes"),
                                ("out-of-work", "people out of work for long"),
                                ("minority-ethnic", "people of minority ethnic groups"),
                                ("carers", "unpaid carers"),
                                ("parents", "parents who need support"),
                                ("health", "people with long-term illness"),
                                ("mental-health", "people with poor mental health"),
                                ("homeless", "people without a home of their own"),
                                ("addiction", "people who live with addiction"),
                                ("ex-offenders", "people who were in prison"),
                                ("harmed", "people who lived through crime or abuse"),
                                ("migrants", "refugees and people who came from abroad"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("scale", models.CharField(blank=True, default="", max_length=200)),
                ("depth", models.CharField(blank=True, default="", max_length=200)),
                ("duration", models.CharField(blank=True, default="", max_length=200)),
                ("contribution", models.CharField(blank=True, default="", max_length=500)),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("evidence", "we may not be able to show it well"),
                            ("external", "something outside our reach may undo it"),
                            ("participation", "the people it is for may not be part of it"),
                            ("drop-off", "it may not last"),
                            ("efficiency", "it could be had for less"),
                            ("execution", "we may not do what we plan"),
                            ("alignment", "our trade may pull the other way"),
                            ("endurance", "we may stop before it is reached"),
                            ("unexpected", "it may do harm that nobody expects"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("risk_note", models.CharField(blank=True, default="", max_length=300)),
                ("claimed_on", models.DateField()),
                ("claimed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReadingConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("how", models.CharField(max_length=300)),
                ("confirmed_on", models.DateField()),
                ("confirmed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ReadingPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("everybody", "everybody who lives here"),
                            ("women", "women"),
                            ("young", "young people under 25"),
                            ("older", "people over 65"),
                            ("disabled", "disabled people"),
                            ("low-income", "people on low incomes"),
                            ("out-of-work", "people out of work for long"),
                            ("minority-ethnic", "people of minority ethnic groups"),
                            ("carers", "unpaid carers"),
                            ("parents", "parents who need support"),
                            ("health", "people with long-term illness"),
                            ("mental-health", "people with poor mental health"),
                            ("homeless", "people without a home of their own"),
                            ("addiction", "people who live with addiction"),
                            ("ex-offenders", "people who were in prison"),
                            ("harmed", "people who lived through crime or abuse"),
                            ("migrants", "refugees and people who came from abroad"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=18)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="reading",
            name="borrowers_reading_is_a_number",
        ),
        migrations.RemoveConstraint(
            model_name="reading",
            name="borrowers_reading_grade",
        ),
        migrations.AddField(
            model_name="indicator",
            name="adds_up",
            field=models.CharField(
                choices=[
                    ("sum", "adds up over businesses and periods"),
                    ("latest", "the latest of each business adds up; never over periods"),
                    ("unique-people", "counts people once, so it is never added up over businesses"),
                    ("average", "an average, weighted by another figure"),
                    ("never", "is never added up"),
                ],
                default="sum",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="area",
            field=models.CharField(
                blank=True,
                choices=[
                    ("arts", "Arts, heritage, sports and faith"),
                    ("citizenship", "Citizenship and community"),
                    ("nature", "Conservation of the natural environment"),
                    ("work", "Employment, education and training"),
                    ("family", "Family, friends and relationships"),
                    ("housing", "Housing and local facilities"),
                    ("income", "Income and financial inclusion"),
                    ("mind", "Mental health and wellbeing"),
                    ("body", "Physical health"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="decimals",
            field=models.PositiveSmallIntegerField(default=4),
        ),
        migrations.AddField(
            model_name="indicator",
            name="from_ledger",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="indicator",
            name="groups",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("everybody", "everybody who lives here"),
                        ("women", "women"),
                        ("young", "young people under 25"),
                        ("older", "people over 65"),
                        ("disabled", "disabled people"),
                        ("low-income", "people on low incomes"),
                        ("out-of-work", "people out of work for long"),
                        ("minority-ethnic", "people of minority ethnic groups"),
                        ("carers", "unpaid carers"),
                        ("parents", "parents who need support"),
                        ("health", "people with long-term illness"),
                        ("mental-health", "people with poor mental health"),
                        ("homeless", "people without a home of their own"),
                        ("addiction", "people who live with addiction"),
                        ("ex-offenders", "people who were in prison"),
                        ("harmed", "people who lived through crime or abuse"),
                        ("migrants", "refugees and people who came from abroad"),
                    ],
                    max_length=20,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="hint",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="indicator",
            name="iris_version",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="indicator",
            name="is_own",
            field=models.BooleanField(
                default=True, help_text="Defined by the fund, and not brought along by the catalogue."
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="least",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name="indicator",
            name="measure",
            field=models.CharField(
                choices=[("stock", "as it stands on the last day"), ("flow", "over the whole period")],
                default="stock",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="most",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name="indicator",
            name="needs_baseline",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="indicator",
            name="question",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="indicator",
            name="sdg_targets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=5), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="weighted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="borrowers.indicator",
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="answer",
            field=models.CharField(
                choices=[
                    ("value", "a figure"),
                    ("nothing", "nothing to report"),
                    ("not-applicable", "does not apply"),
                    ("refused", "rather not say"),
                ],
                default="value",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="is_same",
            field=models.BooleanField(default=False, help_text="Said to be the same as last time."),
        ),
        migrations.AddField(
            model_name="reading",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AlterField(
            model_name="reading",
            name="grade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("L", "taken from the ledger"),
                    ("A", "independent validation or evaluation"),
                    ("B", "third-party record"),
                    ("C", "measured by the borrower, with a stated method"),
                    ("D", "borrower's estimate"),
                ],
                default="",
                max_length=1,
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="value",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adds_up", "average"), ("weighted_by__isnull", False)),
                    models.Q(models.Q(("adds_up", "average"), _negated=True), ("weighted_by__isnull", True)),
                    _connector="OR",
                ),
                name="borrowers_average_is_weighted",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("decimals__lte", 4)), name="borrowers_indicator_decimals"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True),
                    models.Q(("value__gt", -1000000000000), ("value__lt", 1000000000000)),
                    _connector="OR",
                ),
                name="borrowers_reading_is_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "value"), ("grade__in", ["L", "A", "B", "C", "D"]), ("value__isnull", False)),
                    models.Q(
                        ("answer__in", ["nothing", "not-applicable", "refused"]), ("grade", ""), ("value__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="borrowers_reading_grade",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="borrowers_reading_restated_why",
            ),
        ),
        migrations.AddField(
            model_name="claimindicator",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="said_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handovernote",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handover_notes", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="handovernote",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outcomeclaim",
            name="claimed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outcomeclaim",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="borrowers.organisation"
            ),
        ),
        migrations.AddField(
            model_name="outcomeclaim",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="borrowers.outcomeclaim",
            ),
        ),
        migrations.AddField(
            model_name="claimindicator",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shown_by", to="borrowers.outcomeclaim"
            ),
        ),
        migrations.AddField(
            model_name="readingconfirmation",
            name="confirmed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="readingconfirmation",
            name="reading",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="confirmation", to="borrowers.reading"
            ),
        ),
        migrations.AddField(
            model_name="readingpart",
            name="reading",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="borrowers.reading"
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["organisation", "use", "-id"], name="borrowers_consent_latest"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("use__in", ["named", "story", "photo", "open-data"])), name="borrowers_consent_use"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomeclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="borrowers_claim_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimindicator",
            constraint=models.UniqueConstraint(fields=("claim", "indicator"), name="borrowers_shown_once"),
        ),
        migrations.AddConstraint(
            model_name="readingpart",
            constraint=models.UniqueConstraint(fields=("reading", "group"), name="borrowers_one_part_per_group"),
        ),
        migrations.AddConstraint(
            model_name="readingpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0), ("value__lt", 1000000000000)), name="borrowers_part_is_a_number"
            ),
        ),
        migrations.RunSQL(
            "UPDATE borrowers_indicator SET sdg_targets = ARRAY[sdg_target] WHERE sdg_target <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name="indicator",
            name="sdg_target",
        ),
        *[
            migrations.RunSQL(f"SELECT ledger_make_append_only('borrowers_{table}')", migrations.RunSQL.noop)
            for table in GROWS_ONLY
        ],
    ]
