"""What good is claimed, in which unit is it measured, and what was read, with how good evidence?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from borrowers.domain.indicators import Range
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea, Risk
from borrowers.domain.readings import PLACES, Answer, Direction, Grade, ReadingPeriod, counted
from borrowers.models.organisation import Organisation

AREAS = [(area.value, area.words) for area in OutcomeArea]


class Indicator(models.Model):
    """What is counted, in our own words; ids of IRIS+ and codes of SDG targets are tags.

    It never changes once something was read of it: another meaning is another indicator.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=10, choices=[(item.value, item.value) for item in Direction])
    question = models.CharField(max_length=200, default="", blank=True)
    hint = models.CharField(max_length=300, default="", blank=True)
    measure = models.CharField(
        max_length=10, choices=[(item.value, item.words) for item in Measure], default=Measure.STOCK.value
    )
    adds_up = models.CharField(
        max_length=20, choices=[(rule.value, rule.words) for rule in AddUp], default=AddUp.SUM.value
    )
    weighted_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    least = models.DecimalField(max_digits=18, decimal_places=PLACES, null=True, blank=True)
    most = models.DecimalField(max_digits=18, decimal_places=PLACES, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(default=PLACES)
    area = models.CharField(max_length=20, choices=AREAS, default="", blank=True)
    groups = ArrayField(
        models.CharField(max_length=20, choices=[(group.value, group.words) for group in Group]), default=list
    )
    iris_id = models.CharField(max_length=10, default="", blank=True)
    iris_version = models.CharField(max_length=10, default="", blank=True)
    sdg_targets = ArrayField(models.CharField(max_length=5), default=list)
    needs_baseline = models.BooleanField(default=True)
    from_ledger = models.BooleanField(default=False)
    is_own = models.BooleanField(default=True, help_text="Defined by the fund, and not brought along by the catalogue.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(adds_up="average", weighted_by__isnull=False)
                | ~Q(adds_up="average") & Q(weighted_by__isnull=True),
                name="borrowers_average_is_weighted",
            ),
            models.CheckConstraint(condition=Q(decimals__lte=PLACES), name="borrowers_indicator_decimals"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def range(self) -> Range:
        """Which values are possible."""
        return Range(self.least, self.most, self.decimals)

    @property
    def asked(self) -> str:
        """The question that a business reads."""
        return self.question or f"{self.name}: how many {self.unit}?"

    @property
    def group_words(self) -> tuple[tuple[str, str], ...]:
        """The groups that a figure may be parted by, each with its words."""
        return tuple((group, Group(group).words) for group in self.groups)


class Reading(models.Model):
    """What was said for a period that is over. Append-only: a restatement is another reading that replaces this one.

    `value` is empty where the answer is no figure; nought is a figure.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="readings")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    answer = models.CharField(
        max_length=20, choices=[(answer.value, answer.words) for answer in Answer], default=Answer.VALUE.value
    )
    value = models.DecimalField(max_digits=18, decimal_places=PLACES, null=True, blank=True)
    is_same = models.BooleanField(default=False, help_text="Said to be the same as last time.")
    evidence = models.CharField(max_length=500, default="", blank=True)
    grade = models.CharField(
        max_length=1, choices=[(grade.value, grade.words) for grade in Grade], default="", blank=True
    )
    verifier = models.CharField(max_length=200, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        ordering = ["period_end", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "indicator", "period_start", "period_end"],
                condition=Q(replaces__isnull=True),
                name="borrowers_one_first_reading",
            ),
            models.CheckConstraint(condition=Q(period_start__lt=F("period_end")), name="borrowers_reading_period"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=-(10**12), value__lt=10**12),
                name="borrowers_reading_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(answer="value", value__isnull=False, grade__in=[grade.value for grade in Grade])
                | Q(answer__in=["nothing", "not-applicable", "refused"], value__isnull=True, grade=""),
                name="borrowers_reading_grade",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="borrowers_reading_restated_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} of {self.organisation_id} to {self.period_end}"

    @property
    def period(self) -> ReadingPeriod:
        """The span that it covers."""
        return ReadingPeriod(self.period_start, self.period_end)

    @property
    def words(self) -> str:
        """The answer as it is read: "6 people", or "nothing to report"."""
        if self.value is None:
            return Answer(self.answer).words
        return counted(self.value, self.indicator.unit)


class ReadingPart(models.Model):
    """How much of a reading is of one group. Groups overlap, so parts need not make the whole. Append-only."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="parts")
    group = models.CharField(max_length=20, choices=[(group.value, group.words) for group in Group])
    value = models.DecimalField(max_digits=18, decimal_places=PLACES)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "group"], name="borrowers_one_part_per_group"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lt=10**12), name="borrowers_part_is_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.group} in {self.reading_id}"


class ReadingConfirmation(models.Model):
    """That somebody other than who recorded it looked at a reading and its evidence. Append-only."""

    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, related_name="confirmation")
    how = models.CharField(max_length=300)
    confirmed_on = models.DateField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"reading {self.reading_id} confirmed"


class OutcomeClaim(models.Model):
    """What a business says changes, by the five dimensions of impact. Append-only; a change replaces it.

    What and for whom; how much by scale, depth and duration; what the business contributes; what is at risk.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    area = models.CharField(max_length=20, choices=AREAS)
    is_for_community = models.BooleanField(help_text="A change for the community rather than for single people.")
    what = models.CharField(max_length=300)
    who = ArrayField(
        models.CharField(max_length=20, choices=[(group.value, group.words) for group in Group]), default=list
    )
    scale = models.CharField(max_length=200, default="", blank=True)
    depth = models.CharField(max_length=200, default="", blank=True)
    duration = models.CharField(max_length=200, default="", blank=True)
    contribution = models.CharField(max_length=500, default="", blank=True)
    risk = models.CharField(max_length=20, choices=[(risk.value, risk.words) for risk in Risk], default="", blank=True)
    risk_note = models.CharField(max_length=300, default="", blank=True)
    claimed_on = models.DateField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="borrowers_claim_says_what")]

    def __str__(self) -> str:
        return self.what

    @property
    def who_words(self) -> str:
        """For whom, in words."""
        return ", ".join(Group(group).words for group in self.who)


class ClaimIndicator(models.Model):
    """By which indicator a claim is shown. Append-only."""

    claim = models.ForeignKey(OutcomeClaim, on_delete=models.PROTECT, related_name="shown_by")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "indicator"], name="borrowers_shown_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} by {self.indicator_id}"
