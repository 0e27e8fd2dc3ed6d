"""On which days does a schedule ask for something, and for what? All dates counted from their anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, Stub
from loans.domain.day_count import DayCount
from loans.domain.errors import ImpossibleTerms

if TYPE_CHECKING:
    from loans.domain.terms import Terms

PRINCIPAL, INTEREST, MATURITY = 1, 2, 4
"""What falls due on a date, added up; at maturity it is everything that is still owed."""

MAX_DATES = 5000
"""More due dates than this are refused. Payments that go on until the loan is clear are tried as often as this."""

LATEST = date(2999, 12, 31)
"""Loans end by this day."""


class Due(NamedTuple):
    """A date of the schedule: as counted, until when interest runs, when money is due, and what is due."""

    nominal: date
    accrues_to: date
    due_on: date
    pays: int


_due: Callable[[tuple[date, date, date, int]], Due] = partial(tuple.__new__, Due)
"""A due date out of a tuple, without the detour over keyword arguments: there is one for every row."""


def due_dates(terms: Terms, drawn_on: date) -> list[Due]:
    """All due dates from `drawn_on` on, in order. Raises ImpossibleTerms where there are too many.

    Dates before `drawn_on` are not counted: a running loan is taken over with the anchor that it has.
    """
    principal = principal_dates(terms, drawn_on)
    interest = _interest_dates(terms, drawn_on, principal)
    if interest is principal:
        days, pays = principal, [PRINCIPAL | INTEREST] * len(principal)
    else:
        days, pays = _union(principal, interest)
    if not terms.endless:
        pays[-1] = PRINCIPAL | INTEREST | MATURITY
    if terms.pattern:
        pays = list(_without_idle_seasons(terms, days, pays))
    return _shifted(terms, days, pays, drawn_on)


def solving_dates(terms: Terms, drawn_on: date, dues: list[Due]) -> list[Due]:
    """The dates over which a level payment is solved: those of principal, or on to `amortised_to`."""
    if terms.amortised_to is None or terms.principal_due is None:
        return [due for due in dues if due.pays & PRINCIPAL]
    days = regular_dates(terms.principal_due, drawn_on, None, terms.amortised_to, Stub.SHORT, "amortised_to")
    return _shifted(terms, days, [PRINCIPAL] * len(days), drawn_on)


def principal_dates(terms: Terms, drawn_on: date) -> list[date]:
    """The dates on which principal falls due, the maturity last."""
    if terms.amortisation is Amortisation.BULLET:
        return _bullet_dates(terms, drawn_on)[-1:]
    return regular_dates(terms.cycle, drawn_on, terms.instalments, terms.maturity, terms.stub)


def _bullet_dates(terms: Terms, drawn_on: date) -> list[date]:
    due = terms.interest_due or terms.cycle
    return regular_dates(due, drawn_on, terms.instalments, terms.maturity, terms.stub)


def _interest_dates(terms: Terms, drawn_on: date, principal: list[date]) -> list[date]:
    """The dates on which interest falls due; the principal dates themselves where nothing else is agreed."""
    if terms.amortisation is Amortisation.BULLET:
        found = _bullet_dates(terms, drawn_on)
    elif terms.interest_due is None:
        found = principal
    elif terms.pays_level:
        dates = terms.interest_due.dates(since=drawn_on)
        found = [*_capped(takewhile(lambda day: day < principal[0], dates), terms.interest_due), *principal]
    elif terms.endless:
        found = list(islice(_until(terms.interest_due.dates(since=drawn_on), principal[-1]), MAX_DATES))
    else:
        found = regular_dates(terms.interest_due, drawn_on, None, principal[-1], terms.stub)
    until = terms.capitalise_interest_until
    if until is None or until > found[-1] or until < drawn_on or (until == drawn_on and not terms.accrued_interest):
        return found
    return [*found, until]


def regular_dates(
    due: Recurrence, drawn_on: date, number: int | None, end: date | None, stub: Stub, field: str = "maturity"
) -> list[date]:
    """The dates of a recurrence from `drawn_on` on: so many, or up to and including `end`, or as many as are tried.

    Raises ImpossibleTerms, naming the field that `end` comes from.
    """
    dates = due.dates(since=drawn_on)
    if end is None:
        return list(islice(dates, number)) if number else list(islice(_until(dates, LATEST), MAX_DATES))
    if number:
        return [*islice(dates, number - 1), end]
    found = _capped(_until(dates, end), due, field)
    if found and found[-1] == end:
        return found
    if stub is Stub.LONG and found and Recurrence(found[-1], due.every, month_end=due.month_end).nth(1) != end:
        found.pop()
    return [*found, end]


def _until(dates: Iterable[date], end: date) -> Iterator[date]:
    return takewhile(lambda day: day <= end, dates)


def _capped(dates: Iterable[date], due: Recurrence, field: str = "maturity") -> list[date]:
    found = list(islice(dates, MAX_DATES + 1))
    if len(found) > MAX_DATES:
        raise ImpossibleTerms(
            field, f"Every {due.every} there would be more than {MAX_DATES} due dates. End the loan earlier."
        )
    return found


def _union(principal: list[date], interest: list[date]) -> tuple[list[date], list[int]]:
    """All dates in order, and what is due on each."""
    pays = dict.fromkeys(interest, INTEREST)
    for day in principal:
        pays[day] = pays.get(day, 0) | PRINCIPAL
    days = sorted(pays)
    return days, [pays[day] for day in days]


def _without_idle_seasons(terms: Terms, days: list[date], pays: list[int]) -> Iterator[int]:
    """A payment of weight nought asks for nothing: the interest of its period falls due with that of the next one."""
    no, until = -terms.interest_only_periods, terms.capitalise_interest_until
    for day, due in zip(days, pays, strict=True):
        no += bool(due & PRINCIPAL)
        is_capitalised = until is not None and day <= until
        idle = due == PRINCIPAL | INTEREST and no > 0 and not is_capitalised and not terms.pattern.weight(no, day)
        yield PRINCIPAL if idle else due


def _shifted(terms: Terms, days: list[date], pays: list[int], drawn_on: date) -> list[Due]:
    """With the days that money moves and interest runs to; the nominal count ignores the calendar altogether.

    Nothing falls due before the loan is drawn, which does not shift.
    """
    rule, moved = terms.business_days, days
    if rule is not None:
        moved = [max(rule.shift(day), drawn_on) for day in days]
    adjusted = rule is not None and rule.interest_adjusted and terms.day_count is not DayCount.NOMINAL
    return list(map(_due, zip(days, moved if adjusted else days, moved, pays, strict=True)))
