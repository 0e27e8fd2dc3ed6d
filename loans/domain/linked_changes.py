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
from loans.domain.linked_rates import BaseRate, LinkedRate, linked
from loans.domain.terms import Terms
from loans.domain.words import date_text


def refuse_gap(index: str, table: Sequence[BaseRate], first_day: date) -> None:
    """Raise BaseRateGap where no rate is in force on a loan's first day, naming the days without one."""
    first = min((base.on for base in table), default=None)
    if first is not None and first <= first_day:
        return
    until = f"to {date_text(first - timedelta(days=1))}" if first else "on: its table is empty"
    raise BaseRateGap(
        f"{index} has no rate in force from {date_text(first_day)} {until}. "
        "Add the one that was in force then; nothing was changed."
    )


def rate_changes_due(
    terms: Terms, borne: Iterable[RateChange], link: LinkedRate, table: Iterable[BaseRate], *, since: date
) -> tuple[RateChange, ...]:
    """The changes that bring what a loan bears from a day on to what its link gives, in order; none where it does.

    `borne` are the changes that were recorded, beside those that the terms know. Raises ImpossibleTerms where the table
    has no rate for the first day, or two for one day.

    >>> from loans.domain.terms import annuity
    >>> from moneyed import Money
    >>> lent = annuity(Money(1000, "GBP"), Decimal("0.0675"), 12, date(2027, 1, 31))
    >>> table = [BaseRate(date(2026, 1, 1), Decimal("0.0375")), BaseRate(date(2027, 5, 1), Decimal("0.04"))]
    >>> rate_changes_due(lent, [], LinkedRate(Decimal("0.03")), table, since=date(2027, 5, 1))
    (RateChange(on=datetime.date(2027, 5, 1), annual_rate=Decimal('0.07')),)
    """
    wanted = linked(replace(terms, rate_changes=()), link, table)
    should, does = _steps(wanted, wanted.rate_changes), _steps(terms, (*terms.rate_changes, *borne))
    start = max(since, terms.planned_drawn_on)
    days = sorted({start, *(step.on for step in (*should, *does) if step.on > start)})
    due: list[RateChange] = []
    for day in days:
        after = _rate_on(sorted((*does, *due), key=lambda step: step.on), day)
        rate = _rate_on(should, day)
        if after != rate:
            due.append(RateChange(day, rate))
    return tuple(due)


def _steps(terms: Terms, changes: Iterable[RateChange]) -> list[RateChange]:
    """The rate of the first day, and every change of it; the later one of a day counts."""
    return [RateChange(date.min, terms.annual_rate), *sorted(changes, key=lambda change: change.on)]


def _rate_on(steps: Sequence[RateChange], day: date) -> Decimal:
    """The rate in force on a day; steps stand in order."""
    return [step.annual_rate for step in steps if step.on <= day][-1]
