"""Lending the money: a drawdown of an approved loan, the bank's word that it was paid, and taking it back before."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger import queries as ledger
from ledger.services import match_bank_line, reverse
from loans.domain.entries import drawdown_paid_entry, payment_returned_entry
from loans.domain.errors import DrawdownRefused
from loans.domain.events import Drawn, Reversed
from loans.domain.position import position
from loans.domain.schedule import refuse_drawdown_after_end
from loans.domain.words import date_text, money_text
from loans.models import EventKind, Loan, LoanEvent, LoanTerms
from loans.models import Instalment as StoredInstalment
from loans.services.act_refusals import refuse_closed_day
from loans.services.acts import Circumstances, act, reverse_event
from loans.services.booking import OpenLoan, fingerprint, open_loan, post_for, posted_before, recorded_before
from loans.services.upkeep import post_what_fell_due
from loans.servicing_queries import in_transit

MOST_TIMES = 100
"""So often a bank line may tell of a payment, each time but the last taken back."""


@transaction.atomic
def draw_down(*, loan: Loan, amount: Money, on: date, by: AbstractBaseUser, key: str, reason: str = "") -> LoanEvent:
    """Lend an agreed loan, or a part of it, and book it the same day. The same key again gives the first answer.

    A reason, where one had to be given, is kept with the event. Raises DrawdownRefused, KeyUsedBefore, and ActRefused
    for a day in a closed period.
    """
    opened = open_loan(loan)
    drawn = Drawn(on, 0, amount)
    earlier = recorded_before(opened.loan, key, fingerprint(opened.loan, drawn))
    if earlier is not None:
        return earlier
    terms = LoanTerms.objects.filter(loan=opened.loan).latest("version")
    circumstances = Circumstances(reason=reason.strip(), terms=terms)
    _refuse_amount(opened, amount)
    _refuse_day(opened, on)
    refuse_closed_day(opened, on, may_follow=False)
    if opened.begun:
        post_what_fell_due(opened, on - timedelta(days=1), by=by)
    _refuse_rewriting_posted(opened, on)
    refuse_drawdown_after_end(opened.terms, drawn)
    return act(opened, drawn, by=by, key=key, circumstances=circumstances)


@transaction.atomic
def confirm_drawdown(
    *, loan: Loan, amount: Money, on: date, bank_account: str, bank_line_id: int, by: AbstractBaseUser
) -> int:
    """Book that the bank paid a drawdown out, by the outgoing line that says so; gives the entry's number.

    The same line again with the same content gives the first answer. Raises DrawdownRefused for more than is on its
    way, LineMatchedAlready for more than the line has left, KeyUsedForOtherContent for a line that confirmed otherwise.
    """
    opened = open_loan(loan)
    name, on = _told_by(opened, f"paid-out:{bank_line_id}", on)
    if not posted_before(opened.loan, name):
        _refuse_more_than_is_on_its_way(opened, amount, on)
    entry = drawdown_paid_entry(opened.loan.reference, on, amount, bank_account)
    posted = post_for(opened.loan, name, [entry], by=by)
    if not posted.repeated:
        match_bank_line(line_id=bank_line_id, entry_id=posted.entry_ids[0])
    return posted.entry_ids[0]


@transaction.atomic
def receive_back(
    *, loan: Loan, amount: Money, on: date, bank_account: str, bank_line_id: int, by: AbstractBaseUser
) -> int:
    """Book that a payment to the borrower came back, by the incoming line that says so; gives the entry's number.

    The money is on its way again, to be paid anew or to be taken back. Raises LineMatchedAlready for more than the line
    has left, KeyUsedForOtherContent for a line that was booked otherwise.
    """
    opened = open_loan(loan)
    name, on = _told_by(opened, f"came-back:{bank_line_id}", on)
    entry = payment_returned_entry(opened.loan.reference, on, amount, bank_account)
    posted = post_for(opened.loan, name, [entry], by=by)
    if not posted.repeated:
        match_bank_line(line_id=bank_line_id, entry_id=posted.entry_ids[0])
    return posted.entry_ids[0]


@transaction.atomic
def take_confirmation_back(
    *, loan: Loan, entry_id: int, on: date, reason: str, by: AbstractBaseUser
) -> tuple[int, ...]:
    """Take back that a bank line confirmed a payment to the borrower, or that it came back: the line waits again.

    Gives the numbers of the reversals. Raises what `ledger.services.reverse` raises.
    """
    opened = open_loan(loan)
    key = f"loan:{opened.loan.reference}:undone:{entry_id}"
    return reverse(entry_id, book=opened.loan.book, on=on, reason=reason, key=key, by=by).entry_ids


def reverse_drawdown(*, event: LoanEvent, on: date, reason: str, by: AbstractBaseUser, key: str) -> LoanEvent:
    """Take back a drawdown that the bank has not paid, before anything fell due or was repaid on it.

    The loan stands from that day on as if it had not been drawn, and may be drawn again. Raises ReversalRefused,
    KeyUsedBefore, and PeriodClosed for a day in a closed period.
    """
    return reverse_event(event=event, on=on, reason=reason, by=by, key=key, kinds=[EventKind.DRAWN])


def _told_by(opened: OpenLoan, begins: str, on: date) -> tuple[str, date]:
    """The natural key of what a line tells, and its day: after it was taken back, another one and from then on."""
    names = [begins, *(f"{begins}:again:{time}" for time in range(1, MOST_TIMES))]
    keys = [f"loan:{opened.loan.reference}:{name}" for name in names]
    undone = ledger.entries(opened.loan.book).filter(request__key__in=keys, reversed_by__isnull=False)
    taken_back = list(undone.values_list("reversed_by__effective_on", flat=True))
    return names[min(len(taken_back), MOST_TIMES - 1)], max([on, *taken_back])


def _standing(opened: OpenLoan) -> list[Drawn]:
    """The drawdowns that are not taken back."""
    return [event for event in opened.standing if isinstance(event, Drawn)]


def _refuse_more_than_is_on_its_way(opened: OpenLoan, amount: Money, on: date) -> None:
    on_its_way = in_transit(opened.loan, on)
    if amount > on_its_way:
        raise DrawdownRefused(
            f"{money_text(amount)} left the bank on {date_text(on)}, but {money_text(on_its_way)} of "
            f"{opened.loan.reference} was on its way by then. Record the drawdown first; nothing was changed."
        )


def _refuse_amount(opened: OpenLoan, amount: Money) -> None:
    reference, terms = opened.loan.reference, opened.terms
    if amount.currency.code != terms.currency:
        raise DrawdownRefused(
            f"{reference} is lent in {terms.currency}, not {amount.currency}. "
            "Give the amount in that currency; nothing was changed."
        )
    if amount.amount <= 0:
        raise DrawdownRefused(
            f"A drawdown of {money_text(amount)} lends nothing. Give a positive amount; nothing was changed."
        )
    undrawn = position(terms, opened.events, opened.loan.book.business_date).undrawn
    if amount > undrawn:
        raise DrawdownRefused(
            f"{money_text(amount)} is {money_text(amount - undrawn)} more than is approved and undrawn of {reference}: "
            f"{money_text(undrawn)} of {money_text(terms.principal)}. Draw less; nothing was changed."
        )


def _refuse_day(opened: OpenLoan, on: date) -> None:
    loan, terms = opened.loan, opened.terms
    if on < loan.approved_on:
        raise DrawdownRefused(
            f"{loan.reference} was approved on {date_text(loan.approved_on)}; it cannot be drawn on {date_text(on)}. "
            "Date the drawdown on or after the approval; nothing was changed."
        )
    if on > loan.book.business_date:
        raise DrawdownRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Date the drawdown on or before it; nothing was changed."
        )
    taken_back = max((event.effective_on for event in opened.events if isinstance(event, Reversed)), default=on)
    if on < taken_back and not _standing(opened):
        raise DrawdownRefused(
            f"{loan.reference} was drawn before, and that was taken back on {date_text(taken_back)}. "
            "Date the drawdown on or after that day; nothing was changed."
        )
    if not _standing(opened) and on >= terms.first_due_on:
        raise DrawdownRefused(
            f"The first instalment of {loan.reference} is due on {date_text(terms.first_due_on)}; it has to be drawn "
            "before that day. Agree other terms; nothing was changed."
        )


def _refuse_rewriting_posted(opened: OpenLoan, on: date) -> None:
    """An instalment that is posted stays as it is: a drawdown may only change those that come later."""
    rows = StoredInstalment.objects.filter(loan=opened.loan, due_on__lte=opened.posted_until)
    posted = rows.order_by("no").last()
    if posted and posted.nominal_due_on >= on:
        raise DrawdownRefused(
            f"Instalment {posted.no} of {opened.loan.reference}, due on {date_text(posted.due_on)}, is posted. "
            "Date the drawdown after it; nothing was changed."
        )
