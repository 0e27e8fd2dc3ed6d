"""Which fees does a product bring? Their kind, how much, how they are settled, and when they become income."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from loans.domain.errors import ImpossibleTerms
from loans.domain.rates import in_percent
from loans.domain.rounding import rounding_of
from loans.domain.words import money_text


class FeeKind(StrEnum):
    """What a fee is asked for."""

    ARRANGEMENT = "arrangement"
    COMMITMENT = "commitment"
    """A yearly rate on what is not drawn yet."""
    REARRANGEMENT = "rearrangement"
    LATE = "late"
    OTHER = "other"


class FeeSettlement(StrEnum):
    """How a fee reaches the fund."""

    PAID = "paid"
    DEDUCTED = "deducted"
    """Kept back from the drawdown."""
    CAPITALISED = "capitalised"
    """Added to principal."""


class FeeRecognition(StrEnum):
    """When a fee becomes income."""

    AT_ONCE = "at once"
    OVER_THE_TERM = "over the term"


@dataclass(frozen=True, slots=True)
class ProductFee:
    """A fee that a product brings: a flat amount, or a share of principal (of a commitment: a yearly rate of what is
    undrawn). Raises ImpossibleTerms where both or neither is given, or where it makes no sense."""

    kind: FeeKind
    amount: Decimal | None = None
    share: Decimal | None = None
    settlement: FeeSettlement = FeeSettlement.PAID
    recognition: FeeRecognition = FeeRecognition.AT_ONCE

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.share is None):
            raise ImpossibleTerms(
                "fees", f"The {self.kind} fee is an amount or a share: give one of the two. Nothing was changed."
            )
        if self.kind is FeeKind.COMMITMENT and self.share is None:
            raise ImpossibleTerms(
                "fees", "A commitment fee is a yearly rate of what is undrawn: give its share. Nothing was changed."
            )
        worth = self.share if self.amount is None else self.amount
        if worth is None or not worth.is_finite() or worth <= 0 or (self.share is not None and worth >= 1):
            raise ImpossibleTerms(
                "fees", f"The {self.kind} fee is above nought, and a share below 1 (2% is 0.02). Nothing was changed."
            )

    def of(self, principal: Money) -> Money:
        """What it comes to on an amount, rounded half to even: on the principal, or on what is undrawn for a year.

        >>> ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02")).of(Money("35000.00", "GBP"))
        Money('700.00', 'GBP')
        """
        if self.share is None:
            return Money(self.amount or 0, principal.currency.code)
        places = rounding_of(principal.currency.code).places
        return Money(round(self.share * principal.amount, places), principal.currency.code)

    def in_words(self, currency: str) -> str:
        """The fee in a few words.

        >>> ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02"), settlement=FeeSettlement.DEDUCTED).in_words("GBP")
        '2% arrangement fee, deducted'
        """
        if self.share is None:
            worth = money_text(Money(self.amount or 0, currency))
        else:
            worth = (
                f"{percent_text(self.share)} a year" if self.kind is FeeKind.COMMITMENT else percent_text(self.share)
            )
        of = " on what is not drawn" if self.kind is FeeKind.COMMITMENT else ""
        later = ", earned over the term" if self.recognition is FeeRecognition.OVER_THE_TERM else ""
        return f"{worth} {self.kind} fee{of}, {self.settlement}{later}"


def percent_text(share: Decimal) -> str:
    """A fraction as a percentage without zeros that say nothing.

    >>> percent_text(Decimal("0.0625"))
    '6.25%'
    """
    text = f"{in_percent(share, 4):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
