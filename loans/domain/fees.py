"""Which fees does a product bring? Their kind, how much, how they are settled, and when they become income.

A loan keeps them with its terms, and its life charges them: an arrangement fee with the first drawdown, a commitment
fee on every due date for what was not drawn until then, a late fee for an instalment that is unpaid after its days of
grace. A rearrangement fee is part of the new terms that two people agree on. `docs/maths/fees.md` works each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


SETTLED = {
    FeeKind.COMMITMENT: (FeeSettlement.PAID,),
    FeeKind.LATE: (FeeSettlement.PAID,),
    FeeKind.REARRANGEMENT: (FeeSettlement.PAID, FeeSettlement.CAPITALISED),
}
"""How a fee can be settled, where not in every way: nothing is kept back where no money goes out."""

EARNED_AS_CHARGED = frozenset({FeeKind.COMMITMENT, FeeKind.LATE})

MAX_GRACE_DAYS = 366


@dataclass(frozen=True, slots=True)
class ProductFee:
    """A fee that a product brings: a flat amount, or a share of principal (of a commitment: a yearly rate of what is
    undrawn; of a late fee: of what is late of the instalment). `grace_days` are the days after a due date until a late
    fee is charged. Raises ImpossibleTerms where both or neither is given, or where it makes no sense."""

    kind: FeeKind
    amount: Decimal | None = None
    share: Decimal | None = None
    settlement: FeeSettlement = FeeSettlement.PAID
    recognition: FeeRecognition = FeeRecognition.AT_ONCE
    grace_days: int = 0

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
        self._refuse_settlement()

    def _refuse_settlement(self) -> None:
        if self.settlement not in SETTLED.get(self.kind, FeeSettlement):
            ways = " or ".join(SETTLED[self.kind])
            raise ImpossibleTerms(
                "fees", f"A {self.kind} fee is {ways}, not {self.settlement}. Choose that; nothing was changed."
            )
        if self.recognition is FeeRecognition.OVER_THE_TERM and self.kind in EARNED_AS_CHARGED:
            raise ImpossibleTerms(
                "fees",
                f"The {self.kind} fee is for time that is over when it is charged, so it is income at once. "
                "Choose that; nothing was changed.",
            )
        if not 0 <= self.grace_days <= MAX_GRACE_DAYS or (self.grace_days and self.kind is not FeeKind.LATE):
            raise ImpossibleTerms(
                "fees",
                f"Days of grace belong to a late fee, and are from 0 to {MAX_GRACE_DAYS}. Correct them; "
                "nothing was changed.",
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
        after = f", {self.grace_days} days after the due date" if self.grace_days else ""
        later = ", earned over the term" if self.recognition is FeeRecognition.OVER_THE_TERM else ""
        return f"{worth} {self.kind} fee{of}{after}, {self.settlement}{later}"


def one_of_each(fees: Iterable[ProductFee]) -> Mapping[FeeKind, ProductFee]:
    """The fees by their kind. Raises ImpossibleTerms where one kind is given twice."""
    found: dict[FeeKind, ProductFee] = {}
    for fee in fees:
        if fee.kind in found:
            raise ImpossibleTerms(
                "fees", f"The {fee.kind} fee is given twice. Give one fee of each kind; nothing was changed."
            )
        found[fee.kind] = fee
    return found


def percent_text(share: Decimal) -> str:
    """A fraction as a percentage without zeros that say nothing.

    >>> percent_text(Decimal("0.0625"))
    '6.25%'
    """
    text = f"{in_percent(share, 4):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
