"""Months: which are closed, what stands in the way of the next close, closing and reopening."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, Shape, Strict, Text, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.jobs.close import ask_to_close
from commonweal.jobs.readiness import MAY_BE_LEFT, Matter, Standing, readiness
from ledger import queries
from ledger.services import reopen_period

CLOSED, REOPENED = "closed", "reopened"


class LeftOpenOut(Shape):
    """What was open at a close, and why it may be."""

    matter = Word(Matter)
    what = serializers.CharField()
    state = serializers.CharField(help_text="What was open of it.")
    reason = serializers.CharField()


class PeriodEventOut(Shape):
    """A close or a reopening."""

    number = serializers.IntegerField()
    kind = Word([CLOSED, REOPENED])
    reason = serializers.CharField()
    trial_balance_sha256 = serializers.CharField(help_text="The hash of the trial balance at a close.")
    left_open = LeftOpenOut(source="left", many=True)
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()


class PeriodOut(Shape):
    """A span of dates that is closed as one, and what happened to it; the last event tells how it stands."""

    starts_on = Day()
    last_day = Day()
    events = PeriodEventOut(many=True)


class ReadinessOut(Shape):
    """One thing of the checklist before a close. What is open refuses it, unless it may be left with a reason."""

    matter = Word(Matter)
    label_ = serializers.CharField()
    standing = Word(Standing, help_text="Done, open, or done by the close itself.")
    may_be_left = serializers.BooleanField(help_text="Whether it may stay open with a reason.")
    note = serializers.CharField(help_text="What is open of it.")
    remedy = serializers.CharField(help_text="What to do.")


class ReadinessQuery(Paged):
    """Before a close through which day."""

    through = Day(help_text="The last day to be closed.")


class ReasonsIn(Strict):
    """Why something may stay open, by matter; kept with the close where it is open then."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {str(matter): Text(max_length=400, required=False) for matter in MAY_BE_LEFT}


class CloseIn(Strict):
    """Up to which day, and why what is open may stay so."""

    through = Day(help_text="The last day to be closed.")
    reasons = ReasonsIn(required=False)


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
        reasons = asked.get("reasons", {})
        return ask_to_close(book=self.book, through=asked["through"], by=self.person, reasons=reasons)


class PeriodReopen(BookOperation):
    @operation(takes=ReopenIn, gives=PeriodOut)
    def post(self, asked: Asked) -> Any:
        """Reopen the latest closed period."""
        event = reopen_period(book=self.book, reason=asked["reason"], by=self.person)
        return queries.periods(self.book).get(pk=event.period_id)
