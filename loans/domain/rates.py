"""What does money cost in a year? Effective and nominal rates, the APR, flat rates and rates of return.

All rates are fractions: 0.06 is 6% a year. Money lent is negative, money repaid positive. `docs/maths/apr.md` and
`docs/maths/flat-rate.md` work examples.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from loans.domain.calendar import add_months
from loans.domain.errors import ImpossibleTerms
from loans.domain.present_value import Flow, context
from loans.domain.roots import nearest_rate

EXACTLY = context(50)
MONTHS = 12
DAYS = 365


class AprInterval(StrEnum):
    """What is counted whole between two dates; the names are those of the calculator commands."""

    MONTHS = "months"
    YEARS = "years"


def apr(flows: Iterable[tuple[Fraction, Decimal]]) -> Decimal:
    """The annual percentage rate of charge of sums at times in years: Σ amount × (1 + APR)^−time = 0.

    Directive 2008/48/EC Annex I; FCA CONC App 1.2. Times count from any common origin. Of several rates the nearest to
    nought; raises NoRate.

    >>> round(apr([(Fraction(0), Decimal(-1000)), (Fraction(3, 2), Decimal(1200))]), 6)
    Decimal('0.129243')
    """
    return nearest_rate(Flow(amount, time) for time, amount in flows)


def apr_on_dates(flows: Sequence[tuple[date, Decimal]], interval: AprInterval = AprInterval.MONTHS) -> Decimal:
    """The annual percentage rate of charge of dated sums, by `years_between` from the earliest. Raises NoRate."""
    first = _earliest(flows)
    return apr((years_between(first, on, interval), amount) for on, amount in flows)


def years_between(first: date, on: date, interval: AprInterval = AprInterval.MONTHS) -> Fraction:
    """The time in years from `first` to `on`: whole months (or years), counted back from `on`, and odd days.

    A day that a month lacks is its last. Odd days count over 365, or 366 where the year that ends on the last counted
    day holds a 29 February: Directive 2008/48/EC Annex I, remark (c), as 2014/17/EU Annex I spells it out.

    >>> years_between(date(2013, 1, 12), date(2013, 2, 15)) == Fraction(1, 12) + Fraction(3, 366)
    True
    """
    months = MONTHS * (on.year - first.year) + on.month - first.month
    if add_months(on, -months) < first:
        months -= 1
    if interval is AprInterval.YEARS:
        months -= months % MONTHS
    counted = add_months(on, -months)
    return Fraction(months, MONTHS) + Fraction((counted - first).days, _days_of_year_to(counted))


def _days_of_year_to(day: date) -> int:
    """365 or 366: the days of the year after the same day of the year before, up to and including `day`."""
    holds_leap_day = isleap(day.year if (day.month, day.day) > (2, 28) else day.year - 1)
    return DAYS + 1 if holds_leap_day else DAYS


def actuarial_annual_rate(flows: Iterable[tuple[Fraction, Decimal]], periods_per_year: Fraction) -> Decimal:
    """The nominal annual rate of sums at times in unit-periods, the odd part of which bears simple interest.

    12 CFR 1026 (Regulation Z) Appendix J(b)(8): Σ amount / ((1 + f·i)·(1 + i)^t) = 0; the rate is periods × i. Times
    are from nought on. Raises NoRate.
    """
    rate = nearest_rate(Flow(amount, Fraction(time // 1), time % 1) for time, amount in flows)
    with localcontext(EXACTLY):
        return rate * periods_per_year.numerator / periods_per_year.denominator


def return_on_dates(flows: Sequence[tuple[date, Decimal]], near: Decimal | None = None) -> Decimal:
    """The effective annual rate of return of dated sums, days counted over 365 from the earliest; `near` is a guess.

    Of several rates the nearest to nought; raises NoRate.
    """
    first = _earliest(flows)
    return nearest_rate((Flow(amount, Fraction((on - first).days, DAYS)) for on, amount in flows), near)


def return_in_periods(flows: Iterable[tuple[int, Decimal]], near: Decimal | None = None) -> Decimal:
    """The rate of return for a period of sums at whole periods; `near` is a guess. Raises NoRate."""
    return nearest_rate((Flow(amount, Fraction(period)) for period, amount in flows), near)


def _earliest(flows: Iterable[tuple[date, Decimal]]) -> date:
    """The day of the first flow; any day where there is none, which then has no rate."""
    return min((on for on, _ in flows), default=date.max)


def effective_rate(nominal: Decimal, periods_per_year: int = MONTHS) -> Decimal:
    """The effective annual rate of a nominal one that is compounded so many times a year: (1 + r/n)^n − 1.

    >>> round(effective_rate(Decimal("0.06")), 6)
    Decimal('0.061678')
    """
    with localcontext(EXACTLY):
        return (1 + nominal / periods_per_year) ** periods_per_year - 1


def nominal_rate(effective: Decimal, periods_per_year: int = MONTHS) -> Decimal:
    """The nominal rate that, compounded so many times a year, gives an effective one: n × ((1 + e)^(1/n) − 1).

    Raises ImpossibleTerms for an effective rate of −100% or less.
    """
    if effective <= -1:
        raise ImpossibleTerms("annual_rate", f"An effective rate of {effective} leaves nothing: it is above −1.")
    with localcontext(EXACTLY):
        return periods_per_year * (((1 + effective).ln() / periods_per_year).exp() - 1)


def nominal_of_flat(flat: Decimal, months: int) -> Decimal:
    """The nominal rate on what is owed that a flat rate on the amount lent comes to, in level monthly instalments.

    Each instalment is P·(1 + f·n/12)/n, and twelve times the rate at which they are worth P is the answer. Raises
    ImpossibleTerms where there are no months, or nothing is repaid.

    >>> round(nominal_of_flat(Decimal("0.042"), 60), 5)
    Decimal('0.07770')
    """
    _refuse_no_months(months)
    with localcontext(EXACTLY):
        instalment = MONTHS + flat * months  # of a loan of 12 × months, so that nothing is rounded
        if instalment <= 0:
            raise ImpossibleTerms("annual_rate", f"At a flat rate of {flat} over {months} months nothing is repaid.")
        flows = [(0, Decimal(-MONTHS * months)), *((month, instalment) for month in range(1, months + 1))]
        return MONTHS * return_in_periods(flows)


def flat_of_nominal(nominal: Decimal, months: int) -> Decimal:
    """The flat rate whose instalments are those of a nominal rate: the other way round from `nominal_of_flat`.

    Raises ImpossibleTerms where there are no months, or the rate is −100% a month or less.
    """
    _refuse_no_months(months)
    with localcontext(EXACTLY):
        rate = nominal / MONTHS
        if rate <= -1:
            raise ImpossibleTerms("annual_rate", f"A nominal rate of {nominal} leaves nothing: it is above −12.")
        worth = sum(((1 + rate) ** -month for month in range(1, months + 1)), Decimal(0))
        return (months / worth - 1) * MONTHS / months


def in_percent(rate: Decimal, decimals: int = 1) -> Decimal:
    """A rate as it is shown to people: in percent, half up, to one decimal by Annex I remark (d) and CONC App 1.2.

    >>> in_percent(Decimal("0.0805")), in_percent(Decimal("0.080549"), 2)
    (Decimal('8.1'), Decimal('8.05'))
    """
    return (rate * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACTLY)


def rate_text(rate: Decimal) -> str:
    """An agreed rate (a fraction) in percent as it was agreed: all its decimals, two at least, and never rounded.

    >>> rate_text(Decimal("0.04")), rate_text(Decimal("0.041250"))
    ('4.00%', '4.125%')
    """
    whole, _, decimals = f"{(rate * 100).normalize():f}".partition(".")
    return f"{whole}.{decimals:0<2}%"


def _refuse_no_months(months: int) -> None:
    if months < 1:
        raise ImpossibleTerms("months", f"A term of {months} months is not possible: it is at least one.")
