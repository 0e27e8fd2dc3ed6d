"""Was too much of a loan repaid, or value given back in another form, so that relief is withdrawn?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from moneyed import Money

from investors.domain.citr.claims import Ended, EndedBy
from investors.domain.citr.findings import Outcome
from investors.domain.citr.loan import YEARS, CitrLoan
from investors.domain.citr.relief import Balances, average_balance, part_of_money, second_year_end
from ledger.domain.words import date_text, money_text
from loans.domain.calendar import ONE_DAY

KEPT = {3: Decimal("0.75"), 4: Decimal("0.50"), 5: Decimal("0.25")}
"""The part of the average of months 19 to 24 that has to stand on average in each year (ITA 2007 s362)."""

INSIGNIFICANT_BELOW = Decimal(1000)
"""Pounds below which value is insignificant (CITM7070, CITM7100). Above, it hardly ever is: "trifling", says HMRC."""


@dataclass(frozen=True, slots=True)
class KeptBalance:
    """A year's average balance beside the permitted one. A difference of insignificant value withdraws nothing."""

    year: int
    average: Money
    permitted: Money
    is_estimate: bool

    @property
    def short(self) -> Money:
        """What is missing of the permitted balance; nought where it is kept."""
        return max(self.permitted - self.average, 0 * self.average)

    @property
    def is_kept(self) -> bool:
        """Whether the permitted balance is kept to the penny."""
        return not self.short

    @property
    def withdraws_relief(self) -> bool:
        """Whether all relief of the investment is withdrawn: short by more than an insignificant value."""
        return self.short.amount >= INSIGNIFICANT_BELOW

    @property
    def words(self) -> str:
        """What stood, what should have, and what follows."""
        average, permitted = money_text(self.average), money_text(self.permitted)
        stood = f"Year {self.year}: {average} stood on average; the permitted balance is {permitted}"
        if self.is_kept:
            return f"{stood}."
        follows = "all relief is withdrawn" if self.withdraws_relief else "insignificant, so no relief is withdrawn"
        return f"{stood}, {money_text(self.short)} more: {follows}."


def kept_balances(loan: CitrLoan, balances: Balances, *, as_of: date) -> tuple[KeptBalance, ...]:
    """The test of years 3, 4 and 5, for each that is over (ITA 2007 s362; CITM7050).

    `balances` are without non-standard repayments, which do not count here: those at the institution's own discretion,
    and those after it failed an obligation that any lender would have asked for.
    """
    base = second_year_end(loan, balances)
    found = list[KeptBalance]()
    for year in range(3, YEARS + 1):
        since, until = loan.year(year)
        if until <= as_of:
            average = average_balance(balances, since, until)
            estimate = average.is_estimate or base.is_estimate
            found.append(KeptBalance(year, average.amount, part_of_money(base.amount, KEPT[year]), estimate))
    return tuple(found)


def ended_by_repayment(loan: CitrLoan, balances: Balances, *, as_of: date) -> tuple[Ended, ...]:
    """What the repayments so far end, for the claims: the whole loan repaid, or more of it than is permitted."""
    repaid = [
        Ended(EndedBy.REPAID, day)
        for (_, before), (day, amount) in pairwise(balances)
        if before and not amount and day <= as_of
    ]
    over = [
        Ended(EndedBy.OVER_LIMITS, loan.anniversary(kept.year) - ONE_DAY)
        for kept in kept_balances(loan, balances, as_of=as_of)
        if kept.withdraws_relief
    ]
    return *repaid, *over


@dataclass(frozen=True, slots=True)
class ValueTreated:
    """What value received on a day comes to: `total` with earlier insignificant values, and since when it counts as
    repaid; `counts_from` is None where it is ignored."""

    on: date
    total: Money
    counts_from: date | None
    outcome: Outcome
    words: str
    is_estimate: bool


def value_received(loan: CitrLoan, receipts: Sequence[tuple[date, Money]]) -> tuple[ValueTreated, ...]:
    """How value from the institution other than interest and repayment counts (ITA 2007 s363, s365; CITM7070, 7100).

    It counts in the six years that begin one year before the investment. Values below £1,000 are ignored until, added
    up, they reach it; then the sum counts, as repaid on the first day of the year in which the last came, or on the
    investment date. That more than £1,000 is insignificant beside the balance is for HMRC to say: here it counts.
    """
    found, waiting = list[ValueTreated](), 0 * loan.committed
    for on, amount in sorted(receipts, key=lambda each: each[0]):
        total = waiting + amount
        if not loan.anniversary(-1) <= on < loan.anniversary(YEARS):
            words = f"{money_text(amount)} on {date_text(on)} lies outside the six years that count."
            found.append(ValueTreated(on, amount, None, Outcome.HOLDS, words, is_estimate=False))
        elif total.amount < INSIGNIFICANT_BELOW:
            words = f"{money_text(total)} by {date_text(on)} is insignificant and ignored until more is added."
            found.append(ValueTreated(on, total, None, Outcome.HOLDS, words, is_estimate=False))
            waiting = total
        else:
            counts_from = _counts_from(loan, on)
            words = (
                f"{money_text(total)} by {date_text(on)} counts as repaid on {date_text(counts_from)}, unless HMRC "
                "finds it trifling beside the balance."
            )
            found.append(ValueTreated(on, total, counts_from, Outcome.WARNS, words, is_estimate=True))
            waiting = 0 * waiting
    return tuple(found)


def after_value(balances: Balances, treated: Iterable[ValueTreated]) -> Balances:
    """The balances as they count for the relief: less the value that counts as repaid, since the day it does."""
    counted = [(each.counts_from, each.total) for each in treated if each.counts_from is not None]
    days = sorted({day for day, _ in balances} | {day for day, _ in counted if day >= balances[0][0]})
    return tuple((day, _standing(balances, day) - _sum(counted, day, balances)) for day in days)


def _standing(balances: Balances, on: date) -> Money:
    return [amount for day, amount in balances if day <= on][-1]


def _sum(counted: Iterable[tuple[date, Money]], on: date, balances: Balances) -> Money:
    return sum((amount for day, amount in counted if day <= on), 0 * balances[0][1])


def _counts_from(loan: CitrLoan, on: date) -> date:
    return max(loan.anniversary(number) for number in range(YEARS) if number == 0 or loan.anniversary(number) <= on)
