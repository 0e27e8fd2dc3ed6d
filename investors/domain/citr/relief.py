"""How much relief is there for each tax year? 5% of the invested amount, and what is not used carries forward.

The invested amount of a loan is an average capital balance: the mean of daily balances, each at the close of the day.
HMRC publishes which days (CITM6090); that the mean is rounded half up to the penny is our reading, so an average of a
balance that moved is an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from investors.domain.citr.loan import YEARS, CitrLoan
from investors.domain.citr.tax_year import TaxYear
from investors.domain.errors import ImpossibleTaxRelief
from investors.domain.result_sharing import capital_days
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text
from loans.domain.calendar import add_months
from loans.domain.provision import part_of
from loans.domain.rounding import RoundingMode, divide

RATE = Decimal("0.05")
"""Of the invested amount, for each of five tax years (ITA 2007 s335)."""

Balances = Sequence[tuple[date, Money]]
"""The capital outstanding from a day on, in order."""


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of the daily balances from `since` (inclusive) to `until` (exclusive), and whether it is an estimate."""

    since: date
    until: date
    amount: Money
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class InvestedAmount:
    """What relief for a tax year is worked out from."""

    tax_year: TaxYear
    average: Average

    @property
    def amount(self) -> Money:
        """The invested amount."""
        return self.average.amount

    @property
    def relief(self) -> Money:
        """5% of it, rounded half up to the penny."""
        return part_of_money(self.amount, RATE)


@dataclass(frozen=True, slots=True)
class ReliefYear:
    """A tax year's relief: `relief` + `brought_forward` = `used` + `carried_forward` + `lost`.

    `liability` is the tax before this relief; where it is not known the relief is taken to be used in full, as an
    estimate. After the fifth year what is left is lost.
    """

    tax_year: TaxYear
    relief: Money
    brought_forward: Money
    liability: Money | None
    used: Money
    carried_forward: Money
    lost: Money
    is_estimate: bool

    @property
    def tax_left(self) -> Money | None:
        """The tax that remains to be paid, where the liability is known."""
        return None if self.liability is None else self.liability - self.used


def part_of_money(amount: Money, share: Decimal) -> Money:
    """A share of an amount, rounded half up to the penny."""
    currency = amount.currency.code
    return from_minor(part_of(to_minor(amount.amount, currency), share), currency)


def average_balance(balances: Balances, since: date, until: date, *, as_of: date | None = None) -> Average:
    """The average capital balance over some days; days after `as_of` count with the last balance, as an estimate.

    Raises ImpossibleTaxRelief where no balance is known.
    """
    if not balances:
        raise ImpossibleTaxRelief(
            f"No balance of the investment is known from {date_text(since)} to {date_text(until)}. Give what was "
            "drawn; nothing was changed."
        )
    days = (until - since).days
    moved = any(since < day < until for day, _ in balances)
    currency = balances[0][1].currency.code
    mean = divide(capital_days(balances, since, until), days, RoundingMode.HALF_UP)
    not_over = as_of is not None and as_of < until
    return Average(since, until, from_minor(mean, currency), moved or not_over)


def second_year_end(loan: CitrLoan, balances: Balances, *, as_of: date | None = None) -> Average:
    """The average of the six months that begin 18 months after the investment date: months 19 to 24."""
    return average_balance(balances, add_months(loan.invested_on, 18), loan.anniversary(2), as_of=as_of)


def invested_amounts(loan: CitrLoan, balances: Balances, *, as_of: date) -> tuple[InvestedAmount, ...]:
    """The invested amount of each of the five tax years (ITA 2007 s337; CITM6090).

    For the first two it is the average of the first and the second year of the loan. For each later one it is the
    average of the year from the anniversary in that tax year, or of months 19 to 24 where that is smaller.
    """
    found = list[InvestedAmount]()
    for number, tax_year in enumerate(loan.tax_years, 1):
        average = average_balance(balances, *loan.year(number), as_of=as_of)
        if number > 2:
            average = min(average, second_year_end(loan, balances, as_of=as_of), key=lambda each: each.amount)
        found.append(InvestedAmount(tax_year, average))
    return tuple(found)


def relief_years(
    invested: Sequence[InvestedAmount], liabilities: Mapping[TaxYear, Money] | None = None
) -> tuple[ReliefYear, ...]:
    """Relief used, carried forward within the five years, and lost after them (HS237; CITM6031).

    `liabilities` are the investor's tax before this relief, by tax year.
    """
    known = liabilities or {}
    brought, years = 0 * invested[0].amount, list[ReliefYear]()
    for number, each in enumerate(invested, 1):
        liability = known.get(each.tax_year)
        there_is = each.relief + brought
        used = there_is if liability is None else min(there_is, max(liability, 0 * liability))
        left = there_is - used
        carried, lost = (left, 0 * left) if number < YEARS else (0 * left, left)
        is_estimate = each.average.is_estimate or liability is None
        years.append(ReliefYear(each.tax_year, each.relief, brought, liability, used, carried, lost, is_estimate))
        brought = carried
    return tuple(years)
