"""What would end a loan on a day, and of what is that figure made? The same parts that a settlement pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from loans.domain.conventions import InterestMethod
from loans.domain.events import Event
from loans.domain.life import Life
from loans.domain.replay import live
from loans.domain.servicing import FlatSettlement
from loans.domain.settlement import ToSettle
from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class SettlementQuote:
    """The figure that ends a loan on one day, after everything that falls due that day, and its parts."""

    on: date
    principal: Money
    """All principal outstanding, due or not."""
    interest_due: Money
    """Interest that has fallen due and is unpaid."""
    accrued_interest: Money
    """Interest that has not fallen due: of the running period up to the day, what was deferred, and what waits for a
    shifted date. Of a flat loan, what its method asks for."""
    fees: Money
    default_interest: Money
    """What is charged and unpaid, and what has accrued since."""
    in_advance: Money
    """Money held for instalments to come; it is taken off."""
    total: Money
    """The figure to pay: never less than nought."""
    method: FlatSettlement | None
    """How much interest a flat loan still asks for; None where interest follows what is owed."""


def settlement_quote(terms: Terms, events: Iterable[Event], on: date) -> SettlementQuote:
    """What ends the loan on a day, from what was agreed and what happened by then; nought before the first drawdown.

    Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    return quote_of(terms, live(terms, events, on), on)


def quote_of(terms: Terms, life: Life | None, on: date) -> SettlementQuote:
    """The quote of a life that was told up to the day."""
    parts = life.to_settle(on) if life else ToSettle(0, 0, 0, 0, 0, 0)
    in_force = life.terms if life else terms
    flat = in_force.interest_method is InterestMethod.FLAT
    money = in_force.scale.money
    return SettlementQuote(
        on=on,
        principal=money(parts.principal),
        interest_due=money(parts.interest_due),
        accrued_interest=money(parts.accrued_interest),
        fees=money(parts.fees),
        default_interest=money(parts.default_interest),
        in_advance=money(parts.in_advance),
        total=money(parts.total),
        method=in_force.servicing.flat_settlement if flat else None,
    )
