"""Any terms that make sense, for hypothesis: every currency, day count, kind of loan and end of month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.money import from_minor, minor_digits
from loans.bank_holidays import CALENDARS, calendar_days
from loans.domain.calendar import BusinessDayConvention, BusinessDays, Interval, MonthEnd, Recurrence, Unit
from loans.domain.conventions import Amortisation, InterestMethod, Pattern, RateChange, Stub, Tranche
from loans.domain.day_count import DayCount
from loans.domain.due_dates import due_dates, solving_dates
from loans.domain.errors import ImpossibleTerms
from loans.domain.rounding import Rounding, RoundingMode
from loans.domain.terms import Terms

Change = Callable[[Terms, st.DrawFn], dict[str, Any]]

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "BHD"])
RATES = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.06"), Decimal("0.5")]),
    st.decimals(min_value=0, max_value=Decimal("0.5"), places=5),
)
PERIODS = st.one_of(st.integers(1, 24), st.integers(1, 120), st.integers(1, 480))
MONTH_ENDS = st.sampled_from([date(2027, 1, 31), date(2027, 2, 28), date(2028, 2, 29), date(2026, 11, 30)])
DAYS = st.one_of(MONTH_ENDS, st.dates(date(2000, 1, 1), date(2060, 12, 31)))
MONTHS = st.sampled_from([Interval(1, Unit.MONTH)] * 3 + [Interval(3, Unit.MONTH), Interval(1, Unit.YEAR)])
INTERVALS = st.one_of(MONTHS, st.sampled_from([Interval(2, Unit.WEEK), Interval(9, Unit.DAY), Interval(7, Unit.MONTH)]))
KINDS = st.sampled_from([Amortisation.ANNUITY, Amortisation.ANNUITY, Amortisation.EQUAL_PRINCIPAL, Amortisation.BULLET])
RULES = st.sampled_from(MonthEnd)
DAY_COUNTS = st.sampled_from(DayCount)
WEIGHTS = st.sampled_from([Decimal(weight) for weight in ("0", "0", "0.9", "1", "1.1", "2")])


@st.composite
def principals(draw: st.DrawFn) -> Money:
    """From 0.01 (or the currency's smallest unit) to 10^9."""
    currency = draw(CURRENCIES)
    most = 10 ** (9 + minor_digits(currency))
    return from_minor(draw(st.one_of(st.integers(1, 1000), st.integers(1, 10**8), st.integers(1, most))), currency)


@st.composite
def business_days(draw: st.DrawFn) -> BusinessDays:
    """A rule of the contract, with the bank holidays of a real calendar."""
    name = draw(st.sampled_from(CALENDARS))
    return BusinessDays(name, calendar_days(name), draw(st.sampled_from(BusinessDayConvention)), draw(st.booleans()))


@st.composite
def plain_terms(
    draw: st.DrawFn,
    *,
    kinds: st.SearchStrategy[Amortisation] = KINDS,
    day_counts: st.SearchStrategy[DayCount] = DAY_COUNTS,
    intervals: st.SearchStrategy[Interval] = INTERVALS,
    month_ends: st.SearchStrategy[MonthEnd] = RULES,
    most: int = 480,
) -> Terms:
    """One recurrence and nothing special."""
    drawn_on, principal = draw(DAYS), draw(principals())
    days = draw(st.one_of(st.just(0), st.integers(0, 40)))
    return Terms(
        principal=principal,
        annual_rate=draw(RATES),
        drawn_on=drawn_on,
        principal_due=Recurrence(drawn_on + timedelta(days=days), draw(intervals), not days, draw(month_ends)),
        instalments=min(draw(PERIODS), most),
        amortisation=draw(kinds),
        day_count=draw(day_counts),
        rounding=Rounding(minor_digits(str(principal.currency.code)), draw(st.sampled_from(RoundingMode))),
    )


@st.composite
def any_terms(
    draw: st.DrawFn, plain: st.SearchStrategy[Terms] | None = None, changes: Sequence[Change] | None = None
) -> Terms:
    """Plain terms with up to three of the things that make loans different from each other."""
    terms = draw(plain_terms() if plain is None else plain)
    for change in draw(st.lists(st.sampled_from(changes or CHANGES), max_size=3, unique=True)):
        try:
            terms = replace(terms, **change(terms, draw))
        except ImpossibleTerms:
            reject()
    return _with_dates(terms)


def _with_dates(terms: Terms) -> Terms:
    """Terms that make sense can still ask for more due dates than are counted: two weeks apart, for 480 years."""
    try:
        solving_dates(terms, terms.planned_drawn_on, due_dates(terms, terms.planned_drawn_on))
    except ImpossibleTerms:
        reject()
    return terms


def day_within(terms: Terms, draw: st.DrawFn) -> date:
    """A day from the first to the one before the last."""
    start, end = terms.planned_drawn_on, terms.nominal_maturity
    assert end is not None
    return start + timedelta(days=draw(st.integers(0, max((end - start).days - 1, 0))))


def some_periods(terms: Terms, draw: st.DrawFn) -> int:
    """Some of the periods, not all."""
    return draw(st.integers(0, max((terms.instalments or 1) - 1, 0)))


def shifted(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Due dates move off bank holidays."""
    return {"business_days": draw(business_days())}


def flat(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Interest on the original principal."""
    return {"interest_method": InterestMethod.FLAT}


def interest_only(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """A principal holiday at the beginning."""
    return {"interest_only_periods": some_periods(terms, draw)}


def interest_free(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """No interest at the beginning."""
    return {"interest_free_periods": some_periods(terms, draw)}


def deferred(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """The first interest falls due later."""
    return {"deferred_interest_periods": some_periods(terms, draw)}


def capitalised(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Interest added to principal for a while."""
    return {"capitalise_interest_until": day_within(terms, draw)}


def drawn_in_parts(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Up to four drawdowns, the first of them on the first day."""
    left = int(terms.principal.amount.scaleb(terms.rounded.places))
    days = [terms.planned_drawn_on, *(day_within(terms, draw) for _ in range(draw(st.integers(0, min(3, left - 1)))))]
    tranches = []
    for no, day in enumerate(days, 1):
        more = len(days) - no
        units = draw(st.integers(1, left - more)) if more else left
        left -= units
        tranches.append(Tranche(day, from_minor(units, terms.currency)))
    return {"drawdowns": tuple(tranches)}


def rates_change(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Up to four changes of the rate, in mid-period too."""
    days = {day_within(terms, draw) for _ in range(draw(st.integers(1, 4)))}
    return {"rate_changes": tuple(RateChange(day, draw(RATES)) for day in sorted(days))}


def seasonal(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Months of nothing, of a little less or more, or of twice as much."""
    months = draw(st.lists(st.tuples(st.integers(1, 12), WEIGHTS), max_size=4, unique_by=lambda pair: pair[0]))
    return {"pattern": Pattern(tuple(months), terms.pattern.steps)}


def stepped(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Payments that go up and down in steps."""
    steps = draw(st.lists(st.tuples(st.integers(1, 60), WEIGHTS), max_size=3, unique_by=lambda pair: pair[0]))
    return {"pattern": Pattern(terms.pattern.by_month, tuple(steps))}


def ends_between(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """A maturity that is none of the due dates, with a short or a long last period."""
    end = day_within(terms, draw) + timedelta(days=1)
    return {"instalments": None, "maturity": max(end, terms.first_due_on), "stub": draw(st.sampled_from(Stub))}


def balloon(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Payments as if the loan went on longer than it does."""
    end = terms.nominal_maturity
    assert end is not None
    return {"amortised_to": end + timedelta(days=draw(st.integers(0, 4000)))}


def taken_over(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Interest had accrued before the first day."""
    return {"accrued_interest": Decimal(draw(st.integers(0, 10**6))).scaleb(-terms.rounded.places)}


def interest_apart(terms: Terms, draw: st.DrawFn) -> dict[str, Any]:
    """Interest on dates of its own."""
    return {"interest_due": Recurrence(terms.planned_drawn_on, draw(MONTHS), after=True)}


SPECIAL: tuple[Change, ...] = (shifted, interest_only, interest_free, drawn_in_parts, rates_change, taken_over)
CHANGES: tuple[Change, ...] = (
    *(*SPECIAL, flat, deferred, capitalised, seasonal, stepped),
    *(ends_between, balloon, interest_apart),
)
