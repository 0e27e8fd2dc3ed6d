"""What did an investor promise to a fund, what of it was drawn, and what may still be called?

    commitment = drawn + undrawn − cancelled + recallable

is the identity that every statement shows, and its signs are easily mistaken. They are these:

    commitment   what is in force: all that was signed, less what was cancelled
    drawn        paid in, less what was returned and may be called again
    undrawn      signed and never paid in; a cancellation does not make it smaller, it stands beside it with a minus
    recallable   returned, and may be called again

So all that was signed is drawn + undrawn + recallable, and what may still be called is undrawn − cancelled +
recallable, less what was called already. A call is no capital: only the money that arrives is drawn. A return that may
not be called again changes nothing here. `docs/maths/capital-accounts.md` works an example.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import CallAboveCommitment, ImpossibleCommitment
from ledger.domain.split import split
from ledger.domain.words import money_text


@dataclass(frozen=True, slots=True)
class Commitment:
    """How a commitment stands; every act on it gives a new one. `called` is called and not paid in yet.

    Raises ImpossibleCommitment where a part is negative, or more is called and cancelled than there is.
    """

    drawn: Money
    undrawn: Money
    cancelled: Money
    recallable: Money
    called: Money

    def __post_init__(self) -> None:
        for each in fields(self):
            self._refuse_below_nought(f"What is {each.name}", getattr(self, each.name))
        self._refuse_below_nought("What may still be called", self.callable)

    @property
    def amount(self) -> Money:
        """The commitment in force."""
        return self.drawn + self.undrawn - self.cancelled + self.recallable

    @property
    def signed(self) -> Money:
        """All that was promised, whatever was cancelled of it."""
        return self.drawn + self.undrawn + self.recallable

    @property
    def callable(self) -> Money:
        """What may still be called: neither drawn nor cancelled nor called already."""
        return self.undrawn - self.cancelled + self.recallable - self.called

    def sign(self, amount: Money) -> Commitment:
        """More is promised."""
        return replace(self, undrawn=self.undrawn + _positive(amount, "signed"))

    def call(self, amount: Money) -> Commitment:
        """Money is asked for. Raises CallAboveCommitment."""
        if _positive(amount, "called") > self.callable:
            raise CallAboveCommitment(
                f"A call of {money_text(amount)} is {money_text(amount - self.callable)} above the "
                f"{money_text(self.callable)} that may still be called of {money_text(self.amount)}. Call less, or "
                "have the commitment raised first; nothing was changed."
            )
        return replace(self, called=self.called + amount)

    def withdraw_call(self, amount: Money) -> Commitment:
        """A call is taken back before it was paid. Raises ImpossibleCommitment above what is called."""
        self._refuse_above(amount, self.called, "withdrawn of calls", "called and unpaid")
        return replace(self, called=self.called - amount)

    def pay_in(self, amount: Money) -> Commitment:
        """Money that was called arrives: first of what was never drawn, then of what was returned.

        Raises ImpossibleCommitment above what is called.
        """
        self._refuse_above(amount, self.called, "paid in", "called and unpaid")
        again = max(amount - max(self.undrawn - self.cancelled, 0 * amount), 0 * amount)
        return replace(
            self,
            called=self.called - amount,
            drawn=self.drawn + amount,
            undrawn=self.undrawn - (amount - again),
            recallable=self.recallable - again,
        )

    def give_back(self, amount: Money) -> Commitment:
        """Money is returned that may be called again. Raises ImpossibleCommitment above what is drawn."""
        self._refuse_above(amount, self.drawn, "returned", "drawn")
        return replace(self, drawn=self.drawn - amount, recallable=self.recallable + amount)

    def cancel(self, amount: Money) -> Commitment:
        """A part is released that was not drawn or called. Raises ImpossibleCommitment above what may be called."""
        self._refuse_above(amount, self.callable, "cancelled", "not drawn, called or cancelled")
        return replace(self, cancelled=self.cancelled + amount)

    def move(self, part: str, amount: Money) -> Commitment:
        """A part is taken over (positive) or handed over. Raises ImpossibleCommitment above what there is of it."""
        return replace(self, **{part: getattr(self, part) + amount})

    def pay_in_at_once(self, amount: Money) -> Commitment:
        """What a newcomer pays at a later close, which nobody has to call. Raises CallAboveCommitment."""
        return self.call(amount).pay_in(amount)

    def transfer(self, share: Fraction) -> tuple[Commitment, Commitment]:
        """What stays and what moves when a share (0 to 1) of a holding is transferred; together they are the whole.

        Each part is split by largest remainder, the odd penny stays; what is recallable fits into what is not drawn.
        Raises ImpossibleCommitment for a share that is none.
        """
        if not 0 <= share <= 1:
            raise ImpossibleCommitment(
                f"A share of {share} of a holding is to be transferred. Give one from 0 to 1; nothing was changed."
            )
        weights = share.denominator - share.numerator, share.numerator
        drawn, cancelled, called, free = (
            split(part, weights) for part in (self.drawn, self.cancelled, self.called, self.callable)
        )
        not_drawn = [sum(parts, 0 * self.drawn) for parts in zip(cancelled, called, free, strict=True)]
        moves = min(split(self.recallable, weights)[1], not_drawn[1])
        moves = max(moves, self.recallable - not_drawn[0])
        recallable = (self.recallable - moves, moves)
        stays, goes = (
            Commitment(drawn[one], not_drawn[one] - recallable[one], cancelled[one], recallable[one], called[one])
            for one in (0, 1)
        )
        return stays, goes

    def __add__(self, other: Commitment) -> Commitment:
        """The commitments of several investors together, such as those of a class."""
        return Commitment(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def _refuse_above(self, amount: Money, most: Money, what: str, of: str) -> None:
        if _positive(amount, what) > most:
            raise ImpossibleCommitment(
                f"{money_text(amount)} is to be {what}, {money_text(amount - most)} more than the {money_text(most)} "
                f"that is {of}. Correct the amount; nothing was changed."
            )

    def _refuse_below_nought(self, what: str, amount: Money) -> None:
        if amount.amount < 0:
            raise ImpossibleCommitment(
                f"{what} of a commitment would be {money_text(amount)}. Look at calls, payments and cancellations; "
                "nothing was changed."
            )


def commitment_of(amount: Money) -> Commitment:
    """A commitment as it is signed: nothing of it is drawn. Raises ImpossibleCommitment unless it is positive.

    >>> commitment_of(Money("100000.00", "GBP")).call(Money("60000.00", "GBP")).callable
    Money('40000.00', 'GBP')
    """
    nought = 0 * amount
    return Commitment(nought, nought, nought, nought, nought).sign(amount)


def _positive(amount: Money, what: str) -> Money:
    if not amount.amount > 0:
        raise ImpossibleCommitment(
            f"{money_text(amount)} is to be {what}. Give a positive amount: what was wrong is reversed. Nothing was "
            "changed."
        )
    return amount
