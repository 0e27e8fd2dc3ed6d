"""Which dates are closed, and what did the accounts stand at then?"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import JSONField, Value
from django.db.models.functions import Now

from ledger.domain.left_open import LeftOpen, read_left_open
from ledger.models.book import Account, Book


class DateRange(models.Func):
    """The dates of a period as a range, its end exclusive."""

    function = "daterange"
    output_field = DateRangeField()


class BookRange(models.Func):
    """A book as a range of itself, so that a GiST index compares books without an extension."""

    template = "int8range(%(expressions)s, %(expressions)s, '[]')"
    output_field = models.Field()


class Period(models.Model):
    """A span of dates that is closed as one; `ends_on` is the first day after it. Append-only."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="ledger_period_has_days"
            ),
            ExclusionConstraint(
                name="ledger_periods_do_not_overlap",
                expressions=[
                    (BookRange("book"), RangeOperators.OVERLAPS),
                    (DateRange("starts_on", "ends_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.last_day}"

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.ends_on - timedelta(days=1)


class PeriodEvent(models.Model):
    """A close or a reopening of a period; the latest tells how it stands. Append-only.

    `left_open` is what was open at a close, each with the reason why it may be.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed"
        REOPENED = "reopened"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    trial_balance_sha256 = models.CharField(max_length=64, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    left_open = models.JSONField(default=list, db_default=Value([], JSONField()), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["period", "number"]
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="ledger_period_events_in_order")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.kind}"

    @property
    def left(self) -> tuple[LeftOpen, ...]:
        """What was left open at this close, and why."""
        return read_left_open(self.left_open)


class AccountClosing(models.Model):
    """What an account stood at when a period was closed, in minor units: a projection that `check_books` rebuilds."""

    event = models.ForeignKey(PeriodEvent, on_delete=models.PROTECT, related_name="closings", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="closings", db_index=False)
    balance = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "event"], include=["balance"], name="ledger_one_closing")
        ]

    def __str__(self) -> str:
        return f"account {self.account_id} at event {self.event_id}"
