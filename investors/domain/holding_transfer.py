"""What moves when an investor transfers a part of its holding in a class to another? The same share of everything.

The buyer takes over what the seller promised, drew, earned, lost and was paid; what the two pay each other for it is no
matter of the fund. So neither the class nor the fund changes, and target returns go on as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActLine, Effect
from investors.domain.capital_register import MOVED_CAPITAL, MOVED_COMMITMENT
from investors.domain.commitment import Commitment
from ledger.domain.money import to_minor
from ledger.domain.split import split


@dataclass(frozen=True, slots=True)
class MovedPart:
    """A part of a holding: what the seller had of it, and what of that moves."""

    effect: Effect
    held: Money
    moves: Money

    @property
    def minor(self) -> int:
        """What moves, in minor units."""
        return to_minor(self.moves.amount, self.moves.currency.code)


def moved_parts(stands: Commitment, account: Mapping[CapitalKind, Money], share: Fraction) -> tuple[MovedPart, ...]:
    """What of a commitment and of a capital account moves with a share (0 to 1) of them, parts of nought left out.

    Each part is split by largest remainder and the odd penny stays. Raises ImpossibleCommitment for a share that is
    none.
    """
    _, goes = stands.transfer(share)
    weights = share.denominator - share.numerator, share.numerator
    promised = [(effect, getattr(stands, part), getattr(goes, part)) for effect, part in MOVED_COMMITMENT.items()]
    stood = [(effect, account[of], split(account[of], weights)[1]) for effect, of in MOVED_CAPITAL.items()]
    return tuple(MovedPart(*each) for each in (*promised, *stood) if each[2])


def capital_moved(parts: tuple[MovedPart, ...], nought: Money) -> Money:
    """What moves from one capital account to the other."""
    return sum((each.moves for each in parts if each.effect in MOVED_CAPITAL), nought)


def transfer_lines(
    fund_class: str, seller: str, buyer: str, parts: tuple[MovedPart, ...], why: str
) -> Iterator[ActLine]:
    """What the seller hands over, and the buyer takes, in orders in which both are possible step by step."""
    for each in reversed(parts):
        yield ActLine(fund_class, seller, each.effect, -each.minor, why=why)
    for each in parts:
        yield ActLine(fund_class, buyer, each.effect, each.minor, why=why)
