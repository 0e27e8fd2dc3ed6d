"""What do investors who join at a second close pay to the earlier ones, to stand as if they had been there first?

Each newcomer pays its share of what was drawn so far, with interest for the time that the others had paid for it. The
capital goes back to those who paid too much, and so does the interest. Both are entries between capital accounts and no
income of the fund. The rate, its day count and whether interest is due at all are the deed's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import UnevenTransfer
from ledger.domain.money import from_minor, to_minor
from ledger.domain.split import split, split_minor
from ledger.domain.words import date_text, money_text
from loans.domain.day_count import DayCount, year_fraction
from loans.domain.rounding import RoundingMode, divide


@dataclass(frozen=True, slots=True)
class Partner:
    """An investor after the second close: its whole commitment, and what it had contributed before."""

    investor: str
    commitment: Money
    contributed: Money


@dataclass(frozen=True, slots=True)
class Equalised:
    """What one investor pays (positive) or gets back (negative) at a second close: capital, and interest on it."""

    investor: str
    capital: Money
    interest: Money


def equalise(
    partners: Sequence[Partner],
    draws: Sequence[tuple[date, Money]],
    *,
    on: date,
    rate: Decimal,
    day_count: DayCount = DayCount.ACTUAL_365_FIXED,
) -> tuple[Equalised, ...]:
    """What each pays or gets on the day of the second close, by code; capital sums to nought, and so does interest.

    `draws` are all earlier contributions by day. `rate` is a fraction a year of simple interest, from each draw to the
    close, rounded half up once for all and shared by largest remainder. Raises UnevenTransfer where the draws are not
    what was contributed, or are after the close.
    """
    ordered = sorted(partners, key=lambda each: each.investor)
    nought = 0 * ordered[0].contributed
    contributed = sum((each.contributed for each in ordered), nought)
    drawn = sum((amount for _, amount in draws), nought)
    if drawn != contributed:
        raise UnevenTransfer(
            f"{money_text(drawn)} was drawn, and the investors contributed {money_text(contributed)}. Give every draw "
            "and every contribution; nothing was changed."
        )
    if late := [day for day, _ in draws if day > on]:
        raise UnevenTransfer(
            f"A draw on {date_text(max(late))} is after the close on {date_text(on)}. Give the draws before it; "
            "nothing was changed."
        )
    fair = split(drawn, [each.commitment.amount for each in ordered])
    capital = [share - each.contributed for share, each in zip(fair, ordered, strict=True)]
    pays = [max(each.amount, Decimal(0)) for each in capital]
    gets = [max(-each.amount, Decimal(0)) for each in capital]
    if not any(pays):
        return tuple(Equalised(each.investor, nought, nought) for each in ordered)
    cost = _cost_of_a_unit(draws, on, rate, day_count)
    minor = sum(to_minor(each.amount, each.currency.code) for each in capital if each.amount > 0)
    interest = _rounded(minor * cost)
    return tuple(
        Equalised(each.investor, part, from_minor(paid - got, nought.currency.code))
        for each, part, paid, got in zip(
            ordered, capital, split_minor(interest, pays), split_minor(interest, gets), strict=True
        )
    )


def _cost_of_a_unit(draws: Sequence[tuple[date, Money]], on: date, rate: Decimal, day_count: DayCount) -> Fraction:
    """Interest on one unit that was drawn as all the draws were, from each draw to the close."""
    drawn = sum(Fraction(amount.amount) for _, amount in draws)
    waited = sum(Fraction(amount.amount) * year_fraction(day_count, day, on) for day, amount in draws)
    return Fraction(rate) * waited / drawn


def _rounded(exact: Fraction) -> int:
    return divide(exact.numerator, exact.denominator, RoundingMode.HALF_UP)
