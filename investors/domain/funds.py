"""Is there the money to lend? What the bank has, and what is held for each lender against its part of a drawdown."""

from __future__ import annotations

from dataclasses import dataclass

from moneyed import Money

from investors.domain.errors import MoneyShort
from investors.domain.participation import Participation, apportion
from loans.domain.words import money_text


@dataclass(frozen=True, slots=True)
class LenderFunds:
    """What is held for a lender, and its part of a drawdown."""

    name: str
    held: Money
    part: Money

    @property
    def short(self) -> Money:
        """What is missing of its part; nought where enough is held."""
        return max(self.part - self.held, 0 * self.part)


@dataclass(frozen=True, slots=True)
class MoneyToLend:
    """The money behind a loan before a drawdown; `on_its_way` has left for borrowers, and the bank still shows it.

    `lent` is the principal apportioned so far; `names` and `held` are by the code of the lender. `held_for_all` is what
    is held for every investor of the fund: no loan is lent from it that they do not share.
    """

    at_bank: Money
    on_its_way: Money
    lent: Money
    participations: tuple[Participation, ...]
    names: dict[str, str]
    held: dict[str, Money]
    held_for_all: Money

    @property
    def free(self) -> Money:
        """What of the money at the bank may be lent on this loan: its lenders', or the fund's own where it has none."""
        not_sent = self.at_bank - self.on_its_way
        return not_sent if self.participations else not_sent - self.held_for_all

    def lenders(self, amount: Money) -> list[LenderFunds]:
        """Each lender's part of a drawdown of so much, by rank, with what is held for it."""
        if not self.participations:
            return []
        parts = apportion(self.lent, amount, self.participations)
        return [
            LenderFunds(self.names[one.investor], self.held[one.investor], part)
            for one, part in zip(self.participations, parts, strict=True)
        ]

    def short_at_bank(self, amount: Money) -> Money:
        """What the bank has too little for a drawdown of so much; nought where it has enough."""
        return max(amount - self.free, 0 * amount)

    def is_short(self, amount: Money) -> bool:
        """Whether a drawdown of so much uses money that is not there."""
        return bool(self.short_at_bank(amount)) or any(one.short for one in self.lenders(amount))


def refuse_short(loan: str, amount: Money, money: MoneyToLend) -> None:
    """Raise MoneyShort for a drawdown that takes a lender's held money below nought, or is more than the bank has."""
    lacks = [
        f"{money_text(one.short)} of the {money_text(one.part)} of {one.name}, for whom {money_text(one.held)} is held"
        for one in money.lenders(amount)
        if one.short
    ]
    if short := money.short_at_bank(amount):
        whose = "" if money.participations else " and not held for investors, who do not share this loan"
        lacks.append(
            f"{money_text(short)} at the bank, which has {money_text(money.free)} that is not on its way already{whose}"
        )
    if lacks:
        raise MoneyShort(
            f"{money_text(amount)} of {loan} is more than there is to lend. Missing are: {'; '.join(lacks)}. "
            "Draw less, wait for the lenders' money, or say why it is lent all the same; nothing was changed."
        )
