"""Who bears a loss, and whom does a recovery restore? Losses go up the ranks, first loss before senior; what comes back
restores in the reverse order, or in the order of the deed.

What a guarantor bears or takes comes off first (`loans/domain/loss_cover.py`): only the rest is shared here.
`docs/maths/waterfall.md` works an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from moneyed import Money

from investors.domain.errors import ImpossibleClaim, NothingToShare
from ledger.domain.split import split
from ledger.domain.words import money_text


@dataclass(frozen=True, slots=True)
class Layer:
    """A class of capital as it bears losses. Rank 1 is paid first and loses last; equal ranks lose pro rata.

    `balance` is what stands, `lost` what it has borne and not got back; neither is negative. `name` is what sentences
    call it, its code unless given. Raises ImpossibleClaim.
    """

    code: str
    rank: int
    balance: Money
    lost: Money
    name: str = ""

    def __post_init__(self) -> None:
        if min(self.balance.amount, self.lost.amount) < 0 or self.rank < 1:
            raise ImpossibleClaim(
                f"{self.code} has rank {self.rank}, a balance of {money_text(self.balance)} and losses of "
                f"{money_text(self.lost)}; ranks count from 1 and neither amount is negative. Correct it; nothing was "
                "changed."
            )

    @property
    def called(self) -> str:
        """What sentences call it."""
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class LayerMoved:
    """What a loss takes from a class (negative) or a recovery gives back, how the class stands then, and why."""

    layer: Layer
    change: Money
    why: str


@dataclass(frozen=True, slots=True)
class LossShared:
    """A loss or recovery over the classes, in the order in which they are reached.

    `beyond` is what is left of it: a loss beyond all capital is borne by those who lent to the fund, a recovery beyond
    all losses is income. The changes and `beyond` make the whole.
    """

    moved: tuple[LayerMoved, ...]
    beyond: Money

    @property
    def layers(self) -> tuple[Layer, ...]:
        """How the classes stand then, by rank."""
        return tuple(sorted((each.layer for each in self.moved), key=lambda layer: (layer.rank, layer.code)))


def bear_loss(loss: Money, layers: Iterable[Layer]) -> LossShared:
    """Share a loss up the ranks: the highest number bears first, each class down to nought before the next.

    Raises NothingToShare for a negative loss.
    """
    _refuse_negative("A loss", loss)
    from_below = sorted(layers, key=lambda layer: (-layer.rank, layer.code))
    groups = [list(equals) for _, equals in groupby(from_below, key=lambda layer: layer.rank)]
    return _share(loss, groups, _takes, lambda layer: layer.balance)


def restore(recovery: Money, layers: Iterable[Layer], *, order: Sequence[str] | None = None) -> LossShared:
    """Give back what was recovered, to each class up to what it lost: the class that lost last comes first.

    `order` are the codes of all classes in another order, by the deed. Raises NothingToShare for a negative recovery,
    and ImpossibleClaim where the order does not name every class once.
    """
    _refuse_negative("A recovery", recovery)
    layers = sorted(layers, key=lambda layer: (layer.rank, layer.code))
    if order is None:
        groups = [list(equals) for _, equals in groupby(layers, key=lambda layer: layer.rank)]
    else:
        groups = [[layer] for layer in _by_deed(layers, order)]
    return _share(recovery, groups, _gives, lambda layer: layer.lost)


@dataclass(frozen=True, slots=True)
class FirstLossCover:
    """How far first-loss capital protects others: `original` = `used` + `remaining`, and the `exposure` behind it."""

    used: Money
    remaining: Money
    exposure: Money

    @property
    def original(self) -> Money:
        """First-loss capital before it bore anything."""
        return self.used + self.remaining

    @property
    def ratio(self) -> Fraction | None:
        """Remaining ÷ exposure, exact; None where there is nothing to protect."""
        return Fraction(self.remaining.amount) / Fraction(self.exposure.amount) if self.exposure else None


def first_loss_cover(first_loss: Layer, exposure: Money) -> FirstLossCover:
    """The cover that a first-loss class gives to an exposure, such as the loans that it stands behind."""
    return FirstLossCover(used=first_loss.lost, remaining=first_loss.balance, exposure=exposure)


def _share(
    amount: Money,
    groups: Iterable[list[Layer]],
    move: Callable[[Layer, Money], LayerMoved],
    reach: Callable[[Layer], Money],
) -> LossShared:
    """Let an amount reach one group of equals after the other, each as far as it can."""
    moved, left = list[LayerMoved](), amount
    for group in groups:
        room = [reach(layer) for layer in group]
        whole = sum(room, 0 * amount)
        part = min(left, whole)
        parts = split(part, [each.amount for each in room]) if whole else room
        moved += [move(layer, each) for layer, each in zip(group, parts, strict=True)]
        left -= part
    return LossShared(tuple(moved), left)


def _takes(layer: Layer, part: Money) -> LayerMoved:
    after = replace(layer, balance=layer.balance - part, lost=layer.lost + part)
    if part:
        words = f"{layer.called} bears {money_text(part)} of its {money_text(layer.balance)}"
        words += " and is used up." if not after.balance else f"; {money_text(after.balance)} stands."
    elif layer.balance:
        words = f"{layer.called} bears nothing: classes ranked after it bore the loss."
    else:
        words = f"{layer.called} bears nothing: it was used up before."
    return LayerMoved(after, -part, words)


def _gives(layer: Layer, part: Money) -> LayerMoved:
    after = replace(layer, balance=layer.balance + part, lost=layer.lost - part)
    if part:
        words = f"{layer.called} gets back {money_text(part)} of the {money_text(layer.lost)} that it lost."
    elif layer.lost:
        words = f"{layer.called} gets nothing back: the recovery was used up before it."
    else:
        words = f"{layer.called} has no loss to be made good."
    return LayerMoved(after, part, words)


def _by_deed(layers: Sequence[Layer], order: Sequence[str]) -> list[Layer]:
    by_code = {layer.code: layer for layer in layers}
    if sorted(order) != sorted(by_code):
        raise ImpossibleClaim(
            f"The deed restores {', '.join(order)}, and the classes are {', '.join(by_code)}. Name each class once; "
            "nothing was changed."
        )
    return [by_code[code] for code in order]


def _refuse_negative(what: str, amount: Money) -> None:
    if amount.amount < 0:
        raise NothingToShare(
            f"{what} of {money_text(amount)} cannot be shared. Give a positive amount: what is taken back is reversed "
            "as a whole. Nothing was changed."
        )
