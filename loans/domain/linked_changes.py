"""Which changes of rate are due when a table of base rates grows or is corrected? What a loan bears, and should.

`docs/maths/index-linked.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from loans.domain.conventions import RateChange
from loans.domain.errors import BaseRateGap
from loans.domain.events import Happened, RateChanged, Restructured
from loans.domain.linked_rates import BaseRate, LinkedRate, linked
from loans.domain.terms import Terms
from loans.domain.words import date_text

ONE_DAY = timedelta(days=1)


def refuse_gap(index: str, table: Sequence[BaseRate], first_day: date) -> None:
    """Raise BaseRateGap where no rate is in force on a loan's first day, naming the days without one."""
    first = min((base.on for base in table), default=None)
    if first is not None and first <= first_day:
        return
    until = f"to {date_text(first - ONE_DAY)}" if first else "on: its table is empty"
    raise BaseRateGap(
        f"{index} has no rate in force from {date_text(first_day)} {until}. "
        "Add the one that was in force then; nothing was changed."
    )


def rate_changes_due(
    terms: Terms, happened: Sequence[Happened], link: LinkedRate, table: Iterable[BaseRate], *, since: date
) -> tuple[RateChange, ...]:
    """The changes that bring what a loan bears from a day on to what its link gives, in order; none where it does.

    `happened` is what happened to the loan and stands, by date. From `link_ends_on` on nothing is due. On the day of
    new terms theirs is the rate, so what differs from it is due on the day after. Raises ImpossibleTerms where the
    table has no rate for the first day, or two for one day.

    >>> from loans.domain.terms import annuity
    >>> from moneyed import Money
    >>> lent = annuity(Money(1000, "GBP"), Decimal("0.0675"), 12, date(2027, 1, 31))
    >>> table = [BaseRate(date(2026, 1, 1), Decimal("0.0375")), BaseRate(date(2027, 5, 1), Decimal("0.04"))]
    >>> rate_changes_due(lent, [], LinkedRate(Decimal("0.03")), table, since=date(2027, 5, 1))
    (RateChange(on=datetime.date(2027, 5, 1), annual_rate=Decimal('0.07')),)
    """
    renewed = {event.effective_on for event in happened if isinstance(event, Restructured)}
    should, does = _followed(terms, happened, link, table), _borne(terms, happened)
    start, end = max(since, terms.planned_drawn_on), link_ends_on(terms, happened)
    changes = {start, *(step.on for step in (*should, *does) if step.on > start)}
    days = sorted(day + ONE_DAY if day in renewed else day for day in changes)
    due: list[RateChange] = []
    for day in days:
        rate = _rate_on(should, day)
        if day < end and _rate_on(sorted((*does, *due), key=lambda step: step.on), day) != rate:
            due.append(RateChange(day, rate))
    return tuple(due)


def rate_followed(
    terms: Terms, happened: Sequence[Happened], link: LinkedRate, table: Iterable[BaseRate], on: date
) -> Decimal | None:
    """What a loan's link gives on a day; none once it has ended. Raises ImpossibleTerms like `rate_changes_due`."""
    return _rate_on(_followed(terms, happened, link, table), on) if on < link_ends_on(terms, happened) else None


def rate_borne(terms: Terms, happened: Sequence[Happened], on: date) -> Decimal:
    """What a loan bears on a day, by its terms, its changes of rate and its new terms."""
    return _rate_on(_borne(terms, happened), on)


def link_ends_on(terms: Terms, happened: Sequence[Happened]) -> date:
    """The day of the first new terms with a rate of their own, `date.max` without any.

    New terms that keep the rate that was known when they were recorded go on following the index.
    """
    for event in happened:
        if isinstance(event, Restructured):
            known = [one for one in happened if one.sequence < event.sequence]
            if event.terms.rate_changes or event.terms.annual_rate != rate_borne(terms, known, event.effective_on):
                return event.effective_on
    return date.max


def _followed(
    terms: Terms, happened: Sequence[Happened], link: LinkedRate, table: Iterable[BaseRate]
) -> list[RateChange]:
    """What the link gives from the first day to the end of the latest terms."""
    ends = [event.terms.nominal_maturity for event in happened if isinstance(event, Restructured)]
    end = max((day for day in (terms.nominal_maturity, *ends) if day is not None), default=None)
    wanted = linked(replace(terms, rate_changes=()), link, table, end=end)
    return _steps(wanted, wanted.rate_changes)


def _borne(terms: Terms, happened: Sequence[Happened]) -> list[RateChange]:
    """What the loan bears, step by step; of a day new terms count after its changes of rate."""
    changes = [RateChange(one.effective_on, one.annual_rate) for one in happened if isinstance(one, RateChanged)]
    renewed = [
        step
        for one in happened
        if isinstance(one, Restructured)
        for step in (RateChange(one.effective_on, one.terms.annual_rate), *one.terms.rate_changes)
    ]
    return _steps(terms, (*terms.rate_changes, *changes, *renewed))


def _steps(terms: Terms, changes: Iterable[RateChange]) -> list[RateChange]:
    """The rate of the first day, and every change of it; the later one of a day counts."""
    return [RateChange(date.min, terms.annual_rate), *sorted(changes, key=lambda change: change.on)]


def _rate_on(steps: Sequence[RateChange], day: date) -> Decimal:
    """The rate in force on a day; steps stand in order."""
    return [step.annual_rate for step in steps if step.on <= day][-1]
