"""The entries of a loan as its movements make them, from amounts written as text."""

from __future__ import annotations

from datetime import date

from moneyed import Money

from ledger.domain.entry import JournalEntry
from ledger.domain.money import to_minor
from loans.domain.corrections import Step
from loans.domain.entries import movement_entry
from loans.domain.movements import Moved
from loans.domain.rounding import Scale

PENCE = Scale("GBP", 2)


def moved(**amounts: str) -> Moved:
    """What moves, in pence, from pounds: `moved(principal="-548.77")`."""
    return Moved(**{name: to_minor(Money(amount, "GBP").amount, "GBP") for name, amount in amounts.items()})


def entry_of(loan: str, name: str, on: date, **amounts: str) -> JournalEntry:
    """The entry of a movement by its name, such as `repaid:3`, through the bank account MAIN."""
    return movement_entry(loan, Step(name, on, moved(**amounts)), PENCE, bank_account="MAIN")


def drawdown_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """Money is lent."""
    return entry_of(loan, "drawn:1", on, principal=str(amount.amount))


def instalment_due_entry(loan: str, on: date, no: int, interest: Money) -> JournalEntry:
    """An instalment falls due."""
    return entry_of(loan, f"due:{no}", on, interest=str(interest.amount))


def repayment_entry(
    loan: str, on: date, *, principal: str = "0", interest: str = "0", advance: str = "0"
) -> JournalEntry:
    """A repayment that pays so much principal and interest, and leaves so much in advance."""
    return entry_of(loan, "repaid:3", on, principal=f"-{principal}", interest=f"-{interest}", in_advance=advance)


def advance_applied_entry(loan: str, on: date, no: int, *, principal: str, interest: str) -> JournalEntry:
    """Money in advance pays an instalment."""
    used = str(-(Money(principal, "GBP") + Money(interest, "GBP")).amount)
    return entry_of(loan, f"advance:{no}", on, principal=f"-{principal}", interest=f"-{interest}", in_advance=used)
