"""What is a restricted grant for, and what of it is left? Received less applied is its balance, never below nought.

A grant pays for its purpose and for nothing else: what is left of one never covers what another is short of. Charities'
accounts show such funds beside the unrestricted ones (Charities SORP FRS 102, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moneyed import Money

from investors.domain.errors import GrantRefused
from ledger.domain.words import date_text, money_text


class Purpose(StrEnum):
    """What a funder gave money for. The value is stored."""

    OPERATING = "operating"
    FIRST_LOSS = "first-loss"
    BESIDE_THE_LOAN = "beside-the-loan"

    @property
    def words(self) -> str:
        """The purpose in a sentence: `operating costs`."""
        return _WORDS[self]


_WORDS = {
    Purpose.OPERATING: "operating costs",
    Purpose.FIRST_LOSS: "first losses",
    Purpose.BESIDE_THE_LOAN: "grants beside loans",
}


@dataclass(frozen=True, slots=True)
class GrantMovement:
    """What was received (positive) or applied (negative) on a day; a reversal is one of the other sign."""

    on: date
    amount: Money
    act: str
    is_receipt: bool


@dataclass(frozen=True, slots=True)
class RestrictedGrant:
    """A grant as it was agreed, and all that happened to it."""

    code: str
    funder: str
    purpose: Purpose
    promised: Money
    movements: tuple[GrantMovement, ...] = ()

    def balance(self, on: date = date.max) -> Money:
        """What is left at the end of a day."""
        return self._sum(each.amount for each in self.movements if each.on <= on)

    def lowest(self, since: date) -> Money:
        """The least that is left on a day or any day after it."""
        days = {since, *(each.on for each in self.movements if each.on > since)}
        return min(self.balance(on) for on in days)

    def received(self, since: date, until: date) -> Money:
        """What came over some days, the last included, less what was taken back."""
        return self._sum(one.amount for one in self.movements if one.is_receipt and since <= one.on <= until)

    def applied(self, since: date, until: date) -> Money:
        """What was used over some days, the last included, less what was taken back."""
        return -self._sum(one.amount for one in self.movements if not one.is_receipt and since <= one.on <= until)

    def refuse_purpose(self, purpose: Purpose, amount: Money) -> None:
        """Raise GrantRefused where an amount is for something else than the grant."""
        if purpose is not self.purpose:
            raise GrantRefused(
                f"{money_text(amount)} of {self.code} is to be applied to {purpose.words}, and it was given for "
                f"{self.purpose.words}. Apply it to that, or choose another grant; nothing was changed."
            )

    def refuse_above_balance(self, amount: Money, on: date) -> None:
        """Raise GrantRefused where more is applied than is left on a day, or on any day after it."""
        left = self.lowest(on)
        if amount > left:
            raise GrantRefused(
                f"{money_text(amount)} of {self.code} is to be applied on {date_text(on)}, "
                f"{money_text(amount - left)} more than the {money_text(left)} that is left of it. Apply less, or wait "
                "until more is received; nothing was changed."
            )

    def refuse_above_promise(self, amount: Money) -> None:
        """Raise GrantRefused where more would be received than was promised."""
        room = self.promised - self.received(date.min, date.max)
        if amount > room:
            raise GrantRefused(
                f"{money_text(amount)} is to be received of {self.code}, {money_text(amount - room)} more than the "
                f"{money_text(room)} that is left of the {money_text(self.promised)} promised. Receive less, or record "
                "another grant; nothing was changed."
            )

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, 0 * self.promised)
