"""Which accounts does each event move? One recipe for one event, to be read by an accountant from top to bottom.

    1020 Payments on their way    1310 Loan principal    1320 Interest receivable
    2010 Suspense                 2110 Repayments in advance    4010 Loan interest

All but 4010 are kept per loan, 2010 per bank account. A line of nought is left out.
"""

from __future__ import annotations

from datetime import date

from moneyed import Money

from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit, signed
from loans.domain.movements import Balances

LOAN_INTEREST = "4010"


def payment_on_its_way(loan: str) -> str:
    """Money sent to the borrower that the bank has not confirmed yet."""
    return f"1020/{loan}"


def loan_principal(loan: str) -> str:
    """Principal outstanding."""
    return f"1310/{loan}"


def interest_receivable(loan: str) -> str:
    """Interest that has fallen due and is unpaid."""
    return f"1320/{loan}"


def repayments_in_advance(loan: str) -> str:
    """Money received before it was due."""
    return f"2110/{loan}"


def suspense(bank_account: str) -> str:
    """Where every line of a bank statement waits until it is matched."""
    return f"2010/{bank_account}"


def drawdown_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """Money is lent: the borrower owes it, and it is on its way until the bank confirms."""
    return JournalEntry(
        on,
        f"Drawdown of {loan}",
        (debit(loan_principal(loan), amount), credit(payment_on_its_way(loan), amount)),
        kind=Kind.DRAWDOWN,
        source=f"loan:{loan}",
    )


def drawdown_paid_entry(loan: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """The bank confirms that the money left: the outgoing line, waiting in suspense, was this drawdown."""
    return JournalEntry(
        on,
        f"Drawdown of {loan} paid",
        (debit(payment_on_its_way(loan), amount), credit(suspense(bank_account), amount)),
        kind=Kind.DRAWDOWN,
        source=f"loan:{loan}",
    )


def instalment_due_entry(loan: str, on: date, no: int, interest: Money) -> JournalEntry:
    """An instalment falls due: its interest is earned and owed. Its principal was owed already."""
    return JournalEntry(
        on,
        f"Instalment {no} of {loan} due: interest",
        (debit(interest_receivable(loan), interest), credit(LOAN_INTEREST, interest)),
        kind=Kind.INTEREST,
        source=f"loan:{loan}",
    )


def advance_applied_entry(loan: str, on: date, no: int, effect: Balances) -> JournalEntry:
    """Money held in advance pays an instalment on the day that it falls due."""
    return JournalEntry(
        on,
        f"Instalment {no} of {loan} paid from money in advance",
        _moved(loan, effect),
        kind=Kind.REPAYMENT,
        source=f"loan:{loan}",
    )


def repayment_entry(loan: str, on: date, amount: Money, effect: Balances, bank_account: str) -> JournalEntry:
    """Money received leaves suspense and pays interest and principal due; the rest is held in advance."""
    return JournalEntry(
        on,
        f"Repayment of {loan}",
        (debit(suspense(bank_account), amount), *_moved(loan, effect)),
        kind=Kind.REPAYMENT,
        source=f"loan:{loan}",
    )


def reallocation_entry(loan: str, on: date, effect: Balances) -> JournalEntry:
    """Money received earlier pays something else, because an event before it became known or was reversed."""
    return JournalEntry(
        on,
        f"Repayments of {loan} allocated again",
        _moved(loan, effect),
        kind=Kind.REPAYMENT,
        source=f"loan:{loan}",
    )


def _moved(loan: str, effect: Balances) -> tuple[Posting, ...]:
    lines = (
        (interest_receivable(loan), effect.interest),
        (loan_principal(loan), effect.principal),
        (repayments_in_advance(loan), -effect.in_advance),
    )
    return tuple(signed(account, amount) for account, amount in lines if amount)
