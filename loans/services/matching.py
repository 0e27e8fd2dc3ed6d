"""Matching bank lines to loans by the reference that the payer gave; what is not certain stays in suspense."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.errors import LedgerError
from ledger.domain.money import from_minor
from ledger.queries import unmatched_bank_lines
from loans.domain.errors import LoanError
from loans.models import Loan, LoanEvent
from loans.services.drawdowns import confirm_drawdown
from loans.services.references import KnownReferences
from loans.services.repayments import record_repayment
from loans.services.repayments_of_many import Received, record_repayments

if TYPE_CHECKING:
    from ledger.models import BankStatement, BankStatementLine, Book

MOST_TOGETHER = 200
"""So many loans are locked and booked at once."""

RETRIES = 3
"""So many lines of a loan that were refused before are tried anew in one run; without a bound each import would try all
that ever waited."""


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """What became of one bank line: the loan that it was matched to, or why it stays in suspense."""

    line: BankStatementLine
    loan: Loan | None
    left_because: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all lines: the loans, what they are called, the lines that were taken back, and how many
    lines that were tried before have been refused for each loan."""

    by_reference: dict[str, Loan]
    references: KnownReferences
    recorded: frozenset[tuple[int, str]]
    refused: Counter[int]


def match_bank_lines(
    *, book: Book, by: AbstractBaseUser, new: Collection[BankStatement] | None = None
) -> list[MatchedLine]:
    """Match every bank line that names one loan, the oldest first: money in repays it, money out was its drawdown.

    What names one loan alone is booked together, loan by loan, anything else in a step of its own; a line that is
    refused stays in suspense with the reason, holds up no other, and doing this again changes nothing more. Lines of
    the `new` statements (all of them, where none are named) are always tried; older ones were tried when they came, and
    are tried again until RETRIES of a loan are refused.
    """
    lines = list(unmatched_bank_lines(book).order_by("booked_on", "pk"))
    fresh = None if new is None else {statement.pk for statement in new}
    known = _known(book, lines)
    found: dict[int, MatchedLine] = {}
    for together in _together(lines, known, fresh):
        found |= _try_together(book, together, known, by=by)
    for line in lines:
        if line.pk not in found:
            is_new = fresh is None or line.statement_id in fresh
            found[line.pk] = _match(line, known, by=by, is_new=is_new)
    return [found[line.pk] for line in lines]


def _known(book: Book, lines: Sequence[BankStatementLine]) -> _Known:
    by_reference = {loan.payment_reference: loan for loan in Loan.objects.filter(book=book)}
    recorded = LoanEvent.objects.filter(loan__book=book, key__in=[line_key(line) for line in lines])
    return _Known(
        by_reference, KnownReferences(by_reference), frozenset(recorded.values_list("loan_id", "key")), Counter()
    )


def _together(
    lines: Sequence[BankStatementLine], known: _Known, fresh: set[int] | None
) -> Iterator[list[BankStatementLine]]:
    """The lines of as many loans as are booked together: each loan with all that name it, which are new, of money in
    through one bank account, and name no other loan."""
    by_loan: dict[int, list[BankStatementLine]] = defaultdict(list)
    by_itself: set[int] = set()
    for line in lines:
        loan = _loan_alone(line, known) if fresh is None or line.statement_id in fresh else None
        if loan is None:
            by_itself |= {one.pk for one in _loans_named(line, known)}
        else:
            by_loan[loan.pk].append(line)
    by_account: dict[int, list[list[BankStatementLine]]] = defaultdict(list)
    for key, its in by_loan.items():
        accounts = {line.bank_account_id for line in its}
        if key not in by_itself and len(accounts) == 1:
            by_account[accounts.pop()].append(its)
    for loans in by_account.values():
        for start in range(0, len(loans), MOST_TOGETHER):
            yield list(chain.from_iterable(loans[start : start + MOST_TOGETHER]))


def _loan_alone(line: BankStatementLine, known: _Known) -> Loan | None:
    """The loan that a whole line of money in names, and no other one."""
    named = _loans_named(line, known)
    if len(named) != 1 or vars(line)["rest"] <= 0 or vars(line)["rest"] != line.amount:
        return None
    return None if (named[0].pk, line_key(line)) in known.recorded else named[0]


def _loans_named(line: BankStatementLine, known: _Known) -> list[Loan]:
    return [known.by_reference[one] for one in known.references.named_in(f"{line.reference} {line.description}")]


def _try_together(
    book: Book, lines: Sequence[BankStatementLine], known: _Known, *, by: AbstractBaseUser
) -> dict[int, MatchedLine]:
    """What became of lines that are booked together; none of them where the ledger refuses, and they go one by one."""
    loans = {line.pk: loan for line in lines if (loan := _loan_alone(line, known))}
    account = lines[0].bank_account
    received = [
        Received(loans[line.pk], from_minor(line.amount, account.currency), line.booked_on, line.pk, line_key(line))
        for line in lines
    ]
    try:
        said = record_repayments(book=book, received=received, bank_account=account.code, by=by)
    except (LoanError, LedgerError):
        return {}
    return {
        line.pk: MatchedLine(line, None if said[line.pk] else loans[line.pk], said[line.pk])
        for line in lines
        if line.pk in said
    }


def _match(line: BankStatementLine, known: _Known, *, by: AbstractBaseUser, is_new: bool) -> MatchedLine:
    named = _loans_named(line, known)
    if len(named) != 1:
        why = "it names no loan" if not named else f"it names {len(named)} loans"
        return MatchedLine(line, None, f"{why}: match it by hand")
    loan = named[0]
    if (loan.pk, line_key(line)) in known.recorded:
        return MatchedLine(line, None, f"it was matched to {loan.reference} before and taken back: match it by hand")
    if not is_new and known.refused[loan.pk] >= RETRIES:
        why = f"it was refused before, as {RETRIES} others of {loan.reference} were now"
        return MatchedLine(line, None, f"{why}: match it by hand")
    matched = _try(line, loan, by=by)
    known.refused[loan.pk] += not is_new and matched.loan is None
    return matched


def _try(line: BankStatementLine, loan: Loan, *, by: AbstractBaseUser) -> MatchedLine:
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
