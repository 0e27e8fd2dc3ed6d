"""Whatever happens to a loan goes one way: the life is told with one more event, and the books follow the telling.

A preview tells the same without writing, so that what it shows is what the ledger then shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.entry import JournalEntry, mirror
from ledger.domain.money import to_minor
from ledger.services import as_value, reverse
from loans.domain.corrections import Step
from loans.domain.event_content import event_content
from loans.domain.events import Drawn, Event, Happened, Reversed
from loans.domain.movements import BY_ITSELF, STILL, Moved
from loans.domain.position import Position, position
from loans.followed_rates import refuse_own_rate
from loans.models import Booking, EventKind, Loan, LoanEvent, LoanTerms
from loans.services.act_refusals import (
    refuse_alone,
    refuse_amount,
    refuse_day,
    refuse_more_than_is_owed,
    refuse_unpaid_interest,
)
from loans.services.booking import (
    OpenLoan,
    book_steps,
    fingerprint,
    keep_bookings,
    keep_projections,
    looked_at,
    open_loan,
    recorded_before,
)
from loans.services.cover import book_cover, cover_parts
from loans.services.reversal_refusals import refuse_reversal

if TYPE_CHECKING:
    from ledger.models import Approval


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What belongs to an act besides the event: why, who approved it, through which bank account, and whether what
    belongs into a closed period is booked on the first open day. What two people agree on is, without being asked:
    they see the days of its entries before they decide."""

    reason: str = ""
    approval: Approval | None = None
    bank_account: str = ""
    books_later: bool = False
    terms: LoanTerms | None = None


PLAIN = Circumstances()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an event would change, before anything is written."""

    before: Position
    after: Position
    entries: tuple[JournalEntry, ...]
    """What would be posted, what falls due until then included."""


def preview(*, loan: Loan, event: Happened, bank_account: str = "", books_later: bool = False) -> Preview:
    """What the books and the loan would show after an event; nothing is written.

    Raises InterestLeftUnpaid by new terms, MoreThanIsOwed for a write-off, and what `record` raises, but for the
    approval.
    """
    opened = looked_at(loan)
    numbered = replace(event, sequence=opened.next_number)
    refuse_amount(opened, numbered)
    refuse_day(opened, numbered, books_later=books_later)
    refuse_own_rate(opened.loan, opened.terms, opened.standing, numbered)
    on = event.effective_on
    as_of = max(on, loan.book.business_date)
    before = position(opened.terms, opened.events, as_of)
    refuse_unpaid_interest(loan, numbered, before)
    refuse_more_than_is_owed(loan, numbered, before)
    posted = max(on, opened.posted_until)
    steps = opened.steps((*opened.events, numbered), posted)
    return Preview(
        before=before,
        after=position(opened.terms, (*opened.events, numbered), as_of),
        entries=(
            *opened.entries(steps, bank_account),
            *(part.entry for part in cover_parts(opened, (*opened.events, numbered), posted)),
        ),
    )


def preview_taking_back(*, event: LoanEvent, on: date) -> Preview:
    """The same for an event that is taken back from a day on: its entry is mirrored, and the rest worked out again.

    Raises what `reverse_event` raises.
    """
    loan = event.loan
    opened = looked_at(loan)
    refuse_reversal(opened, event, on, "seen")
    undone = Reversed(on, opened.next_number, of=event.number)
    posted, mirrored = max(on, opened.posted_until), []
    if event.entry is not None:
        booking = loan.bookings.get(entry_id=event.entry_id)
        dated = max(on, opened.open_from, booking.booked_on)
        mirrored.append(mirror(event.entry.pk, as_value(event.entry), on=dated, reason="taken back"))
        opened.booked = (*opened.booked, Step(booking.name, dated, STILL.minus(moved_by(booking))))
    steps = opened.steps((*opened.events, undone), posted)
    as_of = max(on, loan.book.business_date)
    return Preview(
        before=position(opened.terms, opened.events, as_of),
        after=position(opened.terms, (*opened.events, undone), as_of),
        entries=(
            *mirrored,
            *opened.entries(steps),
            *(part.entry for part in cover_parts(opened, (*opened.events, undone), posted)),
        ),
    )


@transaction.atomic
def record(
    *, loan: Loan, event: Happened, by: AbstractBaseUser, key: str, circumstances: Circumstances = PLAIN
) -> LoanEvent:
    """Record an event, whatever its place says, and book what it changes. The same key again gives the first answer.

    Raises ActRefused for a day or an amount that is not possible, TwoPeopleNeeded for what costs money and is not
    approved, EventRefused for what the loan's life rules out, ImpossibleTerms, KeyUsedBefore.
    """
    opened = open_loan(loan)
    sha256 = fingerprint(opened.loan, event)
    earlier = recorded_before(opened.loan, key, sha256)
    if earlier is not None:
        return earlier
    refuse_amount(opened, event)
    refuse_day(opened, event, books_later=circumstances.books_later)
    refuse_own_rate(opened.loan, opened.terms, opened.standing, event)
    refuse_alone(opened, event, sha256, circumstances.approval)
    return act(opened, event, by=by, key=key, circumstances=circumstances)


def act(
    opened: OpenLoan, event: Happened, *, by: AbstractBaseUser, key: str, circumstances: Circumstances = PLAIN
) -> LoanEvent:
    """The same for a loan that is locked, once everything is checked; what fell due until then is booked with it."""
    on = posted_until = event.effective_on
    since = opened.told_from(on)
    if opened.begun:
        through = on - timedelta(days=1) if isinstance(event, Drawn) else on
        posted_until = max(opened.posted_until, through)
    numbered = replace(event, sequence=opened.next_number)
    steps = opened.changed_by(numbered)
    entries = book_steps(opened, f"event:{numbered.sequence}", steps, by=by, bank_account=circumstances.bank_account)
    own = next((step.name for step in steps if step.no == numbered.sequence and step.kind not in BY_ITSELF), "")
    recorded = _keep(opened, numbered, entries.get(own), by=by, key=key, circumstances=circumstances)
    book_cover(opened, max(posted_until, on), by=by, event=recorded)
    keep_projections(opened, since=since, posted_until=posted_until)
    return recorded


@transaction.atomic
def reverse_event(
    *,
    event: LoanEvent,
    on: date,
    reason: str,
    by: AbstractBaseUser,
    key: str,
    kinds: Sequence[EventKind] = (),
) -> LoanEvent:
    """Take an event, of one of these kinds, back from a day on: its entry is mirrored, and what it had changed is
    worked out again.

    Raises ReversalRefused, also for money that the bank has paid, EventRefused where a later event rests on it,
    KeyUsedBefore.
    """
    opened = open_loan(event.loan)
    undone = Reversed(on, 0, of=event.number)
    earlier = recorded_before(opened.loan, key, fingerprint(opened.loan, undone))
    if earlier is not None:
        return earlier
    refuse_reversal(opened, event, on, reason, kinds=kinds)
    return take_back(opened, event, undone, by=by, key=key, circumstances=Circumstances(reason=reason.strip()))


def take_back(
    opened: OpenLoan,
    event: LoanEvent,
    undone: Reversed,
    *,
    by: AbstractBaseUser,
    key: str,
    circumstances: Circumstances,
) -> LoanEvent:
    """The same for a loan that is locked, once everything is checked; what fell due until then is booked with it."""
    posted_until, since = max(opened.posted_until, undone.effective_on), opened.told_from(undone.effective_on)
    numbered = replace(undone, sequence=opened.next_number)
    name = f"event:{numbered.sequence}"
    mirror = _mirror(opened, event, numbered, name, circumstances, by=by)
    book_steps(opened, f"{name}:again", opened.changed_by(numbered), by=by)
    recorded = _keep(opened, numbered, mirror, by=by, key=key, circumstances=circumstances, reverses=event)
    book_cover(opened, posted_until, by=by, event=recorded)
    keep_projections(opened, since=since, posted_until=posted_until)
    return recorded


def _mirror(
    opened: OpenLoan,
    event: LoanEvent,
    undone: Reversed,
    name: str,
    circumstances: Circumstances,
    *,
    by: AbstractBaseUser,
) -> int | None:
    """The mirror of the entry that booked an event, on the day of the reversal or the first open one."""
    if event.entry_id is None:
        return None
    booking = opened.loan.bookings.get(entry_id=event.entry_id)
    on = max(undone.effective_on, opened.open_from, booking.booked_on)
    posted = reverse(
        event.entry_id,
        book=opened.loan.book,
        on=on,
        reason=circumstances.reason,
        key=f"loan:{opened.loan.reference}:{name}",
        by=by,
    )
    keep_bookings(opened, [(Step(booking.name, on, STILL.minus(moved_by(booking))), posted.entry_ids[0])])
    return posted.entry_ids[0]


def moved_by(booking: Booking) -> Moved:
    """What a booking moved."""
    return Moved(*(getattr(booking, column) for column in Moved._fields))


def _keep(
    opened: OpenLoan,
    event: Event,
    entry_id: int | None,
    *,
    by: AbstractBaseUser,
    key: str,
    circumstances: Circumstances,
    reverses: LoanEvent | None = None,
) -> LoanEvent:
    """The event's row, with the entry that booked it."""
    recorded = event_row(opened, event, entry_id, by=by, key=key, circumstances=circumstances, reverses=reverses)
    recorded.save(force_insert=True)
    opened.events = (*opened.events, event)
    return recorded


def event_row(
    opened: OpenLoan,
    event: Event,
    entry_id: int | None,
    *,
    by: AbstractBaseUser,
    key: str,
    circumstances: Circumstances,
    reverses: LoanEvent | None = None,
) -> LoanEvent:
    """The row that an event is kept as; not saved."""
    loan, content = opened.loan, event_content(event, opened.loan.currency)
    amount = getattr(event, "amount", None)
    return LoanEvent(
        loan=loan,
        number=event.sequence,
        kind=str(content["event"]),
        effective_on=event.effective_on,
        amount=None if amount is None else to_minor(amount.amount, loan.currency),
        currency=loan.currency,
        content=content,
        content_sha256=fingerprint(loan, event),
        terms=circumstances.terms,
        reverses=reverses,
        bank_account=circumstances.bank_account,
        reason=circumstances.reason,
        approval=circumstances.approval,
        entry_id=entry_id,
        key=key,
        recorded_by_id=by.pk,
    )
