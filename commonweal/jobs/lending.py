"""Money that moves on a loan: booked for the loan, then shared among its lenders, in one step."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from moneyed import Money

from commonweal.access.models import User
from investors.services import apportion
from ledger.domain.money import from_minor
from ledger.queries import BankStatementLine
from loans.models import Loan, LoanEvent
from loans.services import draw_down, record_repayment, reverse_repayment


@transaction.atomic
def lend(*, loan: Loan, amount: Money, on: date, by: User, key: str) -> LoanEvent:
    """Draw a loan down, with its lenders' side. Raises what `loans.services.draw_down` raises."""
    event = draw_down(loan=loan, amount=amount, on=on, by=by, key=key)
    apportion(loan=loan, by=by)
    return event


@transaction.atomic
def repay_from_bank_line(*, loan: Loan, line: BankStatementLine, by: User) -> LoanEvent:
    """Match what a bank line has left in suspense to a loan, as a repayment on the day that the bank booked it.

    `line` comes from `ledger.queries.unmatched_bank_lines`, which says what is left. A line that was matched before and
    taken back may be matched again. Raises what `loans.services.record_repayment` raises.
    """
    event = record_repayment(
        loan=loan,
        amount=from_minor(vars(line)["rest"], line.bank_account.currency),
        on=line.booked_on,
        bank_account=line.bank_account.code,
        bank_line_id=line.pk,
        by=by,
        key=f"bank-line:{line.pk}:by-hand:{line.matches.count()}",
    )
    apportion(loan=loan, by=by)
    return event


@transaction.atomic
def take_back_repayment(*, event: LoanEvent, on: date, reason: str, by: User, key: str) -> LoanEvent:
    """Reverse a repayment, with its lenders' side. Raises what `loans.services.reverse_repayment` raises."""
    reversal = reverse_repayment(event=event, on=on, reason=reason, by=by, key=key)
    apportion(loan=event.loan, by=by)
    return reversal
