"""What comes back to each lender of a shared loan, and when? Payments to come are shared as those that came.

Each payment to come is one more entry of the loan, told by `investors.domain.sharing` after all that moved so far. So
a forecast and the books follow the same rule, with the same rounding: what is told to come back of principal, late or
not, less what is added to it meanwhile, is the principal that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from investors.domain.changes import Change
from investors.domain.sharing import LAST, LoanMove, SetInForce, tell_parts
from ledger.domain.money import from_minor, to_minor


@dataclass(frozen=True, slots=True)
class Due:
    """What is still to be paid of an instalment of a loan; with `is_late` it should have been paid by now.

    `capitalised` is interest that nobody pays on the day: it becomes principal.
    """

    due_on: date
    principal: Money
    interest: Money
    capitalised: Money
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class PartDue:
    """One lender's part of a payment to come; `added` is interest that becomes principal on the day."""

    due_on: date
    principal: Money
    interest: Money
    added: Money
    is_late: bool = False

    @property
    def total(self) -> Money:
        """Principal and interest together."""
        return self.principal + self.interest


def parts_to_come(
    sets: Sequence[SetInForce],
    moves: Iterable[LoanMove],
    rates: Sequence[tuple[date, Decimal]],
    due: Iterable[Due],
    *,
    investor: str,
    as_of: date,
) -> list[PartDue]:
    """One lender's part of each payment of a loan that is late or to come after `as_of`, by day.

    `sets` count by day, the first one first; those that begin after `as_of` are left out, as is what moved after it.
    What is late is shared as if it were paid on `as_of`. A lender gets of interest what its own rate and servicing fee
    leave it.
    """
    counting = [one for one in sets if one.parts.effective_on <= as_of]
    if not counting:
        return []
    lived = [move for move in moves if move.on <= as_of]
    payments = sorted(due, key=lambda one: one.due_on)
    coming = list(_coming(payments, _interest_due(counting[0], lived), as_of))
    told = tell_parts(counting, [*lived, *coming], rates)
    return [_part(one, told[move.source], investor) for one, move in zip(payments, coming, strict=True)]


def _coming(payments: Iterable[Due], interest_due: int, as_of: date) -> Iterator[LoanMove]:
    """Each payment as an entry; interest that is due already is received and not earned anew."""
    for number, one in enumerate(payments):
        currency = one.interest.currency.code
        principal, interest, capitalised = (
            to_minor(part.amount, currency) for part in (one.principal, one.interest, one.capitalised)
        )
        known = min(interest_due, interest + capitalised)
        interest_due -= known
        change = Change(
            principal=-principal,
            capitalised=capitalised,
            interest_earned=interest + capitalised - known,
            interest_received=interest,
        )
        yield LoanMove(f"to come {number}", LAST + 1 + number, max(one.due_on, as_of), change)


def _interest_due(first: SetInForce, moves: Iterable[LoanMove]) -> int:
    """Interest that is the lenders' by now and not received, in minor units."""
    found = 0
    for move in moves:
        if move.on >= first.parts.effective_on:
            found += move.change.interest_credited - move.change.interest_settled
    return max(found, 0)


def _part(one: Due, told: dict[str, dict[str, int]], investor: str) -> PartDue:
    def part(total: str) -> Money:
        return from_minor(told.get(total, {}).get(investor, 0), one.principal.currency.code)

    principal, outstanding = part("principal"), part("outstanding")
    return PartDue(one.due_on, -principal, part("interest_received"), outstanding - principal, one.is_late)
