"""Matching bank lines to loans by the reference that the payer gave; what is not certain stays in suspense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.errors import LedgerError
from ledger.domain.money import from_minor
from ledger.queries import unmatched_bank_lines
from loans.domain.errors import LoanError
from loans.domain.references import payment_references_in
from loans.models import Loan, LoanEvent
from loans.services.drawdowns import confirm_drawdown
from loans.services.repayments import record_repayment

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """What became of one bank line: the loan that it was matched to, or why it stays in suspense."""

    line: BankStatementLine
    loan: Loan | None
    left_because: str = ""


def match_bank_lines(*, book: Book, by: AbstractBaseUser) -> list[MatchedLine]:
    """Match every bank line that names one loan, the oldest first: money in repays it, money out was its drawdown.

    Each line is matched in a step of its own; one that is refused stays in suspense with the reason, and doing this
    again changes nothing more.
    """
    by_reference = {loan.payment_reference: loan for loan in Loan.objects.filter(book=book)}
    lines = unmatched_bank_lines(book).order_by("booked_on", "pk")
    return [_match(line, by_reference, by=by) for line in lines]


def _match(line: BankStatementLine, by_reference: dict[str, Loan], *, by: AbstractBaseUser) -> MatchedLine:
    named = payment_references_in(f"{line.reference} {line.description}", by_reference)
    if len(named) != 1:
        why = "it names no loan" if not named else f"it names {len(named)} loans"
        return MatchedLine(line, None, f"{why}: match it by hand")
    loan = by_reference[named[0]]
    if LoanEvent.objects.filter(loan=loan, key=line_key(line)).exists():
        return MatchedLine(line, None, f"it was matched to {loan.reference} before and taken back: match it by hand")
    try:
        with transaction.atomic():
            _book(line, loan, by=by)
    except (LoanError, LedgerError) as refusal:
        return MatchedLine(line, None, str(refusal))
    return MatchedLine(line, loan)


def _book(line: BankStatementLine, loan: Loan, *, by: AbstractBaseUser) -> None:
    rest: int = vars(line)["rest"]
    amount, account = from_minor(abs(rest), line.bank_account.currency), line.bank_account.code
    if rest > 0:
        record_repayment(
            loan=loan,
            amount=amount,
            on=line.booked_on,
            bank_account=account,
            bank_line_id=line.pk,
            by=by,
            key=line_key(line),
        )
    else:
        confirm_drawdown(loan=loan, amount=amount, on=line.booked_on, bank_account=account, bank_line_id=line.pk, by=by)


def line_key(line: BankStatementLine) -> str:
    """The key under which a bank line is recorded on its loan."""
    return f"bank-line:{line.pk}"
