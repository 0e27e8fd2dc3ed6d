"""Months: which are closed, what stands in the way of the next close, closing and reopening."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, Shape, Strict, Text, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.jobs.close import ask_to_close
from commonweal.jobs.readiness import readiness
from ledger import queries
from ledger.services import reopen_period

CLOSED, REOPENED = "closed", "reopened"


class PeriodEventOut(Shape):
    """A close or a reopening."""

    number = serializers.IntegerField()
    kind = Word([CLOSED, REOPENED])
    reason = serializers.CharField()
    trial_balance_sha256 = serializers.CharField(help_text="The hash of the trial balance at a close.")
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()


class PeriodOut(Shape):
    """A span of dates that is closed as one, and what happened to it; the last event tells how it stands."""

    starts_on = Day()
    last_day = Day()
    events = PeriodEventOut(many=True)


class ReadinessOut(Shape):
    """One thing to be done, or looked at, before a close."""

    label_ = serializers.CharField()
    is_done = serializers.BooleanField()
    blocks = serializers.BooleanField(help_text="Whether the close is refused until it is done.")
    note = serializers.CharField()


class ReadinessQuery(Paged):
    """Before a close through which day."""

    through = Day(help_text="The last day to be closed.")


class CloseIn(Strict):
    """Up to which day."""

    through = Day(help_text="The last day to be closed.")


class ReopenIn(Strict):
    """Why."""

    reason = Text(max_length=400, help_text="It stays on record.")


class PeriodList(BookOperation):
    @operation(gives=PeriodOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The periods, the latest first."""
        return self.paged(queries.periods(self.book))


class PeriodReadiness(BookOperation):
    @operation(gives=ReadinessOut, query=ReadinessQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What stands in the way of a close, and what will be done with it."""
        return self.paged(readiness(self.book, asked["through"]))


class PeriodClose(BookOperation):
    @operation(takes=CloseIn, gives=JobOut, status=202)
    def post(self, asked: Asked) -> Any:
        """Ask for a close: a job that posts what fell due, shares it among the lenders, seals and closes.

        Asked again, it is the same job, or one that finds the close that stands.
        """
        return ask_to_close(book=self.book, through=asked["through"], by=self.person)


class PeriodReopen(BookOperation):
    @operation(takes=ReopenIn, gives=PeriodOut)
    def post(self, asked: Asked) -> Any:
        """Reopen the latest closed period."""
        event = reopen_period(book=self.book, reason=asked["reason"], by=self.person)
        return queries.periods(self.book).get(pk=event.period_id)
