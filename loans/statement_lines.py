"""Which entries moved what a borrower owes, by how much, and how does the borrower read each of them?

The amounts are the ledger's: postings on the loan's own accounts, and on the bank's side what came in or went out. Why
an entry was made stands in the bookings beside it, and what was written off or recovered as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.domain.entries import (
    default_interest_receivable,
    fees_receivable,
    interest_receivable,
    loan_principal,
    repayments_in_advance,
)
from loans.domain.events import Drawn, Event, FeeCharged, Restructured
from loans.domain.fees import FeeKind
from loans.domain.movements import Happening
from loans.domain.words import date_text
from loans.models import Booking, Loan
from loans.queries import events_of
from loans.statements import Movement, Movements, total

if TYPE_CHECKING:
    from ledger.models import JournalEntry, Seal

CLAIMS: Mapping[str, Callable[[str], str]] = {
    "principal": loan_principal,
    "interest": interest_receivable,
    "fees": fees_receivable,
    "default_interest": default_interest_receivable,
}
"""What is owed, by the account that holds it; debits add to it."""

IN_ADVANCE, LOST = "in_advance", "lost"
THE_BANK_S_SIDE = ("2010", "1020")
"""What waits at a bank, in and out: the other side of what a borrower paid or was paid."""

SAID = {
    Happening.BROUGHT_IN: "Brought over from our earlier system",
    Happening.DRAWN: "Lent to you",
    Happening.FELL_DUE: "Interest, payment {no}",
    Happening.CAPITALISED: "Interest of payment {no}, added to the loan",
    Happening.SETTLED: "Interest up to the day of your last payment",
    Happening.DEFAULT_INTEREST: "Interest on what was late",
    Happening.FEE: "{fee}",
    Happening.FEE_CAPITALISED: "{fee}, added to the loan",
    Happening.FEE_DEDUCTED: "{fee}, kept back from the money lent",
    Happening.COMMITMENT_FEE: "Commitment fee, payment {no}",
    Happening.LATE_FEE: "Late fee, payment {no}",
    Happening.REPAID: "Your payment, thank you",
    Happening.REFUNDED: "Money given back to you",
    Happening.ADVANCE_APPLIED: "Payment {no}, from the money held for you",
    Happening.RESTRUCTURED: "What was due, added to the loan under new terms",
    Happening.WAIVED: "No longer asked for",
    Happening.WRITTEN_OFF: "Written off",
    Happening.RECOVERED: "Your payment after the write-off, thank you",
}
"""How a line of the account reads; `no` is the payment's number, `fee` what the fee is for."""

SUMMED = {
    Happening.FELL_DUE: "Interest charged",
    Happening.CAPITALISED: "Interest added to the loan",
    Happening.SETTLED: "Interest charged with your last payment",
    Happening.DEFAULT_INTEREST: "Charged",
    Happening.FEE_CAPITALISED: "Fees added to the loan",
    Happening.FEE_DEDUCTED: "Kept back from the money lent",
    Happening.COMMITMENT_FEE: "Commitment fees",
    Happening.LATE_FEE: "Late fees",
    Happening.REPAID: "Paid by you",
    Happening.ADVANCE_APPLIED: "Paid from the money held for you",
    Happening.RESTRUCTURED: "Added to the loan under new terms",
}
"""What all of one kind make in a table, where it reads otherwise than one of them."""

SUMMED_IN: Mapping[str, Mapping[Happening, str]] = {
    "principal": {Happening.REPAID: "Repaid"},
    "interest": {Happening.REPAID: "Interest paid"},
    IN_ADVANCE: {
        Happening.REPAID: "Paid by you before it was due",
        Happening.ADVANCE_APPLIED: "Used for what fell due",
        Happening.REFUNDED: "Given back to you",
    },
    LOST: {Happening.RECOVERED: "Paid by you since"},
}
"""The same where a table says it in its own way."""

FEES = {
    FeeKind.ARRANGEMENT: "Arrangement fee",
    FeeKind.COMMITMENT: "Commitment fee",
    FeeKind.REARRANGEMENT: "Fee for the new terms",
    FeeKind.LATE: "Late fee",
    FeeKind.OTHER: "Fee",
}
BROUGHT_FEES = {Drawn: FeeKind.ARRANGEMENT, Restructured: FeeKind.REARRANGEMENT}
"""The fees that come with an event of another kind."""

CORRECTED = "Corrected"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as a borrower reads it: `what` by itself, `sums` with others of its kind in each table.

    `moved` has an amount for each table that it moves; `cash` came in from the borrower, negative where it went out.
    """

    entry_id: int
    on: date
    what: str
    happening: Happening | None
    is_correction: bool
    moved: Mapping[str, Money]
    cash: Money | None

    def summed_as(self, table: str) -> str:
        """The line of a table that it is part of."""
        if self.is_correction:
            return CORRECTED
        if self.happening is None:
            return self.what
        own = SUMMED_IN.get(table, {}).get(self.happening)
        return own or SUMMED.get(self.happening) or self.what

    def owed(self, nought: Money) -> Money:
        """By how much it changes what is owed, less what is held in advance."""
        claims = sum((self.moved.get(name, nought) for name in CLAIMS), nought)
        return claims - self.moved.get(IN_ADVANCE, nought)


def lines_of(loan: Loan, through: date, *, known_under: Seal) -> tuple[Line, ...]:
    """Every entry up to a day that moved what a borrower owes, holds in advance or has lost for the fund, in order."""
    bookings = _bookings(loan, through, known_under)
    own = _own_postings(loan, through, known_under)
    cash = _cash(loan, bookings)
    entries = {booking.entry_id: booking.entry for booking in bookings.values()} | own.entries
    fees = dict(_fee_words(events_of(loan)))
    again = _again(bookings.values())
    lines = [
        _line(loan, entry, bookings.get(key), own.moved.get(key, {}), cash.get(key), fees, is_again=key in again)
        for key, entry in entries.items()
    ]
    return tuple(sorted((line for line in lines if line.moved), key=lambda line: (line.on, line.entry_id)))


def movements(of: str, table: str, lines: Iterable[Line], first_day: date, nought: Money) -> Movements:
    """What one table held when the period began, what moved since, summed by kind, and what it holds now."""
    moved = [line for line in lines if table in line.moved]
    opening = total((line.moved[table] for line in moved if line.on < first_day), nought.currency)
    grouped: dict[str, list[Line]] = defaultdict(list)
    for line in moved:
        if line.on >= first_day:
            grouped[line.summed_as(table)].append(line)
    rows = tuple(
        Movement(
            name,
            total((line.moved[table] for line in group), nought.currency),
            _dates(group),
            tuple(f"E-{line.entry_id}" for line in group),
        )
        for name, group in grouped.items()
    )
    closing = total((line.moved[table] for line in moved), nought.currency)
    return Movements(of, opening, rows, closing)


@dataclass(frozen=True, slots=True)
class _Own:
    """The entries that moved the loan's own accounts, and by how much each table."""

    entries: dict[int, JournalEntry]
    moved: dict[int, dict[str, Money]]


def _own_postings(loan: Loan, through: date, seal: Seal) -> _Own:
    tables = {code(loan.reference): name for name, code in CLAIMS.items()}
    tables[repayments_in_advance(loan.reference)] = IN_ADVANCE
    found = postings(loan.book).filter(
        account__code__in=tables,
        account__currency=loan.currency,
        effective_on__lte=through,
        entry__sealed__position__lte=seal.position,
    )
    own = _Own({}, defaultdict(dict))
    nought = from_minor(0, loan.currency)
    for posting in found.select_related("entry", "account"):
        name = tables[posting.account.code]
        amount = from_minor(posting.amount if name in CLAIMS else -posting.amount, loan.currency)
        own.entries[posting.entry_id] = posting.entry
        own.moved[posting.entry_id][name] = own.moved[posting.entry_id].get(name, nought) + amount
    return own


def _bookings(loan: Loan, through: date, seal: Seal) -> dict[int, Booking]:
    """Why each entry of the loan was made, by the entry's number."""
    found = Booking.objects.filter(loan=loan, entry__effective_on__lte=through)
    known = found.filter(entry__sealed__position__lte=seal.position).select_related("entry")
    return {booking.entry_id: booking for booking in known.order_by("pk")}


def _cash(loan: Loan, entries: Iterable[int]) -> dict[int, Money]:
    """What came in from the borrower with each entry, as the bank's side of it says."""
    nought = from_minor(0, loan.currency)
    found: dict[int, Money] = {}
    sides = postings(loan.book).filter(entry__in=list(entries), account__node__code__in=THE_BANK_S_SIDE)
    for key, amount in sides.values_list("entry_id", "amount"):
        found[key] = found.get(key, nought) + from_minor(amount, loan.currency)
    return found


def _again(bookings: Iterable[Booking]) -> set[int]:
    """The entries of what was booked before and has changed since: worked out again, or taken back."""
    seen, found = set(), set()
    for booking in bookings:
        if booking.name in seen:
            found.add(booking.entry_id)
        seen.add(booking.name)
    return found


def _line(
    loan: Loan,
    entry: JournalEntry,
    booking: Booking | None,
    own: Mapping[str, Money],
    cash: Money | None,
    fees: Mapping[int, str],
    *,
    is_again: bool,
) -> Line:
    happening, no = _happening(booking)
    moved = dict(own)
    if lost := _lost(booking, happening):
        moved[LOST] = from_minor(lost, loan.currency)
    is_reversal = entry.kind == Kind.REVERSAL
    said = SAID[happening].format(no=no, fee=fees.get(no, FEES[FeeKind.OTHER])) if happening in SAID else ""
    more = ", taken back" if is_reversal else ", worked out again" if is_again else ""
    return Line(
        entry_id=entry.pk,
        on=entry.effective_on,
        what=f"{said}{more}" if said else entry.narrative,
        happening=happening,
        is_correction=is_reversal or is_again,
        moved=moved,
        cash=cash,
    )


def _happening(booking: Booking | None) -> tuple[Happening | None, int]:
    """What a booking's name says: why, and the number of the payment or the event."""
    if booking is None:
        return None, 0
    kind, _, no = booking.name.rpartition(":")
    return Happening(kind), int(no)


def _lost(booking: Booking | None, happening: Happening | None) -> int:
    """What was written off, in minor units; negative for what came in of it afterwards."""
    if booking is None:
        return 0
    if happening is Happening.WRITTEN_OFF:
        claims = booking.principal + booking.interest + booking.fees + booking.default_interest
        return booking.in_advance - claims
    return -booking.recovered


def _fee_words(events: Iterable[Event]) -> Iterator[tuple[int, str]]:
    """What the fee of each event is for, by the event's number."""
    for event in events:
        kind = event.kind if isinstance(event, FeeCharged) else BROUGHT_FEES.get(type(event))
        if kind is not None:
            yield event.sequence, FEES[kind]


def _dates(group: list[Line]) -> str:
    first, last = group[0].on, group[-1].on
    if first == last:
        return date_text(first)
    return f"{len(group)} times, {date_text(first)} to {date_text(last)}"
