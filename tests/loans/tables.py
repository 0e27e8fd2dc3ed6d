"""Schedules and positions as tables that a banker can read and amend."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain.calendar import BusinessDays
from loans.domain.events import Event
from loans.domain.position import Position, position
from loans.domain.schedule import Instalment, planned_schedule
from loans.domain.terms import Terms
from loans.domain.terms import annuity as agreed_annuity

_BANK_HOLIDAYS = """
    2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
    2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
    2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
"""
ENGLAND = BusinessDays("GB-ENG", frozenset(date.fromisoformat(day) for day in _BANK_HOLIDAYS.split()))


def pounds(amount: str) -> Money:
    """Pounds sterling from text."""
    return Money(Decimal(amount), "GBP")


def netherby() -> Terms:
    """The terms of loan L-0108 of the demo story."""
    return annuity("35000.00", "6%", 60, "2025-06-01", business_days=ENGLAND)


def annuity(principal: str, rate: str, months: int, first: str, business_days: BusinessDays | None = None) -> Terms:
    """Terms in pounds; the rate is written as people write it: `6%`."""
    return agreed_annuity(
        pounds(principal),
        Decimal(rate.rstrip("%")) / 100,
        months,
        date.fromisoformat(first),
        business_days=business_days,
    )


def rows(table: str) -> list[list[str]]:
    """The rows of a table as lists of words; lines that start with # are its head."""
    lines = (line.split() for line in table.strip().splitlines())
    return [words for words in lines if words and words[0] != "#"]


def schedule_table(terms: Terms, numbers: Iterable[int] = ()) -> list[list[str]]:
    """The planned schedule as rows of text: no, due, principal, interest, balance; all rows, or those numbered."""
    return instalment_table(planned_schedule(terms), numbers)


def instalment_table(instalments: Iterable[Instalment], numbers: Iterable[int] = ()) -> list[list[str]]:
    """Instalments as rows of text."""
    wanted = set(numbers)
    return [
        [
            str(row.no),
            row.due_on.isoformat(),
            *(f"{part.amount}" for part in (row.principal, row.interest, row.balance)),
        ]
        for row in instalments
        if not wanted or row.no in wanted
    ]


def position_table(terms: Terms, events: Iterable[Event], days: Iterable[str]) -> list[list[str]]:
    """Positions as rows of text: as of, principal outstanding, interest due, in advance, arrears, days past due."""
    known = list(events)
    return [_position_row(position(terms, known, date.fromisoformat(day))) for day in days]


def _position_row(at: Position) -> list[str]:
    amounts = (at.principal_outstanding, at.interest_due, at.in_advance, at.arrears)
    return [at.as_of.isoformat(), *(f"{amount.amount}" for amount in amounts), str(at.days_past_due)]
