"""Money out: what there is to pay, in one list, the files that pay it, and what the bank's lines make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.clock import database_now
from commonweal.jobs.refusals import REFUSALS
from investors.payments import investor_payments
from investors.queries.borrowings import borrowing_payments
from investors.services import hold_held_money, one_spends_held_money, put_back
from ledger.domain.payment_errors import PaymentRefused
from ledger.domain.payments import Payment, Purpose
from ledger.domain.words import date_text
from ledger.queries import ToldOf, lines_told_of, matched_otherwise, payments_at_the_bank
from ledger.services import HowPaid, book_in_transit, hold_book, make_payment_file, record_outcome
from ledger.services import refuse_payment as refuse_at_the_bank
from loans.bank_holidays import WEEKDAYS, calendar_days
from loans.domain.calendar import is_business_day
from loans.models import Loan
from loans.payments import loan_payments
from loans.services import confirm_drawdown, hold_loans, receive_back

if TYPE_CHECKING:
    from ledger.models import BankAccount, Book, PaymentFile

CHASE_AFTER = 3
"""Business days after which a payment should have been on a statement: the slowest British transfer takes three."""

CALENDAR_OF = {"GBP": "GB-ENG"}
"""By whose bank holidays the days count; elsewhere weekends alone."""


def payments_to_chase(book: Book) -> list[Any]:
    """The payments that were given to the bank and have not been confirmed in good time, the oldest first."""
    closed = calendar_days(CALENDAR_OF.get(book.base_currency, WEEKDAYS))
    waiting = payments_at_the_bank(book).order_by("pk")
    return [one for one in waiting if _business_days(one.sent_on, book.business_date, closed) > CHASE_AFTER]


def _business_days(since: date, until: date, closed: Container[date]) -> int:
    """How many business days have begun after a day; past the limit it does not matter how many."""
    days = (since + timedelta(days=number) for number in range(1, min((until - since).days, 4 * CHASE_AFTER) + 1))
    return sum(is_business_day(day, closed) for day in days)


SOURCES: tuple[Callable[[Book], list[Payment]], ...] = (loan_payments, borrowing_payments, investor_payments)
"""Who says what there is to pay: to borrowers, to those who lend to the fund, and to investors who are paid out."""


def payments_to_make(book: Book) -> list[Payment]:
    """What is booked as on its way and in no file that stands, the oldest first."""
    return [payment for payments_of in SOURCES for payment in payments_of(book)]


@transaction.atomic
def make_file(*, bank_account: BankAccount, sources: Sequence[str], how: HowPaid, by: User) -> PaymentFile:
    """A payment file of some of what there is to pay, named by their sources; a second person checks it then.

    Raises PaymentRefused for what is not there to be paid any more, and what the ledger's `make_payment_file` raises.
    """
    hold_book(book=bank_account.book)
    there = {payment.source: payment for payment in payments_to_make(bank_account.book)}
    if gone := [source for source in sources if source not in there]:
        raise PaymentRefused(
            f"{len(gone)} of the {len(sources)} payments chosen cannot be made any more: in another file by now, taken "
            "back, or paid. Look at the list again; nothing was changed."
        )
    payments = [there[source] for source in sources]
    return make_payment_file(bank_account=bank_account, payments=payments, how=how, at=database_now(), by=by)


def settle_payments(*, book: Book, by: User) -> int:
    """Book every waiting bank line that tells of payments: paid, or come back; says of how many payments.

    Each line is a step of its own, and doing this again changes nothing more. Payments whose money a line took
    otherwise, by a person's word or the loan's reference, count as paid as well.
    """
    settled = sum(_settle(told, by=by) for told in lines_told_of(book))
    return settled + note_what_was_matched(book=book, by=by)


def note_what_was_matched(*, book: Book, by: User) -> int:
    """Keep that payments were paid whose bank lines somebody matched; says how many."""
    found = matched_otherwise(book)
    for payment, posting in found:
        record_outcome(payments=[payment], line=posting.entry.matches.get().line, entry_id=posting.entry_id, by=by)
    return len(found)


@transaction.atomic
def refuse_payment(*, payment: Any, reason: str, on: date, by: User) -> None:
    """Record that the bank refused a payment that was sent. What a borrower is due can be put into another file; what
    an investor was paid out is held for it again.

    Raises what the ledger's `refuse_payment` raises.
    """
    book = payment.book
    if payment.purpose == Purpose.LENDER:
        hold_held_money(book)
    refuse_at_the_bank(payment=payment, reason=reason, on=on, by=by)
    put_back(book=book, sources=[payment.source], on=on, reason=f"The bank refused it: {reason.strip()}"[:500], by=by)


def _settle(told: ToldOf, *, by: User) -> int:
    """Of how many payments a line told; 0 where what it tells of is refused, and it stays in suspense."""
    by_account: dict[str, list[Any]] = defaultdict(list)
    for payment in told.payments:
        by_account[payment.account.subject].append(payment)
    try:
        with transaction.atomic():
            book = told.payments[0].book
            is_held_again = told.came_back and any(one.purpose == Purpose.LENDER for one in told.payments)
            if is_held_again:
                one_spends_held_money(book)
            hold_loans(_paid_to(book, by_account))
            if is_held_again:
                hold_book(book=book)
            for subject, payments in by_account.items():
                _book(told, subject, payments, by=by)
    except REFUSALS:
        return 0
    return len(told.payments)


def _paid_to(book: Book, subjects: Iterable[str]) -> list[int]:
    """The loans among those from whose accounts in transit something is paid."""
    return list(Loan.objects.filter(book=book, reference__in=subjects).values_list("pk", flat=True))


def _book(told: ToldOf, subject: str, payments: Sequence[Any], *, by: User) -> None:
    """One entry for what a line pays from one account in transit, and what became of each payment."""
    line = told.line
    loan = Loan.objects.filter(book=payments[0].book, reference=subject).first()
    if loan is None:
        entry_id = book_in_transit(payments=payments, line=line, by=by)
        record_outcome(payments=payments, line=line, entry_id=entry_id, by=by)
        if told.came_back:
            sources = [one.source for one in payments]
            reason = f"The payment came back by the bank line of {date_text(line.booked_on)}"
            put_back(
                book=payments[0].book, sources=sources, on=line.booked_on, reason=reason, came_back=entry_id, by=by
            )
        return
    how: dict[str, Any] = {
        "amount": sum((one.money for one in payments[1:]), payments[0].money),
        "on": line.booked_on,
        "bank_account": line.bank_account.code,
        "bank_line_id": line.pk,
        "by": by,
    }
    entry_id = receive_back(loan=loan, **how) if told.came_back else confirm_drawdown(loan=loan, **how)
    record_outcome(payments=payments, line=line, entry_id=entry_id, by=by)
