"""What happens to what the fund borrows: drawn by a bank line, repaid, its rate changed, a fee charged, taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from investors.domain.borrowing_covenants import Tested
from investors.domain.borrowing_entries import repayment_paid_entry
from investors.domain.errors import BorrowingRefused
from investors.models import BorrowingBooking, BorrowingEvent, CovenantTest, Facility, FacilityTerms
from investors.queries.borrowing_tests import (
    DrawLimits,
    covenants_tested,
    draw_limits,
    fund_figures,
    with_more_drawn,
)
from investors.queries.borrowings import repayments_on_their_way
from investors.services.borrowing_books import (
    OpenFacility,
    book_borrowing_steps,
    borrowing_key,
    facility_looked_at,
    keep_borrowing_bookings,
    keep_borrowing_event,
    open_facility,
    record_borrowing,
    recorded_under,
)
from investors.services.borrowing_close import keep_tests
from investors.services.borrowing_refusals import (
    refuse_amount,
    refuse_beyond_the_bank,
    refuse_day,
    refuse_draw,
    refuse_rate,
    refuse_repayment,
    refuse_reversal,
    why,
)
from investors.services.held_money import one_spends_held_money
from ledger import queries as ledger
from ledger.domain.bank_statement import plain
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.services import match_bank_line, post, reverse
from loans.domain.corrections import Step
from loans.domain.events import Drawn, FeeCharged, Happened, RateChanged, Repaid, Reversed
from loans.domain.movements import STILL, Moved
from loans.domain.position import Position
from loans.domain.servicing import Prepayment

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


@dataclass(frozen=True, slots=True)
class BorrowingPreview:
    """What an event would change, before anything is written."""

    before: Position
    after: Position
    entries: tuple[JournalEntry, ...]
    covenants: tuple[Tested, ...]
    """As they would be tested afterwards."""
    limits: DrawLimits


@transaction.atomic
def draw_facility(
    *, facility: Facility, line: BankStatementLine, key: str, by: AbstractBaseUser, amount: Money | None = None
) -> BorrowingEvent:
    """Book a bank line, or an amount out of it, as drawn under a facility; the same key again gives the first answer.

    The covenants are tested with it and the results kept. Raises DrawAboveLimit with the figure, BorrowingRefused for
    money that went out and a day outside, and from the ledger LineMatchedAlready and PeriodClosed.
    """
    opened = open_facility(facility)
    came_in = from_minor(line.amount, line.bank_account.currency)
    drawn = Drawn(line.booked_on, 0, came_in if amount is None else amount)
    earlier = recorded_under(opened.facility, key, drawn)
    if earlier is not None:
        return earlier
    if came_in.amount < 0:
        raise BorrowingRefused(
            f"The bank line of {date_text(line.booked_on)} is {plain(came_in)}: money that went out is not drawn. "
            "Choose a line of money received; nothing was changed."
        )
    refuse_draw(opened, drawn)
    terms = FacilityTerms.objects.filter(facility=opened.facility, decision__outcome="approved").latest("version")
    recorded = record_borrowing(opened, drawn, by=by, key=key, bank_account=line.bank_account.code, terms=terms)
    if recorded.entry_id is not None:
        match_bank_line(line_id=line.pk, entry_id=recorded.entry_id)
    keep_tests(opened.life, drawn.effective_on, CovenantTest.Occasion.DRAW)
    return recorded


@transaction.atomic
def repay_facility(
    *,
    facility: Facility,
    amount: Money,
    on: date,
    key: str,
    by: AbstractBaseUser,
    prepayment: Prepayment | None = None,
    settles: bool = False,
) -> BorrowingEvent:
    """Book a repayment to the lender: what is due goes down and the money is on its way, to be paid by a payment file.

    Beyond what is due, `prepayment` says what becomes of it; `settles` ends the facility's debt, if it is enough. The
    same key again gives the first answer. Raises BorrowingRefused, also for more than the bank has: whoever pays
    investors out of the same money waits.
    """
    one_spends_held_money(facility.book)
    opened = open_facility(facility)
    repaid = Repaid(on, 0, amount, prepayment, settles)
    earlier = recorded_under(opened.facility, key, repaid)
    if earlier is not None:
        return earlier
    refuse_repayment(opened, repaid)
    refuse_beyond_the_bank(opened, repaid)
    return record_borrowing(opened, repaid, by=by, key=key)


@transaction.atomic
def confirm_facility_repayment(
    *, facility: Facility, line: BankStatementLine, amount: Money, key: str, by: AbstractBaseUser
) -> int:
    """Book that a bank line paid the lender; gives the entry's number. What was not booked as repaid before is, on the
    line's day: a lender that collects by itself.

    Raises BorrowingRefused for money that came in or more than is owed, and LineMatchedAlready.
    """
    opened = open_facility(facility)
    if line.amount > 0:
        raise BorrowingRefused(
            f"The bank line of {date_text(line.booked_on)} is money that came in, which repays no lender. "
            "Choose a draw, or something else; nothing was changed."
        )
    name = borrowing_key(opened.facility, f"paid:{key}")
    if not ledger.is_posted(opened.facility.book, name):
        missing = amount - repayments_on_their_way(opened.facility, line.booked_on)
        if missing.amount > 0:
            collected = Repaid(line.booked_on, 0, missing)
            refuse_repayment(opened, collected)
            record_borrowing(opened, collected, by=by, key=f"collected:{key}")
    entry = repayment_paid_entry(opened.facility.reference, line.booked_on, amount, line.bank_account.code)
    posted = post([entry], book=opened.facility.book, key=name, by=by)
    if not posted.repeated:
        match_bank_line(line_id=line.pk, entry_id=posted.entry_ids[0])
    return posted.entry_ids[0]


@transaction.atomic
def change_facility_rate(
    *, facility: Facility, annual_rate: Decimal, on: date, reason: str, key: str, by: AbstractBaseUser
) -> BorrowingEvent:
    """Record that another nominal rate counts from a day on; of an earlier day, what is posted since is worked out
    again. The same key again gives the first answer. Raises BorrowingRefused."""
    opened = open_facility(facility)
    changed = RateChanged(on, 0, annual_rate)
    earlier = recorded_under(opened.facility, key, changed)
    if earlier is not None:
        return earlier
    refuse_rate(opened, changed)
    return record_borrowing(opened, changed, by=by, key=key, reason=why(reason))


@transaction.atomic
def charge_facility_fee(
    *, facility: Facility, amount: Money, on: date, reason: str, key: str, by: AbstractBaseUser
) -> BorrowingEvent:
    """Record a fee that the lender charges; it is due the same day. The same key again gives the first answer.

    Raises BorrowingRefused."""
    opened = open_facility(facility)
    charged = FeeCharged(on, 0, amount)
    earlier = recorded_under(opened.facility, key, charged)
    if earlier is not None:
        return earlier
    refuse_amount(opened, amount)
    refuse_day(opened, on)
    return record_borrowing(opened, charged, by=by, key=key, reason=why(reason))


@transaction.atomic
def reverse_borrowing_event(
    *, event: BorrowingEvent, on: date, reason: str, key: str, by: AbstractBaseUser
) -> BorrowingEvent:
    """Take an event back from a day on: its entry is mirrored, and what it had changed is worked out again.

    The bank line of a draw waits in suspense again. Raises BorrowingRefused for a reversal, new terms, what is taken
    back already, a repayment that the bank has paid or that is in a payment file, and EventRefused where a later event
    rests on it.
    """
    opened = open_facility(event.facility)
    undone = Reversed(on, opened.life.next_number, of=event.number)
    earlier = recorded_under(opened.facility, key, undone)
    if earlier is not None:
        return earlier
    refuse_reversal(opened, event, on)
    reason, name = why(reason), f"event:{undone.sequence}"
    mirror = _mirror(opened, event, undone, borrowing_key(opened.facility, name), reason, by=by)
    steps = opened.steps((*opened.life.events, undone), opened.posted_until)
    book_borrowing_steps(opened, f"{name}:again", steps, by=by)
    return keep_borrowing_event(opened, undone, mirror, by=by, key=key, given={"reason": reason, "reverses": event})


@transaction.atomic
def take_repayment_confirmation_back(
    *, facility: Facility, entry_id: int, on: date, reason: str, by: AbstractBaseUser
) -> tuple[int, ...]:
    """Take back that a bank line paid the lender: the line waits again, and the repayment is on its way again."""
    opened = open_facility(facility)
    key = borrowing_key(opened.facility, f"undone:{entry_id}")
    return reverse(entry_id, book=opened.facility.book, on=on, reason=reason, key=key, by=by).entry_ids


def _mirror(
    opened: OpenFacility, event: BorrowingEvent, undone: Reversed, key: str, reason: str, *, by: AbstractBaseUser
) -> int | None:
    """The mirror of the entry that booked an event, on the day of the reversal or the first open one."""
    if event.entry_id is None:
        return None
    booking = BorrowingBooking.objects.get(entry_id=event.entry_id)
    on = max(undone.effective_on, opened.open_from, booking.booked_on)
    posted = reverse(event.entry_id, book=opened.facility.book, on=on, reason=reason, key=key, by=by)
    moved = Moved(
        principal=booking.principal, interest=booking.interest, fees=booking.fees, in_advance=booking.in_advance
    )
    keep_borrowing_bookings(opened, [(Step(booking.name, on, STILL.minus(moved)), posted.entry_ids[0])])
    return posted.entry_ids[0]


def preview_borrowing(*, facility: Facility, event: Happened) -> BorrowingPreview:
    """What a draw, a repayment, another rate or a fee would change, and how the covenants would stand then; nothing is
    written. A draw is shown on the book's first bank account, for nobody knows yet on which its money will come. Raises
    what recording it raises, but for the key and the reason."""
    opened = facility_looked_at(facility)
    _refuse(opened, event)
    life, book, on = opened.life, opened.facility.book, event.effective_on
    told = replace(life, events=(*life.events, replace(event, sequence=life.next_number)))
    as_of = max(on, book.business_date)
    figures = fund_figures(book, on, life.agreement.covenants)
    limits = draw_limits(life, figures)
    match event:
        case Drawn():
            figures = with_more_drawn(figures, event.amount)
        case Repaid():
            lower = life.at(on).principal_outstanding - told.at(on).principal_outstanding
            figures = replace(figures, drawn=figures.drawn - lower, cash=figures.cash - event.amount)
    steps = opened.steps(told.events, opened.posted_until)
    return BorrowingPreview(
        before=life.at(as_of),
        after=told.at(as_of),
        entries=tuple(opened.entries(steps, _first_bank_account(book))),
        covenants=covenants_tested(life, figures),
        limits=limits,
    )


def _first_bank_account(book: Book) -> str:
    first = ledger.bank_accounts(book).first()
    return first.code if first else "MAIN"


def _refuse(opened: OpenFacility, event: Happened) -> None:
    match event:
        case Drawn():
            refuse_draw(opened, event)
        case Repaid():
            refuse_repayment(opened, event)
            refuse_beyond_the_bank(opened, event)
        case RateChanged():
            refuse_rate(opened, event)
        case FeeCharged():
            refuse_amount(opened, event.amount)
            refuse_day(opened, event.effective_on)
