"""Random loans of everyday kinds, many of them flat, and what may happen to them: small, for many quick tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.money import from_minor, to_minor
from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.day_count import DayCount
from loans.domain.events import Drawn, Event, FeeCharged, HolidayGranted, RateChanged, Repaid, WrittenOff
from loans.domain.servicing import DefaultInterest, FlatSettlement, HolidayInterest, Prepayment, Servicing
from loans.domain.terms import Terms
from tests.loans.tables import ENGLAND

METHODS = [None, None, *FlatSettlement]
DAY_COUNTS = [DayCount.THIRTY_E_360, DayCount.ACTUAL_365_FIXED, DayCount.ACTUAL_ACTUAL_ISDA]
KINDS = [Amortisation.ANNUITY, Amortisation.ANNUITY, Amortisation.EQUAL_PRINCIPAL, Amortisation.BULLET]


@st.composite
def agreements(draw: st.DrawFn) -> Terms:
    """A loan of up to three years, a good part of them flat, some with default interest or bank holidays."""
    first, number = draw(st.dates(date(2025, 6, 1), date(2026, 6, 30))), draw(st.integers(1, 36))
    method, kind = draw(st.sampled_from(METHODS)), draw(st.sampled_from(KINDS))
    late = st.builds(DefaultInterest, st.decimals(0, Decimal("0.3"), places=3), st.integers(0, 9), st.booleans())
    return Terms(
        principal=from_minor(draw(st.integers(100, 10**8)), "GBP"),
        annual_rate=draw(st.decimals(0, Decimal("0.3"), places=4)),
        principal_due=None if kind is Amortisation.BULLET else Recurrence(first),
        interest_due=Recurrence(first) if kind is Amortisation.BULLET else None,
        instalments=number,
        drawn_on=first - timedelta(days=draw(st.integers(1, 40))),
        amortisation=kind,
        interest_method=InterestMethod.FLAT if method else InterestMethod.DECLINING,
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        business_days=draw(st.sampled_from([None, ENGLAND, replace(ENGLAND, interest_adjusted=True)])),
        interest_only_periods=draw(st.integers(0, min(2, number - 1))),
        deferred_interest_periods=draw(st.integers(0, min(2, number - 1))),
        servicing=Servicing(
            prepayment=draw(st.sampled_from(Prepayment)),
            default_interest=draw(st.none() | late),
            flat_settlement=method or FlatSettlement.ACTUARIAL,
        ),
    )


def fees(day: date, sequence: int, amounts: st.SearchStrategy[Money]) -> st.SearchStrategy[FeeCharged]:
    """A fee that is income at once, or over up to two years."""
    later = st.integers(1, 730).map(lambda number: day + timedelta(days=number))
    return st.builds(FeeCharged, st.just(day), st.just(sequence), amounts, earned_by=st.none() | later)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Terms, list[Event]]:
    """A loan and what happened to it, in any order of days."""
    terms = draw(agreements())
    start, lent = terms.planned_drawn_on, to_minor(terms.principal.amount, "GBP")
    days = st.integers(0, 31 * (terms.instalments or 0) + 60).map(lambda number: start + timedelta(days=number))
    amounts = st.integers(1, lent // 2).map(lambda units: from_minor(units, "GBP"))
    events: list[Event] = [Drawn(start, 1, terms.principal)]
    for sequence in range(2, 2 + draw(st.integers(0, 8))):
        happened = st.one_of(
            st.builds(Repaid, days, st.just(sequence), amounts, st.none() | st.sampled_from(Prepayment)),
            st.builds(Repaid, days, st.just(sequence), amounts),
            days.flatmap(lambda day, no=sequence: fees(day, no, amounts)),
            st.builds(RateChanged, days, st.just(sequence), st.decimals(0, Decimal("0.3"), places=4)),
            st.builds(
                HolidayGranted,
                days,
                st.just(sequence),
                st.integers(1, 3),
                st.sampled_from(HolidayInterest),
                st.booleans(),
            ),
            st.builds(WrittenOff, days, st.just(sequence), amounts),
        )
        events.append(draw(happened))
    return terms, events
