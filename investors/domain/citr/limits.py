"""How much may an accredited institution raise and lend on with the relief? Limits are dated rows, not constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from investors.domain.citr.findings import Finding, Outcome, outcome
from investors.domain.errors import ImpossibleTaxRelief
from ledger.domain.words import date_text, money_text


class Accreditation(StrEnum):
    """Whom an institution lends to: enterprises (retail), or other institutions (wholesale)."""

    RETAIL = "retail"
    WHOLESALE = "wholesale"


@dataclass(frozen=True, slots=True)
class RaisingLimits:
    """What may be raised in one accreditation period that ends on this day or later."""

    periods_ending_from: date
    retail: Money
    wholesale: Money
    source: str

    def of(self, accreditation: Accreditation) -> Money:
        """The limit of a kind of institution."""
        return self.retail if accreditation is Accreditation.RETAIL else self.wholesale


@dataclass(frozen=True, slots=True)
class LendingLimits:
    """What may be lent on to one enterprise from a day on, in all."""

    effective_on: date
    profit_distributing: Money
    non_profit_distributing: Money
    source: str

    def of(self, distributes_profit: bool) -> Money:
        """The limit for an enterprise that distributes its profit, or does not."""
        return self.profit_distributing if distributes_profit else self.non_profit_distributing


def _pounds(amount: int) -> Money:
    return Money(Decimal(amount), "GBP")


RAISING = (
    RaisingLimits(date.min, _pounds(10_000_000), _pounds(20_000_000), "ITA 2007 s348(4) as enacted"),
    RaisingLimits(date(2023, 6, 1), _pounds(25_000_000), _pounds(100_000_000), "SI 2023/518 regs 1(2), 2"),
)
LENDING = (
    LendingLimits(date(2003, 2, 13), _pounds(100_000), _pounds(250_000), "SI 2003/96 Sch 1 paras 2, 4 as made"),
    LendingLimits(date(2023, 6, 1), _pounds(250_000), _pounds(375_000), "SI 2023/518 reg 4"),
)
NOTICE_ABOVE = Decimal("1.25")
"""Of the amount in the application: raising more needs a month's notice to the department (SI 2003/96 reg 12)."""


def raising_limits(period_ends_on: date, rows: Sequence[RaisingLimits] = RAISING) -> RaisingLimits:
    """The limits of the accreditation period that ends on a day: the end of the period decides, not the day of raising.

    >>> raising_limits(date(2023, 6, 1)).retail.amount, raising_limits(date(2023, 5, 31)).retail.amount
    (Decimal('25000000'), Decimal('10000000'))
    """
    return max(
        (row for row in rows if row.periods_ending_from <= period_ends_on), key=lambda row: row.periods_ending_from
    )


def lending_limits(on: date, rows: Sequence[LendingLimits] = LENDING) -> LendingLimits:
    """The limits in force on a day. Raises ImpossibleTaxRelief before the first row."""
    known = [row for row in rows if row.effective_on <= on]
    if not known:
        raise ImpossibleTaxRelief(
            f"No limits of the tax relief are known for {date_text(on)}; they begin on "
            f"{date_text(rows[0].effective_on)}. Correct the day; nothing was changed."
        )
    return max(known, key=lambda row: row.effective_on)


def raising_findings(
    accreditation: Accreditation, *, raised: Money, applied_for: Money, period_ends_on: date
) -> tuple[Finding, ...]:
    """Whether what is raised in an accreditation period is within the limit, and within what needs no notice."""
    limits = raising_limits(period_ends_on)
    limit, noticed = limits.of(accreditation), applied_for * NOTICE_ABOVE
    within = Finding(
        "raising limit",
        outcome(raised <= limit),
        f"{money_text(raised)} is raised in the accreditation period to {date_text(period_ends_on)}; a "
        f"{accreditation.value} institution may raise {money_text(limit)}{_above(raised, limit)}.",
        f"{limits.source}; CITM4070",
    )
    notice = Finding(
        "month's notice",
        Outcome.HOLDS if raised <= noticed else Outcome.WARNS,
        f"{money_text(raised)} is raised; above {money_text(noticed)}, 125% of the {money_text(applied_for)} that was "
        f"applied for, the department needs a month's notice{_above(raised, noticed)}.",
        "SI 2003/96 reg 12; CITM2070",
    )
    return within, notice


def _above(amount: Money, limit: Money) -> str:
    return f", and that is {money_text(amount - limit)} more" if amount > limit else ""
