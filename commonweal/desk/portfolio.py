"""The loans of a book with where each stands, for lists: a fixed number of queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from ledger.domain.money import from_minor
from ledger.queries import Book
from loans.domain.position import Position
from loans.models import Loan
from loans.queries import loans, positions_of


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan in a list."""

    loan: Loan
    position: Position

    @property
    def rate(self) -> Decimal:
        """The nominal annual rate that was agreed."""
        return self.loan.application.annual_rate

    @property
    def status(self) -> str:
        """Where it stands, in a word or two."""
        if not self.position.drawn:
            return "not drawn"
        if self.position.settled:
            return "repaid"
        return f"{self.position.days_past_due} days late" if self.position.days_past_due else "paid to date"


def portfolio_rows(book: Book, as_of: date) -> list[LoanRow]:
    """The loans approved by a date, the longest late first."""
    found = list(loans(book).filter(approved_on__lte=as_of))
    positions = positions_of(found, as_of)
    rows = [LoanRow(loan, positions[loan.pk]) for loan in found]
    return sorted(rows, key=lambda row: (-row.position.days_past_due, row.loan.reference))


def totals(rows: Sequence[LoanRow], book: Book) -> dict[str, Money]:
    """Arrears and principal of all of them."""
    nought = from_minor(0, book.base_currency)
    return {
        "arrears": sum((row.position.arrears for row in rows), nought),
        "principal": sum((row.position.principal_outstanding for row in rows), nought),
    }
