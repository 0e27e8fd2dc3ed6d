"""What would become of a loan, if? The engine is asked with events that have not happened; nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.events import Event, Happened, Repaid
from loans.domain.position import InstalmentPosition, Position, position
from loans.domain.servicing import Prepayment
from loans.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a loan goes on as it is, and how it would go on after something that has not happened."""

    before: Position
    after: Position

    @property
    def costs(self) -> Money:
        """How much more is paid until the end than without it; less than nought is saved."""
        return all_in_all(self.after) - all_in_all(self.before)

    @property
    def is_dearer(self) -> bool:
        """Whether it costs anything."""
        return self.costs.amount > 0

    @property
    def difference(self) -> Money:
        """What it costs or saves, whichever it does."""
        return abs(self.costs)

    @property
    def ends_later_by(self) -> int:
        """By how many instalments the last one moves away; less than nought is nearer."""
        return len(self.after.instalments) - len(self.before.instalments)


def all_in_all(at: Position) -> Money:
    """Everything paid and still to be paid until the end, if nothing else happens."""
    owed = at.principal_outstanding + at.interest_due + at.charges_due + at.default_interest_accrued
    coming = [row.instalment for row in at.instalments if row.instalment.due_on > at.as_of]
    zero = from_minor(0, at.drawn.currency.code)
    interest = sum((row.interest + row.scale.money(row.capitalised_units) for row in coming), zero)
    return at.received + owed - at.in_advance + interest


def what_if(terms: Terms, events: Sequence[Event], event: Happened, as_of: date) -> Outlook:
    """A loan on a day with one more event, and without it.

    Raises EventRefused and ImpossibleTerms for what its life rules out.
    """
    numbered = replace(event, sequence=_next_number(events))
    return Outlook(position(terms, events, as_of), position(terms, (*events, numbered), as_of))


def paying_more(terms: Terms, events: Sequence[Event], extra: Money, on: date, choice: Prepayment) -> Outlook:
    """What becomes of money beyond what is due, paid on a day, under one of the choices."""
    return what_if(terms, events, Repaid(on, 0, extra, prepayment=choice), on)


def as_usual(terms: Terms, events: Sequence[Event], since: date, until: date) -> tuple[Event, ...]:
    """What happened, and what falls due from one day to another paid on its day; what is late already stays late."""
    known = tuple(events)
    for row in payments_between(position(terms, known, since), until):
        known = (*known, Repaid(row.instalment.due_on, _next_number(known), row.to_come))
    return known


def payments_between(at: Position, until: date) -> tuple[InstalmentPosition, ...]:
    """What still has to come in from the day of a position to another one, what is late left out."""
    zero = from_minor(0, at.drawn.currency.code)
    return tuple(row for row in at.instalments if at.as_of <= row.instalment.due_on <= until and row.to_come > zero)


def _next_number(events: Sequence[Event]) -> int:
    return max((event.sequence for event in events), default=0) + 1
