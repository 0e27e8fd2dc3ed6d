"""What good is measured, in which unit, and what was read, with how good evidence?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from borrowers.domain.readings import PLACES, Direction, Grade, ReadingPeriod
from borrowers.models.organisation import Organisation


class Indicator(models.Model):
    """What is counted, in our own words; codes of IRIS+ and of the SDG targets are tags."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=10, choices=[(item.value, item.value) for item in Direction])
    iris_id = models.CharField(max_length=10, default="", blank=True)
    sdg_target = models.CharField(max_length=5, default="", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """A figure for a period that is over. Append-only: a correction is another reading that replaces this one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="readings")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    value = models.DecimalField(max_digits=18, decimal_places=PLACES)
    evidence = models.CharField(max_length=500, default="", blank=True)
    grade = models.CharField(max_length=1, choices=[(grade.value, grade.words) for grade in Grade])
    verifier = models.CharField(max_length=200, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

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
                condition=Q(value__gt=-(10**12), value__lt=10**12), name="borrowers_reading_is_a_number"
            ),
            models.CheckConstraint(
                condition=Q(grade__in=[grade.value for grade in Grade]), name="borrowers_reading_grade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} of {self.organisation_id} to {self.period_end}"

    @property
    def period(self) -> ReadingPeriod:
        """The span that it covers."""
        return ReadingPeriod(self.period_start, self.period_end)
