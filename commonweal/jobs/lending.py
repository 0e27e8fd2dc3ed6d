"""Money that moves on a loan: booked for the loan, then shared among its lenders, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from commonweal.access.models import User
from commonweal.jobs.letters import ask_to_send
from commonweal.jobs.paying import note_what_was_matched
from commonweal.letters.rounds import THANKED_FOR
from commonweal.letters.writing import thank
from investors.domain.funds import refuse_short
from investors.domain.participation import Participation, SharingRule
from investors.models import ParticipationSet
from investors.queries import money_to_lend
from investors.services import apportion, one_spends_held_money, set_participations
from ledger.domain.words import date_text
from ledger.queries import rest_of_bank_line
from loans.domain.errors import DrawdownRefused
from loans.domain.words import money_text
from loans.models import Loan, LoanEvent
from loans.services import HowRepaid, confirm_drawdown, draw_down, record_repayment, reverse_event

if TYPE_CHECKING:
    from ledger.models import BankStatementLine

ORDINARY = HowRepaid()


@transaction.atomic
def share(
    *,
    loan: Loan,
    effective_on: date,
    participations: Sequence[Participation],
    rule: SharingRule = SharingRule.ALIKE,
    by: User,
) -> ParticipationSet:
    """Record who funds a loan, and share at once what was lent before anybody was named.

    Raises what `investors.services.set_participations` raises.
    """
    recorded = set_participations(loan=loan, effective_on=effective_on, participations=participations, rule=rule, by=by)
    apportion(loan=loan, by=by)
    return recorded


@transaction.atomic
def lend(*, loan: Loan, amount: Money, on: date, by: User, key: str, shortfall_reason: str = "") -> LoanEvent:
    """Draw a loan down, with its lenders' side; a reason lets it be more than the money that is there, and is kept.

    Raises MoneyShort for more than the bank has or is held for a lender, and what `loans.services.draw_down` raises.
    """
    one_spends_held_money(loan.book)
    is_new = not LoanEvent.objects.filter(loan=loan, key=key).exists()
    money = money_to_lend(loan, on)
    event = draw_down(loan=loan, amount=amount, on=on, by=by, key=key, reason=shortfall_reason.strip())
    if is_new and not shortfall_reason.strip():
        refuse_short(loan.reference, amount, money)
    apportion(loan=loan, by=by)
    return event


@transaction.atomic
def repay_from_bank_line(
    *, loan: Loan, line: BankStatementLine, by: User, how: HowRepaid = ORDINARY, amount: Money | None = None
) -> LoanEvent:
    """Match what a bank line has left in suspense, or an amount out of it, to a loan, as a repayment on the day that
    the bank booked it.

    `line` comes from `ledger.queries.unmatched_bank_lines`, which says what is left. A line that was matched before and
    taken back may be matched again. Raises what `loans.services.record_repayment` raises.
    """
    event = record_repayment(
        loan=loan,
        amount=rest_of_bank_line(line) if amount is None else amount,
        on=line.booked_on,
        bank_account=line.bank_account.code,
        bank_line_id=line.pk,
        by=by,
        key=f"bank-line:{line.pk}:by-hand:{line.matches.count()}",
        how=how,
    )
    apportion(loan=loan, by=by)
    thank_lately(event, by=by)
    return event


@transaction.atomic
def confirm_by_bank_line(*, loan: Loan, line: BankStatementLine, by: User, amount: Money | None = None) -> int:
    """Match what a bank line of money that went out has left in suspense to a drawdown that was on its way.

    `amount`, without a sign, is for a part of it. Gives the number of the entry. Raises DrawdownRefused for money that
    came in, and what `loans.services.confirm_drawdown` raises.
    """
    left = rest_of_bank_line(line)
    if left.amount > 0:
        raise DrawdownRefused(
            f"The bank line of {date_text(line.booked_on)} brought {money_text(left)}: money that came in "
            "confirms no drawdown. "
            "Choose a line of money that went out; nothing was changed."
        )
    entry_id = confirm_drawdown(
        loan=loan,
        amount=-left if amount is None else amount,
        on=line.booked_on,
        bank_account=line.bank_account.code,
        bank_line_id=line.pk,
        by=by,
    )
    note_what_was_matched(book=loan.book, by=by)
    return entry_id


@transaction.atomic
def take_back(*, event: LoanEvent, on: date, reason: str, by: User, key: str) -> LoanEvent:
    """Reverse an event with its lenders' side. Raises what `loans.services.reverse_event` raises."""
    reversal = reverse_event(event=event, on=on, reason=reason, by=by, key=key)
    apportion(loan=event.loan, by=by)
    return reversal


def thank_lately(event: LoanEvent, *, by: User) -> None:
    """Say thank you in the transaction that booked the money, unless it came in long ago."""
    if event.effective_on > event.loan.book.business_date - THANKED_FOR and thank(event):
        ask_to_send(book=event.loan.book, by=by)
