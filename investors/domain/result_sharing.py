"""How is a period's result shared by the capital that each had on each day, with no odd penny won every month?

The weight of an investor is its capital added up day by day, so one who joins or leaves within a month has its days.
What rounding gives or takes is carried as a residue, in billionths of the currency's smallest unit, to the next period.
So all that somebody was ever given is within one unit of its exact share, however weights change from month to month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from moneyed import Money

from investors.domain.errors import NobodyToShareWith, UnevenTransfer
from ledger.domain.money import from_minor, to_minor
from ledger.domain.split import split_minor
from ledger.domain.words import money_text

FINE = 10**9
"""Residues are kept in this part of the smallest unit: far finer than a fund's life can notice, and whole numbers."""


@dataclass(frozen=True, slots=True)
class CapitalHeld:
    """What one investor had in a period, in minor units times days, and the residue that it brings."""

    investor: str
    capital_days: int
    residue: int = 0


@dataclass(frozen=True, slots=True)
class ResultPart:
    """What one investor gets of a result, and the residue that it takes on: positive where it is still owed."""

    investor: str
    part: Money
    residue: int


def capital_days(balances: Iterable[tuple[date, Money]], since: date, until: date) -> int:
    """Capital added up over the days from `since` (inclusive) to `until` (exclusive), in minor units times days.

    `balances` say what stands from a day on. A day on which capital is below nought counts nothing.

    >>> capital_days([(date(2026, 4, 1), Money("1.00", "GBP")), (date(2026, 4, 11), Money("3.00", "GBP"))],
    ...              date(2026, 4, 1), date(2026, 5, 1))
    7000
    """
    total = 0
    marks = [*sorted(balances, key=lambda each: each[0]), (until, None)]
    for (start, balance), (end, _) in pairwise(marks):
        days = (min(end, until) - max(start, since)).days
        if balance is not None and days > 0:
            total += days * max(to_minor(balance.amount, balance.currency.code), 0)
    return total


def share_result(result: Money, held: Sequence[CapitalHeld]) -> tuple[ResultPart, ...]:
    """Each one's part of a result, positive or negative, in the order of the codes; the parts sum to the result.

    The residue of one who had no capital in the period goes to the others. Of equal claims on the odd unit the earlier
    code comes first. Residues always sum to nought. Raises NobodyToShareWith, and
    UnevenTransfer where a residue is missing.
    """
    ordered = sorted(held, key=lambda each: each.investor)
    weights = [each.capital_days for each in ordered]
    if not any(weights):
        raise NobodyToShareWith(
            f"{money_text(result)} is to be shared, and nobody had capital on any day of the period. Look at the days "
            "and the capital accounts; nothing was changed."
        )
    if (uneven := sum(each.residue for each in ordered)) != 0:
        raise UnevenTransfer(
            f"The residues that are brought sum to {uneven} billionths of the smallest unit instead of nought. Give "
            "everybody who has one, also those who left; nothing was changed."
        )
    currency = result.currency.code
    whole = to_minor(result.amount, currency)
    brought = [each.residue if each.capital_days else 0 for each in ordered]
    left_behind = sum(each.residue for each in ordered if not each.capital_days)
    fair = split_minor(whole * FINE, weights)
    exact = [sum(each) for each in zip(fair, brought, split_minor(left_behind, weights), strict=True)]
    parts = _whole_units(whole, exact, [bool(weight) for weight in weights])
    return tuple(
        ResultPart(each.investor, from_minor(part, currency), due - part * FINE)
        for each, part, due in zip(ordered, parts, exact, strict=True)
    )


def _whole_units(whole: int, exact: Sequence[int], takes_part: Sequence[bool]) -> list[int]:
    """Whole units for amounts in billionths: rounded down, then one each to the largest remainders."""
    sign = -1 if whole < 0 else 1
    parts = [sign * each // FINE for each in exact]
    remainders = [sign * each - part * FINE for each, part in zip(exact, parts, strict=True)]
    by_remainder = sorted(
        (place for place, takes in enumerate(takes_part) if takes), key=lambda place: (-remainders[place], place)
    )
    for place in by_remainder[: sign * whole - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]
