"""Who shares a loan, and what is each one's part of an amount? A set of participations always makes the whole.

Parts are cut from cumulative totals by largest remainder (the Hamilton method, `ledger.domain.split`). So each lender
stands at the rounded exact share of everything so far, whatever the order and size of the steps, and what rounding
took from one this month comes back in another. Of equal remainders the better rank goes first, then the earlier code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import ImpossibleParticipation, NotTheWhole
from ledger.domain.split import split
from ledger.domain.words import money_text
from loans.domain.fees import percent_text

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
"""What an investor's code looks like; it is part of account codes such as 2410/L-0108/NRB."""


class SharingRule(StrEnum):
    """What the ranks of a loan's lenders decide."""

    ALIKE = "alike"
    RANKED = "ranked"
    SENIOR_FIRST = "senior first"

    @property
    def words(self) -> str:
        """What is agreed, in one sentence."""
        return _RULES[self]


_RULES = {
    SharingRule.ALIKE: "Everybody shares alike, whatever the rank.",
    SharingRule.RANKED: "Interest is paid to the first rank first; the last rank bears losses first.",
    SharingRule.SENIOR_FIRST: (
        "Interest and principal are paid to the first rank first; the last rank bears losses first."
    ),
}


@dataclass(frozen=True, slots=True)
class Participation:
    """One lender's part of a loan. Ranks count from 1, the first to be repaid; several lenders may share a rank.

    Its interest is the loan's, or at an `annual_rate` of its own, less an annual `servicing_fee` that the fund keeps;
    both are fractions of the principal outstanding. It takes no principal before `principal_from`, while others do.
    Raises ImpossibleParticipation.
    """

    investor: str
    rank: int
    amount: Money
    annual_rate: Decimal | None = None
    servicing_fee: Decimal = Decimal(0)
    principal_from: date | None = None

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.investor):
            raise ImpossibleParticipation(
                f"{self.investor!r} is no investor's code. Use capital letters and digits; nothing was changed."
            )
        if self.rank < 1:
            raise ImpossibleParticipation(
                f"{self.investor} has rank {self.rank}; ranks count from 1. Correct the rank; nothing was changed."
            )
        if not self.amount.amount > 0:
            raise ImpossibleParticipation(
                f"{self.investor} has a part of {money_text(self.amount)}. "
                "A participation is a positive amount: correct it or leave it out. Nothing was changed."
            )
        for name, rate in (("rate", self.annual_rate), ("servicing fee", self.servicing_fee)):
            if rate is not None and not 0 <= rate < 1:
                raise ImpossibleParticipation(
                    f"{self.investor} has a {name} of {percent_text(rate)} a year. "
                    "Give one from 0% to less than 100%; nothing was changed."
                )
        if self.annual_rate is not None and self.servicing_fee > self.annual_rate:
            raise ImpossibleParticipation(
                f"{self.investor} pays a servicing fee of {percent_text(self.servicing_fee)} out of a rate of "
                f"{percent_text(self.annual_rate)}. Lower the fee; nothing was changed."
            )


@dataclass(frozen=True, slots=True)
class ParticipationSet:
    """All participations in a loan from a day on, by rank, then code. Raises what makes it impossible."""

    loan: str
    effective_on: date
    whole: Money
    participations: tuple[Participation, ...]
    rule: SharingRule = SharingRule.ALIKE

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.participations, key=lambda part: (part.rank, part.investor)))
        object.__setattr__(self, "participations", ordered)
        codes = [part.investor for part in ordered]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ImpossibleParticipation(
                f"{', '.join(twice)} stands twice in the participations in {self.loan}. "
                "Give each investor one part; nothing was changed."
            )
        foreign = {part.amount.currency.code for part in ordered} - {self.whole.currency.code}
        if foreign:
            raise ImpossibleParticipation(
                f"{self.loan} is in {self.whole.currency.code}, and participations are in "
                f"{', '.join(sorted(foreign))}. "
                "Give them in the currency of the loan; nothing was changed."
            )
        difference = sum((part.amount for part in ordered), 0 * self.whole) - self.whole
        if difference:
            direction = "more" if difference.amount > 0 else "less"
            raise NotTheWhole(
                f"The participations in {self.loan} sum to {money_text(abs(difference))} "
                f"{direction} than its {money_text(self.whole)}. Correct the amounts; nothing was changed."
            )

    def share(self, investor: str) -> Fraction:
        """An investor's exact share of the loan; nought for one who does not take part."""
        parts = [part.amount.amount for part in self.participations if part.investor == investor]
        return Fraction(sum(parts)) / Fraction(self.whole.amount)


def shares_of(cumulative: Money, participations: Sequence[Participation]) -> tuple[Money, ...]:
    """Each participation's part of a cumulative total; the parts sum to it, each within one unit of its exact share.

    >>> thirds = [Participation(code, 1, Money(100, "GBP")) for code in ("A", "B", "C")]
    >>> [str(part.amount) for part in shares_of(Money("100.00", "GBP"), thirds)]
    ['33.34', '33.33', '33.33']
    """
    return split(cumulative, [part.amount.amount for part in participations])


def apportion(cumulative_before: Money, delta: Money, participations: Sequence[Participation]) -> tuple[Money, ...]:
    """Each participation's part of what is added to a cumulative total: its part after, less its part before.

    Whatever the steps, parts sum to each step and add up to `shares_of` the total. A part may therefore differ by up
    to two units from its share of the step alone, and on a step of a few units even have the other sign.

    >>> thirds = [Participation(code, 1, Money(100, "GBP")) for code in ("A", "B", "C")]
    >>> [str(part.amount) for part in apportion(Money("100.00", "GBP"), Money("100.00", "GBP"), thirds)]
    ['33.33', '33.34', '33.33']
    """
    before, after = shares_of(cumulative_before, participations), shares_of(cumulative_before + delta, participations)
    return tuple(now - earlier for earlier, now in zip(before, after, strict=True))
