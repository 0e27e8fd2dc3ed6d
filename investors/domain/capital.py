"""What does an investor have in a fund, and what moved it? Opening + movements = closing, each movement traceable.

Every amount is signed as it changes the account: a contribution is positive, a fee or a distribution negative. So the
figures of a statement simply add up, and a correction needs no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moneyed import Money

from investors.domain.errors import UnevenTransfer
from ledger.domain.words import date_text, money_text


class CapitalKind(StrEnum):
    """Why a capital account moves, in the order of a statement. The value is stored, people read `words`."""

    CONTRIBUTION = "contribution"
    EQUALISATION = "equalisation"
    TRANSFER = "transfer"
    MOVED_IN = "moved-in"
    INCOME = "income"
    FEE = "fee"
    IMPAIRMENT = "impairment"
    INCOME_DISTRIBUTED = "income-distributed"
    CAPITAL_RETURNED = "capital-returned"

    @property
    def words(self) -> str:
        """The line of a statement: `distributions of income`."""
        return STATEMENT_WORDS[self]


STATEMENT_WORDS = {
    CapitalKind.CONTRIBUTION: "contributions",
    CapitalKind.EQUALISATION: "equalisation",
    CapitalKind.TRANSFER: "transfers",
    CapitalKind.MOVED_IN: "moved in from before",
    CapitalKind.INCOME: "income",
    CapitalKind.FEE: "fees",
    CapitalKind.IMPAIRMENT: "impairments",
    CapitalKind.INCOME_DISTRIBUTED: "distributions of income",
    CapitalKind.CAPITAL_RETURNED: "distributions of capital",
}


BETWEEN_ACCOUNTS = frozenset({CapitalKind.EQUALISATION, CapitalKind.TRANSFER})
"""What moves from one investor to another and never changes the fund: it sums to nought."""


@dataclass(frozen=True, slots=True)
class CapitalMovement:
    """One movement of an account; `source` names the journal entry, or what else it can be traced to.

    A transfer says what it moved the holder's share `of`: what it was to the seller it is to the buyer. So does
    what was moved in from another system.
    """

    on: date
    kind: CapitalKind
    amount: Money
    source: str
    of: CapitalKind | None = None

    @property
    def nature(self) -> CapitalKind:
        """What it is for rules that ask what was paid in, earned, lost or received, whoever held it then."""
        return self.of or self.kind


@dataclass(frozen=True, slots=True)
class CapitalAccount:
    """An account from `since` (inclusive) to `until` (exclusive)."""

    since: date
    until: date
    opening: Money
    movements: tuple[CapitalMovement, ...]

    def total(self, kind: CapitalKind) -> Money:
        """What all movements of a kind come to."""
        return sum((each.amount for each in self.movements if each.kind is kind), 0 * self.opening)

    @property
    def closing(self) -> Money:
        """What stands at the end."""
        return sum((each.amount for each in self.movements), self.opening)

    def rows(self) -> tuple[tuple[str, Money], ...]:
        """The lines of a statement: opening, every kind that moved, closing."""
        moved = ((kind.words, self.total(kind)) for kind in CapitalKind)
        return (
            ("opening", self.opening),
            *((label, total) for label, total in moved if total),
            ("closing", self.closing),
        )


def capital_account(movements: Iterable[CapitalMovement], *, since: date, until: date, nought: Money) -> CapitalAccount:
    """An account over some days, from all its movements so far; `nought` says the currency where there are none."""
    ordered = sorted(movements, key=lambda each: (each.on, list(CapitalKind).index(each.kind), each.source))
    opening = sum((each.amount for each in ordered if each.on < since), nought)
    return CapitalAccount(since, until, opening, tuple(each for each in ordered if since <= each.on < until))


def refuse_uneven(movements: Iterable[CapitalMovement]) -> None:
    """Raise UnevenTransfer unless what moves between accounts sums to nought, on each day and from each source."""
    sums: dict[tuple[date, str], Money] = {}
    for each in movements:
        if each.kind in BETWEEN_ACCOUNTS:
            place = each.on, each.source
            sums[place] = sums[place] + each.amount if place in sums else each.amount
    for (on, source), left in sorted(sums.items()):
        if left:
            raise UnevenTransfer(
                f"What moves between capital accounts by {source} on {date_text(on)} sums to {money_text(left)} "
                "instead of nought. Give what one loses to another; nothing was changed."
            )


def above_net_assets(accounts: Iterable[CapitalAccount], net_asset_value: Money) -> Money:
    """By how much all capital accounts together exceed the fund's net asset value: nought where the books are right."""
    return sum((account.closing for account in accounts), -net_asset_value)
