"""Is enough of the money lent on where it should be? The investment fund, what counts of it, and the test by year.

Which loans do not count is in SI 2003/96 Schedule 1 (CITM3040); the order in which loans reach a limit, and leaving out
the whole loan that passes it, are our reading of "as a consequence of which, and for so long as".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from itertools import count, pairwise

from moneyed import Money

from investors.domain.citr.findings import Finding, Outcome, outcome
from investors.domain.citr.limits import LENDING, LendingLimits, lending_limits
from investors.domain.errors import ImpossibleTaxRelief
from ledger.domain.words import date_text, money_text
from loans.domain.calendar import add_months
from loans.domain.rates import in_percent

ONE_ENTERPRISE = Decimal("0.20")
"""Of the investment fund: what may be in one enterprise (CITM3070)."""

NEEDED = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
"""Of the investment fund, in relevant investments by the first, second and third anniversary, and on average after."""

GUARANTEES = "SI 2003/96 Sch 1 para 1; CITM3050"
FUND_MONTHS = 3
FROM_FIRST_INVESTMENT = date(2013, 4, 1)
"""Accredited from this day on, years count from the first investment into the institution (SI 2013/417)."""


class Case(IntEnum):
    """Why an enterprise qualifies (SI 2003/96 reg 10; CITM3020); one of cases 2 and 3 is in case 3."""

    LISTED_AREA = 1
    COMPARABLE_AREA = 2
    DISADVANTAGED_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class OnwardLoan:
    """A loan that is lent on, and what is outstanding of it on the day of the test.

    `is_publicly_guaranteed` where a publicly funded guarantee protects it; `agreed_to_count` where HMRC or the
    department has agreed that it counts all the same.
    """

    code: str
    enterprise: str
    made_on: date
    outstanding: Money
    distributes_profit: bool
    case: Case
    is_publicly_guaranteed: bool = False
    agreed_to_count: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether a loan is a relevant investment, and why not or what to look at."""

    loan: OnwardLoan
    counts: bool
    finding: Finding


@dataclass(frozen=True, slots=True)
class OnwardDay:
    """How the money stands from a day on, until another one says otherwise."""

    on: date
    fund: Money
    relevant: Money

    @property
    def share(self) -> Fraction:
        """Relevant investments ÷ investment fund; all of it where the fund is nought and nothing needs lending."""
        return Fraction(self.relevant.amount) / Fraction(self.fund.amount) if self.fund.amount > 0 else Fraction(1)


def investment_fund(
    on: date, raised: Sequence[tuple[date, Money]], due: Sequence[tuple[date, Money]], written_off: Money
) -> Money:
    """The investment fund of a day (SI 2003/96 reg 9; CITM3010): raised − payable − written off, never below nought.

    `raised` are investments by the day they were made, with what is drawn and held of them now; those of the last three
    months do not count yet. `due` is capital to be repaid by day; that of the next three months counts no more.
    """
    nought = 0 * written_off
    held = sum((amount for made_on, amount in raised if made_on <= add_months(on, -FUND_MONTHS)), nought)
    payable = sum((amount for day, amount in due if on <= day <= add_months(on, FUND_MONTHS)), nought)
    return max(held - payable - written_off, nought)


def relevant_investments(
    loans: Sequence[OnwardLoan], fund: Money, on: date, limits: Sequence[LendingLimits] = LENDING
) -> tuple[Counted, ...]:
    """Which loans count on a day, in the order in which they were made. Raises ImpossibleTaxRelief for an early day."""
    ordered = sorted((loan for loan in loans if loan.outstanding), key=lambda loan: (loan.made_on, loan.code))
    return tuple(_Judge(ordered, fund, lending_limits(on, limits)).judged())


def onward_day(on: date, fund: Money, counted: Sequence[Counted]) -> OnwardDay:
    """How the money stands on a day, by which loans count."""
    relevant = sum((each.loan.outstanding for each in counted if each.counts), 0 * fund)
    return OnwardDay(on, fund, relevant)


def onward_starts_on(accredited_on: date, first_investment_on: date) -> date:
    """From which day the years of the test count.

    >>> onward_starts_on(date(2013, 4, 1), date(2013, 9, 2)), onward_starts_on(date(2012, 4, 1), date(2013, 9, 2))
    (datetime.date(2013, 9, 2), datetime.date(2012, 4, 1))
    """
    return first_investment_on if accredited_on >= FROM_FIRST_INVESTMENT else accredited_on


def onward_findings(days: Sequence[OnwardDay], starts_on: date, *, as_of: date) -> tuple[Finding, ...]:
    """The test of each year that is over, and of the one that runs (SI 2003/96 reg 8; CITM3005).

    `days` are those on which something changed, in order, the first no later than `starts_on`. A fourth or later year
    is judged by the average of each day's share at its close; the other method, by certain dates, may be kinder. Raises
    ImpossibleTaxRelief where nothing is known of the first day.
    """
    if not days or days[0].on > starts_on:
        raise ImpossibleTaxRelief(
            f"Nothing is known of the investment fund on {date_text(starts_on)}, when the years of the test begin. "
            "Begin with that day; nothing was changed."
        )
    found = list[Finding]()
    for year, ends_on in enumerate((add_months(starts_on, 12 * year) for year in count(1)), 1):
        found.append(_year(days, starts_on, year, min(ends_on, as_of), ends_on))
        if as_of < ends_on:
            break
    return tuple(found)


def average_share(days: Sequence[OnwardDay], since: date, until: date) -> Fraction:
    """The mean of each day's share from `since` (inclusive) to `until` (exclusive)."""
    marks = [*((day.on, day.share) for day in days), (date.max, Fraction())]
    spans = ((share, (min(end, until) - max(start, since)).days) for (start, share), (end, _) in pairwise(marks))
    return sum((share * length for share, length in spans if length > 0), Fraction()) / (until - since).days


def _year(days: Sequence[OnwardDay], starts_on: date, year: int, on: date, ends_on: date) -> Finding:
    needed = NEEDED[min(year, len(NEEDED)) - 1]
    is_average = year > len(NEEDED)
    if is_average:
        since = add_months(starts_on, 12 * (year - 1)) + timedelta(days=1)
        share = average_share(days, since, max(on, since) + timedelta(days=1))
    else:
        share = [day.share for day in days if day.on <= on][-1]
    came = Outcome.RUNNING if on < ends_on else outcome(share >= needed)
    how = "on average" if is_average else f"on {date_text(on)}"
    words = (
        f"Year {year}, to {date_text(ends_on)}: {_percent(share)} of the investment fund is in relevant investments "
        f"{how}; {_percent(needed)} is needed."
    )
    if came is Outcome.FAILS:
        words += (
            " Accreditation is withdrawn from then, unless the Secretary of State allows the failure, and claims end "
            "whose qualifying date has not come."
        )
    return Finding(f"onward investment, year {year}", came, words, "SI 2003/96 regs 8, 15; CITM3005, CITM2110")


class _Judge:
    """The loans of a day one after the other, with what is in each enterprise and in case 2 so far."""

    def __init__(self, ordered: Sequence[OnwardLoan], fund: Money, limits: LendingLimits) -> None:
        self.ordered, self.fund, self.limits, self.nought = ordered, fund, limits, 0 * fund
        others = [loan for loan in ordered if loan.case is not Case.COMPARABLE_AREA]
        self.other_amount = sum((loan.outstanding for loan in others), self.nought)
        self.other_number = len(others)
        self.in_enterprise: defaultdict[str, Money] = defaultdict(lambda: self.nought)
        self.case_two_amount, self.case_two_number = self.nought, 0

    def judged(self) -> Iterator[Counted]:
        """Each loan with its finding."""
        for loan in self.ordered:
            self.in_enterprise[loan.enterprise] += loan.outstanding
            if loan.case is Case.COMPARABLE_AREA:
                self.case_two_amount += loan.outstanding
                self.case_two_number += 1
            finding = self._guarantee(loan) or self._size(loan) or self._part_of_fund(loan) or self._case_two(loan)
            finding = finding or self._agreed(loan)
            yield Counted(loan, finding.outcome is not Outcome.FAILS, finding)

    def _guarantee(self, loan: OnwardLoan) -> Finding | None:
        if not loan.is_publicly_guaranteed or loan.agreed_to_count:
            return None
        words = f"{loan.code} is protected by a publicly funded guarantee and does not count."
        return Finding("public guarantee", Outcome.FAILS, words, GUARANTEES, is_estimate=True)

    def _size(self, loan: OnwardLoan) -> Finding | None:
        limit, there = self.limits.of(loan.distributes_profit), self.in_enterprise[loan.enterprise]
        if there <= limit:
            return None
        words = (
            f"With {loan.code}, {loan.enterprise} has {money_text(there)}, {money_text(there - limit)} above the limit "
            f"of {money_text(limit)}; it does not count for so long."
        )
        return Finding("size", Outcome.FAILS, words, self.limits.source, is_estimate=True)

    def _part_of_fund(self, loan: OnwardLoan) -> Finding | None:
        limit, there = self.fund * ONE_ENTERPRISE, self.in_enterprise[loan.enterprise]
        if there <= limit:
            return None
        words = (
            f"With {loan.code}, {loan.enterprise} has {money_text(there)}, more than {money_text(limit)}, 20% of the "
            "investment fund; it does not count for so long."
        )
        return Finding("one enterprise", Outcome.FAILS, words, "SI 2003/96 Sch 1; CITM3070", is_estimate=True)

    def _case_two(self, loan: OnwardLoan) -> Finding | None:
        more = self.case_two_amount > self.other_amount or self.case_two_number > self.other_number
        if loan.case is not Case.COMPARABLE_AREA or not more:
            return None
        words = (
            f"With {loan.code}, case 2 has {self.case_two_number} loans of {money_text(self.case_two_amount)}, more "
            f"than the {self.other_number} of {money_text(self.other_amount)} in cases 1 and 3; it does not count for "
            "so long."
        )
        return Finding("case 2", Outcome.FAILS, words, "SI 2003/96 Sch 1 para 6; CITM3020", is_estimate=True)

    def _agreed(self, loan: OnwardLoan) -> Finding:
        if loan.is_publicly_guaranteed:
            words = f"{loan.code} is counted although a publicly funded guarantee protects it: keep what was agreed."
            return Finding("public guarantee", Outcome.WARNS, words, GUARANTEES, is_estimate=True)
        words = f"{loan.code} counts with {money_text(loan.outstanding)}."
        return Finding("relevant investment", Outcome.HOLDS, words, "SI 2003/96 reg 11; CITM3030")


def _percent(share: Fraction) -> str:
    return f"{in_percent(Decimal(share.numerator) / share.denominator, 2)}%"
