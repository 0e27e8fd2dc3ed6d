"""What does a fund pay to be managed? A yearly rate on what is committed, drawn or worth, day by day, rounded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from moneyed import Money

from investors.domain.errors import ImpossibleFee
from investors.domain.fund_class import plain_rate
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text
from loans.domain.day_count import DayCount, year_fraction
from loans.domain.rates import rate_text
from loans.domain.rounding import RoundingMode, divide


class FeeBase(StrEnum):
    """What a management fee is a rate of. On commitments it goes on when nothing is lent."""

    COMMITTED = "committed"
    DRAWN = "drawn"
    NET_ASSET_VALUE = "net-asset-value"

    @property
    def words(self) -> str:
        """The base in a sentence."""
        return _BASES[self]


_BASES = {
    FeeBase.COMMITTED: "what is committed",
    FeeBase.DRAWN: "what is drawn",
    FeeBase.NET_ASSET_VALUE: "what capital accounts stand at",
}


BaseOverTime = Sequence[tuple[date, Money]]
"""What a base comes to from a day on, in order; before the first day it is nought."""


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """Base and rate (a fraction a year) from a day on: a step-down is terms of its own. Raises ImpossibleFee."""

    effective_on: date
    base: FeeBase
    rate: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ImpossibleFee(
                f"A management fee of {rate_text(self.rate)} a year is not possible. Give one from 0% to below 100%; "
                "nothing was changed."
            )

    @property
    def in_words(self) -> str:
        """Rate and base in a sentence: `1.00% a year of what is drawn`."""
        return f"{rate_text(self.rate)} a year of {self.base.words}"

    def asked(self) -> dict[str, Any]:
        """The terms as an act asks for them, in values of JSON."""
        return {"since": self.effective_on.isoformat(), "base": self.base.value, "rate": plain_rate(self.rate)}


def fee_asked(asked: Mapping[str, Any]) -> FeeTerms:
    """The terms that an act asks for, as `FeeTerms.asked` says them. Raises ImpossibleFee."""
    return FeeTerms(date.fromisoformat(asked["since"]), FeeBase(asked["base"]), Decimal(asked["rate"]))


@dataclass(frozen=True, slots=True)
class ManagementFee:
    """The terms in order of their days, and the day count for parts of a year. Raises ImpossibleFee."""

    terms: tuple[FeeTerms, ...]
    day_count: DayCount = DayCount.ACTUAL_365_FIXED

    def __post_init__(self) -> None:
        days = [each.effective_on for each in self.terms]
        if not days or days != sorted(set(days)):
            raise ImpossibleFee(
                "A management fee needs terms, each from a later day than the one before. Put them in order, one for a "
                "day; nothing was changed."
            )
        if self.day_count is DayCount.NOMINAL:
            raise ImpossibleFee(
                "The nominal day count needs the intervals of a schedule, and a management fee runs by the day. Choose "
                "another; nothing was changed."
            )


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A stretch of days (the last one exclusive) on which neither terms nor base change; `exact` in minor units."""

    since: date
    until: date
    base: FeeBase
    of: Money
    rate: Decimal
    exact: Fraction


@dataclass(frozen=True, slots=True)
class FeeCharge:
    """The fee of a period, rounded half up once, and the lines that make it."""

    amount: Money
    lines: tuple[FeeLine, ...]

    @property
    def rounded_by(self) -> Fraction:
        """What rounding added, in minor units."""
        exact = sum((line.exact for line in self.lines), Fraction())
        return to_minor(self.amount.amount, self.amount.currency.code) - exact


def management_fee(
    fee: ManagementFee, bases: Mapping[FeeBase, BaseOverTime], *, since: date, until: date, currency: str
) -> FeeCharge:
    """The fee from `since` (inclusive) to `until` (exclusive). Raises ImpossibleFee for days before the first terms."""
    if since < fee.terms[0].effective_on:
        raise ImpossibleFee(
            f"No terms of the management fee are in force on {date_text(since)}; the first begin on "
            f"{date_text(fee.terms[0].effective_on)}. Begin later, or add them; nothing was changed."
        )
    changes = {each.effective_on for each in fee.terms} | {day for base in bases.values() for day, _ in base}
    marks = sorted({since, until, *(day for day in changes if since < day < until)})
    lines = tuple(_line(fee, bases, start, end, currency) for start, end in pairwise(marks))
    exact = sum((line.exact for line in lines), Fraction())
    return FeeCharge(from_minor(divide(exact.numerator, exact.denominator, RoundingMode.HALF_UP), currency), lines)


def _line(
    fee: ManagementFee, bases: Mapping[FeeBase, BaseOverTime], since: date, until: date, currency: str
) -> FeeLine:
    terms = next(each for each in reversed(fee.terms) if each.effective_on <= since)
    known = [amount for day, amount in bases.get(terms.base, ()) if day <= since]
    of = known[-1] if known else from_minor(0, currency)
    years = year_fraction(fee.day_count, since, until)
    exact = to_minor(of.amount, currency) * Fraction(terms.rate) * years
    return FeeLine(since, until, terms.base, of, terms.rate, exact)
