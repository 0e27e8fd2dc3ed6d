"""Do the lenders who share a loan agree? Each counts by the amount of its part, the fund's own part like any other.

Answers are counted against all parts, so that who says nothing agrees to nothing. Agreed is what more than the part
that was asked for says yes to; refused is what can no longer be agreed to, because too much has said no.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import ConsentRefused


class ConsentState(StrEnum):
    """How a consent stands. The value is what a program reads; `words` is what people read."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"

    @property
    def words(self) -> str:
        """The state in words."""
        return _WORDS[self]


_WORDS = {
    ConsentState.WAITING: "Answers to come",
    ConsentState.AGREED: "The lenders agree",
    ConsentState.REFUSED: "The lenders refuse",
    ConsentState.LAPSED: "Too few answered in time",
}


@dataclass(frozen=True, slots=True)
class Majority:
    """Above which part of the whole the lenders have to agree: 1 of 2 for more than half. Raises ConsentRefused."""

    parts: int = 1
    of: int = 2

    def __post_init__(self) -> None:
        if not (1 <= self.of <= 100 and 0 <= self.parts < self.of):
            raise ConsentRefused(
                "majority",
                f"A majority of more than {self.parts}/{self.of} makes no sense: it is from more than nought to more "
                "than 99/100. Correct it; nothing was changed.",
            )

    @property
    def part(self) -> Fraction:
        """The part that has to be exceeded."""
        return Fraction(self.parts, self.of)

    @property
    def words(self) -> str:
        """As it is printed.

        >>> Majority().words, Majority(2, 3).words
        ('more than half', 'more than 2/3')
        """
        return "more than half" if self.part == Fraction(1, 2) else f"more than {self.parts}/{self.of}"


@dataclass(frozen=True, slots=True)
class Count:
    """What has said yes and what no, of the whole; amounts in one currency.

    >>> thousand = lambda number: Money(1000 * number, "GBP")
    >>> half = Count(thousand(50), thousand(0), thousand(100), Majority())
    >>> half.is_agreed, half.is_refused
    (False, False)
    >>> Count(thousand(50), thousand(50), thousand(100), Majority()).is_refused
    True
    """

    yes: Money
    no: Money
    whole: Money
    majority: Majority

    @property
    def silent(self) -> Money:
        """What has not answered."""
        return self.whole - self.yes - self.no

    @property
    def is_agreed(self) -> bool:
        """Whether more than was asked for has said yes."""
        return self.yes.amount * self.majority.of > self.whole.amount * self.majority.parts

    @property
    def is_refused(self) -> bool:
        """Whether a yes of everybody who has said nothing would be too little."""
        return (self.whole - self.no).amount * self.majority.of <= self.whole.amount * self.majority.parts

    @property
    def is_closed(self) -> bool:
        """Whether the answers have decided: nothing is answered after that."""
        return self.is_agreed or self.is_refused

    def part(self, amount: Money) -> Fraction:
        """An amount as an exact part of the whole."""
        return Fraction(amount.amount) / Fraction(self.whole.amount)

    def state(self, *, is_late: bool) -> ConsentState:
        """How it stands, before the last day for answers is over or after it."""
        if self.is_agreed:
            return ConsentState.AGREED
        if self.is_refused:
            return ConsentState.REFUSED
        return ConsentState.LAPSED if is_late else ConsentState.WAITING
