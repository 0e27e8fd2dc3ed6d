"""Community businesses, where they do good and what they achieved."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "__first__"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="AreaTable",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                    name="Indicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("unit", models.CharField(max_length=40)),
                        (
                            "direction",
                            models.CharField(
                                choices=[("increase", "increase"), ("decrease", "decrease"), ("maintain", "maintain")],
                                max_length=10,
                            ),
                        ),
                        ("question", models.CharField(blank=True, default="", max_length=200)),
                        ("hint", models.CharField(blank=True, default="", max_length=300)),
                        (
                            "measure",
                            models.CharField(
                                choices=[("stock", "as it stands on the last day"), ("flow", "over the whole period")],
                                default="stock",
                                max_length=10,
                            ),
                        ),
                        (
                            "adds_up",
                            models.CharField(
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
                        (
                            "weighted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="borrowers.indicator",
                            ),
                        ),
                        ("least", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ("most", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ("decimals", models.PositiveSmallIntegerField(default=4)),
                        (
                            "area",
                            models.CharField(
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
                        (
                            "groups",
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
                        ("iris_id", models.CharField(blank=True, default="", max_length=10)),
                        ("iris_version", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "sdg_targets",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=5), default=list, size=None
                            ),
                        ),
                        ("needs_baseline", models.BooleanField(default=True)),
                        ("from_ledger", models.BooleanField(default=False)),
                        (
                            "is_own",
                            models.BooleanField(
                                default=True, help_text="Defined by the fund, and not brought along by the catalogue."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("adds_up", "average"), ("weighted_by__isnull", False)),
                                    models.Q(
                                        models.Q(("adds_up", "average"), _negated=True), ("weighted_by__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="borrowers_average_is_weighted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("decimals__lte", 4)), name="borrowers_indicator_decimals"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "legal_form",
                            models.CharField(
                                choices=[
                                    ("cic", "community interest company"),
                                    ("community-benefit-society", "community benefit society"),
                                    ("co-operative-society", "co-operative society"),
                                    ("company-by-guarantee", "company limited by guarantee"),
                                    ("company-by-shares", "company limited by shares"),
                                    ("cio", "charitable incorporated organisation"),
                                    ("charitable-trust", "charitable trust"),
                                    ("unincorporated-association", "unincorporated association"),
                                ],
                                max_length=40,
                            ),
                        ),
                        ("company_number", models.CharField(blank=True, default="", max_length=8)),
                        ("charity_number", models.CharField(blank=True, default="", max_length=12)),
                        ("society_number", models.CharField(blank=True, default="", max_length=10)),
                        ("address_line_1", models.CharField(blank=True, default="", max_length=100)),
                        ("address_line_2", models.CharField(blank=True, default="", max_length=100)),
                        ("place", models.CharField(max_length=100)),
                        ("postcode", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "region",
                            models.CharField(
                                choices=[
                                    ("North East", "North East"),
                                    ("North West", "North West"),
                                    ("Yorkshire and the Humber", "Yorkshire and the Humber"),
                                    ("East Midlands", "East Midlands"),
                                    ("West Midlands", "West Midlands"),
                                    ("East of England", "East of England"),
                                    ("London", "London"),
                                    ("South East", "South East"),
                                    ("South West", "South West"),
                                    ("Wales", "Wales"),
                                    ("Scotland", "Scotland"),
                                    ("Northern Ireland", "Northern Ireland"),
                                ],
                                max_length=40,
                            ),
                        ),
                        (
                            "sector",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("Shop or post office", "Shop or post office"),
                                    ("Pub, café or hostel", "Pub, café or hostel"),
                                    ("Food and farming", "Food and farming"),
                                    ("Energy and environment", "Energy and environment"),
                                    ("Arts, culture and heritage", "Arts, culture and heritage"),
                                    ("Sport and leisure", "Sport and leisure"),
                                    ("Health, care and childcare", "Health, care and childcare"),
                                    ("Housing and land", "Housing and land"),
                                    ("Transport and broadband", "Transport and broadband"),
                                    ("Work space and making", "Work space and making"),
                                    ("Community hub", "Community hub"),
                                    ("Something else", "Something else"),
                                ],
                                default="",
                                max_length=40,
                            ),
                        ),
                        ("small_area_code", models.CharField(blank=True, default="", max_length=12)),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("company_number", ""), _negated=True),
                                fields=("company_number",),
                                name="borrowers_one_organisation_per_company_number",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("charity_number", ""), _negated=True),
                                fields=("charity_number",),
                                name="borrowers_one_organisation_per_charity_number",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("society_number", ""), _negated=True),
                                fields=("society_number",),
                                name="borrowers_one_organisation_per_society_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoverNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handover_notes",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("text", models.CharField(max_length=2000)),
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
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="borrowers.organisation",
                            ),
                        ),
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
                        (
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["organisation", "use", "-id"], name="borrowers_consent_latest")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("use__in", ["named", "story", "photo", "open-data"])),
                                name="borrowers_consent_use",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Accounts",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("period_start", models.DateField()),
                        (
                            "period_end",
                            models.DateField(help_text="The first day that no longer belongs to the period."),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("management", "management accounts"),
                                    ("annual", "annual accounts"),
                                    ("audited", "audited or examined accounts"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("currency", models.CharField(max_length=3)),
                        ("income", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("costs", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("depreciation", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("interest", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        (
                            "loan_repayments",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                        ),
                        ("cash", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("current_assets", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        (
                            "current_liabilities",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                        ),
                        ("total_debt", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("net_assets", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        ("overdue", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="borrowers.accounts",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                    ],
                    options={
                        "ordering": ["period_end", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaces__isnull", True)),
                                fields=("organisation", "period_start", "period_end", "kind"),
                                name="borrowers_one_first_accounts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("period_start__lt", models.F("period_end"))),
                                name="borrowers_accounts_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["management", "annual", "audited"])),
                                name="borrowers_accounts_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("income__isnull", True),
                                        models.Q(
                                            ("income__gte", Decimal("0")), ("income__lt", Decimal("1000000000000"))
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("costs__isnull", True),
                                        models.Q(("costs__gte", Decimal("0")), ("costs__lt", Decimal("1000000000000"))),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("depreciation__isnull", True),
                                        models.Q(
                                            ("depreciation__gte", Decimal("0")),
                                            ("depreciation__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("interest__isnull", True),
                                        models.Q(
                                            ("interest__gte", Decimal("0")), ("interest__lt", Decimal("1000000000000"))
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("loan_repayments__isnull", True),
                                        models.Q(
                                            ("loan_repayments__gte", Decimal("0")),
                                            ("loan_repayments__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("cash__isnull", True),
                                        models.Q(("cash__gte", Decimal("0")), ("cash__lt", Decimal("1000000000000"))),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("current_assets__isnull", True),
                                        models.Q(
                                            ("current_assets__gte", Decimal("0")),
                                            ("current_assets__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("current_liabilities__isnull", True),
                                        models.Q(
                                            ("current_liabilities__gte", Decimal("0")),
                                            ("current_liabilities__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("total_debt__isnull", True),
                                        models.Q(
                                            ("total_debt__gte", Decimal("0")),
                                            ("total_debt__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("net_assets__isnull", True),
                                        models.Q(
                                            ("net_assets__gte", Decimal("-1000000000000")),
                                            ("net_assets__lt", Decimal("1000000000000")),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("overdue__isnull", True),
                                        models.Q(
                                            ("overdue__gte", Decimal("0")), ("overdue__lt", Decimal("1000000000000"))
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                name="borrowers_accounts_are_amounts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="borrowers_restatement_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeClaim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="borrowers.organisation",
                            ),
                        ),
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
                        (
                            "claimed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("claimed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="borrowers.outcomeclaim",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("what", ""), _negated=True), name="borrowers_claim_says_what"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimIndicator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shown_by",
                                to="borrowers.outcomeclaim",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="borrowers.indicator"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("claim", "indicator"), name="borrowers_shown_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaceSet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="place_sets",
                                to="borrowers.organisation",
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("line_count", models.PositiveSmallIntegerField()),
                        (
                            "source",
                            models.CharField(help_text="Who said so, or from what it is known.", max_length=300),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["effective_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("line_count__gte", 1)), name="borrowers_place_set_has_places"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PostcodeArea",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
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
                        ("postcode", models.CharField(max_length=7)),
                        ("area_2011", models.CharField(blank=True, max_length=9)),
                        ("area_2021", models.CharField(blank=True, max_length=9)),
                        ("region", models.CharField(blank=True, max_length=40)),
                        (
                            "settlement",
                            models.CharField(
                                blank=True, choices=[("urban", "urban"), ("rural", "rural")], max_length=5
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("postcode", "table"), name="borrowers_postcode_once_per_table"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BenefitPlace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="places",
                                to="borrowers.placeset",
                            ),
                        ),
                        ("percent", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(blank=True, max_length=100)),
                        ("postcode", models.CharField(blank=True, max_length=7)),
                        ("area_given", models.CharField(blank=True, max_length=9)),
                        ("area_2011", models.CharField(blank=True, max_length=9)),
                        ("area_2021", models.CharField(blank=True, max_length=9)),
                        ("region", models.CharField(blank=True, max_length=40)),
                        (
                            "settlement",
                            models.CharField(
                                blank=True, choices=[("urban", "urban"), ("rural", "rural")], max_length=5
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                                name="borrowers_place_percent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("postcode", ""), _negated=True),
                                    models.Q(("area_given", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="borrowers_place_is_named",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="borrowers.organisation",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="borrowers.indicator",
                            ),
                        ),
                        ("period_start", models.DateField()),
                        (
                            "period_end",
                            models.DateField(help_text="The first day that no longer belongs to the period."),
                        ),
                        (
                            "answer",
                            models.CharField(
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
                        ("value", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ("is_same", models.BooleanField(default=False, help_text="Said to be the same as last time.")),
                        ("evidence", models.CharField(blank=True, default="", max_length=500)),
                        (
                            "grade",
                            models.CharField(
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
                        ("verifier", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="borrowers.reading",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500)),
                    ],
                    options={
                        "ordering": ["period_end", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaces__isnull", True)),
                                fields=("organisation", "indicator", "period_start", "period_end"),
                                name="borrowers_one_first_reading",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("period_start__lt", models.F("period_end"))),
                                name="borrowers_reading_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("value__isnull", True),
                                    models.Q(("value__gt", -1000000000000), ("value__lt", 1000000000000)),
                                    _connector="OR",
                                ),
                                name="borrowers_reading_is_a_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", "value"),
                                        ("grade__in", ["L", "A", "B", "C", "D"]),
                                        ("value__isnull", False),
                                    ),
                                    models.Q(
                                        ("answer__in", ["nothing", "not-applicable", "refused"]),
                                        ("grade", ""),
                                        ("value__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="borrowers_reading_grade",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="borrowers_reading_restated_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadingConfirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reading",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmation",
                                to="borrowers.reading",
                            ),
                        ),
                        ("how", models.CharField(max_length=300)),
                        ("confirmed_on", models.DateField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="ReadingPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reading",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="borrowers.reading",
                            ),
                        ),
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
                        "constraints": [
                            models.UniqueConstraint(fields=("reading", "group"), name="borrowers_one_part_per_group"),
                            models.CheckConstraint(
                                condition=models.Q(("value__gte", 0), ("value__lt", 1000000000000)),
                                name="borrowers_part_is_a_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Scale",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "table",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scales",
                                to="borrowers.areatable",
                            ),
                        ),
                        ("code", models.CharField(max_length=80, unique=True)),
                        ("index", models.CharField(max_length=80)),
                        ("edition", models.CharField(max_length=40)),
                        ("column", models.CharField(max_length=40)),
                        ("boundaries", models.CharField(choices=[("2011", "2011"), ("2021", "2021")], max_length=4)),
                        (
                            "nation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("E", "England"),
                                    ("N", "Northern Ireland"),
                                    ("S", "Scotland"),
                                    ("W", "Wales"),
                                ],
                                max_length=1,
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
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scale",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="areas",
                                to="borrowers.scale",
                            ),
                        ),
                        ("area", models.CharField(max_length=9)),
                        ("decile", models.PositiveSmallIntegerField()),
                        ("rank", models.PositiveIntegerField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("area", "scale"), name="borrowers_one_decile_per_area"),
                            models.CheckConstraint(
                                condition=models.Q(("decile__gte", 1), ("decile__lte", 10)),
                                name="borrowers_decile_is_a_tenth",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
