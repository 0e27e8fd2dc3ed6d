"""Which rate does an index-linked loan bear, and from when? A table of base rates, a margin, a floor and a cap.

`docs/maths/index-linked.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, takewhile

from loans.domain.calendar import Recurrence
from loans.domain.conventions import RateChange
from loans.domain.errors import ImpossibleTerms
from loans.domain.terms import Terms
from loans.domain.words import date_text


@dataclass(frozen=True, slots=True)
class BaseRate:
    """A published rate, such as Bank Rate, in force from a day until the next one. A fraction: 0.0375 is 3.75%."""

    on: date
    annual_rate: Decimal


@dataclass(frozen=True, slots=True)
class LinkedRate:
    """How a loan's rate follows a base rate. Raises ImpossibleTerms where the floor is above the cap.

    The loan bears base + `margin`, never below `floor` nor above `cap`: both are bounds of what is charged, margin
    included. `resets` are the days on which it is set anew; without them it follows each change from its own day.
    """

    margin: Decimal
    floor: Decimal | None = None
    cap: Decimal | None = None
    resets: Recurrence | None = None

    def __post_init__(self) -> None:
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise ImpossibleTerms("floor", f"A floor of {self.floor} is above the cap of {self.cap}. Lower the floor.")

    def rate(self, base: Decimal) -> Decimal:
        """What the loan bears while the base rate is `base`.

        >>> LinkedRate(Decimal("0.03"), floor=Decimal("0.05")).rate(Decimal("0.0175"))
        Decimal('0.05')
        """
        charged = base + self.margin
        if self.floor is not None:
            charged = max(charged, self.floor)
        return charged if self.cap is None else min(charged, self.cap)


def linked(terms: Terms, link: LinkedRate, table: Iterable[BaseRate], *, end: date | None = None) -> Terms:
    """The same terms with the rates that the table gives, as far as it is known: its last rate goes on.

    Up to `end`, the maturity of the terms unless given.
    Raises ImpossibleTerms where the table has no rate for the first day, or two for one day.
    """
    first, *later = _charged(
        link, sorted(table, key=lambda base: base.on), terms, end or terms.nominal_maturity or date.max
    )
    changes = tuple(change for before, change in pairwise([first, *later]) if before.annual_rate != change.annual_rate)
    return replace(terms, annual_rate=first.annual_rate, rate_changes=changes)


def _charged(link: LinkedRate, table: Sequence[BaseRate], terms: Terms, end: date) -> Iterator[RateChange]:
    """The rate on the first day, and on every later day on which it is set."""
    start = terms.planned_drawn_on
    if double := next((one.on for one, other in pairwise(table) if one.on == other.on), None):
        raise ImpossibleTerms("base_rates", f"Two base rates are in force from {date_text(double)}. Keep one of them.")
    yield RateChange(start, link.rate(_in_force(table, start)))
    if link.resets is None:
        yield from (RateChange(base.on, link.rate(base.annual_rate)) for base in table if start < base.on < end)
        return
    last = min(end, max(table[-1].on, link.resets.nth(link.resets.place(table[-1].on) + 1)))
    for day in takewhile(lambda day: day <= last, link.resets.dates()):
        if start < day < end:
            yield RateChange(day, link.rate(_in_force(table, day)))


def _in_force(table: Sequence[BaseRate], day: date) -> Decimal:
    known = [base for base in table if base.on <= day]
    if not known:
        raise ImpossibleTerms(
            "base_rates", f"The table has no base rate for {date_text(day)}. Add the one that was in force then."
        )
    return known[-1].annual_rate
