"""What is asked of a fund's capital, with all that is known of it; what a builder of acts reads and gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from moneyed import Money

from investors.domain.capital_act import ActLine, Effect
from investors.domain.capital_register import Register
from investors.domain.fund_class import FundClass
from ledger.domain.money import from_minor, to_minor

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a fund for a day, with all that is known of it."""

    book: Book
    on: date
    asked: Mapping[str, Any]
    known: Register
    classes: dict[str, FundClass]

    @property
    def currency(self) -> str:
        """The fund's currency."""
        return self.book.base_currency

    def money(self, minor: int) -> Money:
        """An amount in the fund's currency."""
        return from_minor(minor, self.currency)

    def line(self, effect: Effect, why: str = "") -> ActLine:
        """A line for the one holder that is asked for."""
        return ActLine(self.asked["fund_class"], self.asked["investor"], effect, self.asked["minor"], why=why)

    def minor(self, amount: Money) -> int:
        """An amount in minor units."""
        return to_minor(amount.amount, self.currency)


Told = tuple[Iterable[ActLine], Mapping[str, Any]]
"""The lines of an act, and the figures that explain it."""
