"""Where did each loan stand on any day, and what was planned then? Projections for lists and the portfolio.

Both are told by the engine (`loans/domain/standing.py`), can be rebuilt, and are compared with it by a check. A row
stands from its own day until the next one's: the rows of a date are those with `effective_on <= date < until`.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from loans.models.loan import Loan

FOR_EVER = date.max
"""The `until` of a row that no other has followed yet."""


class StandingQuerySet(models.QuerySet["Standing"]):
    """Rows of where loans stood."""

    def as_at(self, on: date) -> StandingQuerySet:
        """One row for each loan that anything was lent on by then."""
        return self.filter(effective_on__lte=on, until__gt=on)


class Standing(models.Model):
    """Where a loan stands from the evening of `effective_on` on, until another row says more; in minor units."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="standings")
    effective_on = models.DateField()
    until = models.DateField(default=FOR_EVER)
    principal = models.BigIntegerField()
    interest_due = models.BigIntegerField()
    fees_due = models.BigIntegerField()
    default_interest_due = models.BigIntegerField()
    in_advance = models.BigIntegerField()
    unpaid_due = models.BigIntegerField()
    due_that_day = models.BigIntegerField()
    oldest_unpaid_due_on = models.DateField(null=True)
    drawn = models.BigIntegerField()
    written_off = models.BigIntegerField()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6)
    is_suspended = models.BooleanField(default=False)
    restructured_on = models.DateField(null=True)
    matures_on = models.DateField(null=True)

    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["loan", "effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "effective_on"], name="loans_one_standing_per_day"),
            models.CheckConstraint(condition=Q(effective_on__lt=F("until")), name="loans_standing_in_order"),
        ]
        indexes = [models.Index(fields=["until", "effective_on"], name="loans_standings_of_a_date")]

    def __str__(self) -> str:
        return f"{self.loan_id} from {self.effective_on}"


class PlannedInstalment(models.Model):
    """What was planned to fall due on a day, from `since` on and until the plan changed; in minor units."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="planned_instalments")
    due_on = models.DateField()
    since = models.DateField()
    until = models.DateField(default=FOR_EVER)
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()

    class Meta:
        ordering = ["loan", "since", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "due_on", "since"], name="loans_one_plan_per_day"),
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="loans_plan_in_order"),
        ]
        indexes = [models.Index(fields=["due_on"], name="loans_planned_to_fall_due")]

    def __str__(self) -> str:
        return f"instalment of {self.loan_id} on {self.due_on}"
