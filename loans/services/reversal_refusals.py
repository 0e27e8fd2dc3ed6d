"""What is not taken back: reversals, what is taken back already, and whatever something else rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from moneyed import Money

from ledger.domain.payments import PaymentState
from ledger.queries import payment_under_way
from loans.domain.errors import ReversalRefused
from loans.domain.events import Drawn, Repaid
from loans.domain.movements import Happening
from loans.domain.schedule import schedule
from loans.domain.words import date_text, money_text
from loans.models import EventKind, LoanEvent
from loans.payments import source_of
from loans.services.booking import OpenLoan
from loans.servicing_queries import in_transit

INSTEAD = {
    EventKind.DRAWN: "Let the borrower repay it",
    EventKind.REFUNDED: "Record what comes back as a repayment",
}
"""What to do about money that the bank has paid."""


def refuse_reversal(
    opened: OpenLoan, event: LoanEvent, on: date, reason: str, *, kinds: Sequence[EventKind] = ()
) -> None:
    """Raise ReversalRefused for a reversal, another kind, what is taken back already, a day outside, no reason, money
    that the bank has paid, or what something else rests on."""
    what = f"{event.get_kind_display()} {event.number} of {opened.loan.reference}"
    if event.kind == EventKind.REVERSED:
        raise ReversalRefused(
            f"{what} is a reversal, which is not taken back. Record what really happened anew; nothing was changed."
        )
    if kinds and event.kind not in kinds:
        noun = kinds[0].label.lower()
        raise ReversalRefused(
            f"{what} is not a {noun}, so it cannot be taken back as one. Choose a {noun}; nothing was changed."
        )
    if LoanEvent.objects.filter(reverses=event).exists():
        raise ReversalRefused(f"{what} is taken back already. Look at the loan's events; nothing was changed.")
    if not event.effective_on <= on <= opened.loan.book.business_date:
        raise ReversalRefused(
            f"{what} is dated {date_text(event.effective_on)}; date its reversal from that day to "
            f"{date_text(opened.loan.book.business_date)}, the business date. Nothing was changed."
        )
    if not reason.strip():
        raise ReversalRefused(f"Say why {what} is taken back: the auditor will read it. Nothing was changed.")
    _refuse_what_something_rests_on(opened, event, on)


def _refuse_what_something_rests_on(opened: OpenLoan, event: LoanEvent, on: date) -> None:
    match event.kind:
        case EventKind.DRAWN:
            _refuse_in_a_payment_file(opened, event)
            _refuse_paid_by_the_bank(opened, event, on)
            _refuse_repaid_since(opened, event)
            _refuse_due_since(opened, event, on)
        case EventKind.REFUNDED:
            _refuse_in_a_payment_file(opened, event)
            _refuse_paid_by_the_bank(opened, event, on)
        case EventKind.BROUGHT_IN:
            _refuse_gone_on(opened, event)


def _refuse_paid_by_the_bank(opened: OpenLoan, event: LoanEvent, on: date) -> None:
    booked_on = event.entry.effective_on if event.entry else event.effective_on
    amount, on_its_way = _sent(opened, event), in_transit(opened.loan, max(on, opened.open_from, booked_on))
    if amount > on_its_way:
        raise ReversalRefused(
            f"{event.get_kind_display()} {event.number} of {opened.loan.reference} is of {money_text(amount)}, and "
            f"{money_text(on_its_way)} is still on its way: the bank paid the rest. {INSTEAD[EventKind(event.kind)]}; "
            "nothing was changed."
        )


def _refuse_in_a_payment_file(opened: OpenLoan, event: LoanEvent) -> None:
    payment = payment_under_way(opened.loan.book, source_of(event))
    if payment is not None and payment.state != PaymentState.CONFIRMED:
        raise ReversalRefused(
            f"{event.get_kind_display()} {event.number} of {opened.loan.reference} is in payment file "
            f"{payment.file.number}, and is {payment.state} there. Withdraw that file first, or record that the bank "
            "refused the payment; nothing was changed."
        )


def _sent(opened: OpenLoan, event: LoanEvent) -> Money:
    """What of an event's money left: the fee that was kept back from it did not."""
    kept = f"{Happening.FEE_DEDUCTED}:{event.number}"
    return opened.money((event.amount or 0) + sum(step.moved.fees for step in opened.booked if step.name == kept))


def _refuse_repaid_since(opened: OpenLoan, event: LoanEvent) -> None:
    if any(isinstance(one, Repaid) and one.effective_on >= event.effective_on for one in opened.standing):
        raise ReversalRefused(
            f"{opened.loan.reference} was repaid after drawdown {event.number}. Take the repayments back first; "
            "nothing was changed."
        )


def _refuse_due_since(opened: OpenLoan, event: LoanEvent, on: date) -> None:
    until = max(on, opened.posted_until)
    rows = schedule(opened.terms, [one for one in opened.standing if isinstance(one, Drawn)])
    due = next((row for row in rows if row.nominal_due_on >= event.effective_on and row.due_on <= until), None)
    if due:
        raise ReversalRefused(
            f"Instalment {due.no} of {opened.loan.reference} fell due on {date_text(due.due_on)}, after drawdown "
            f"{event.number}. Date the reversal before it, while nothing of it is posted; nothing was changed."
        )


def _refuse_gone_on(opened: OpenLoan, event: LoanEvent) -> None:
    """What moved in under two people's eyes is not taken from under what came after it."""
    later = LoanEvent.objects.filter(loan=opened.loan, number__gt=event.number, reversed_by=None)
    first = later.exclude(kind=EventKind.REVERSED).order_by("number").first()
    if first:
        raise ReversalRefused(
            f"{opened.loan.reference} went on after it was brought in: {first.get_kind_display().lower()} "
            f"{first.number} of {date_text(first.effective_on)}. Take back first what came after; nothing was changed."
        )
