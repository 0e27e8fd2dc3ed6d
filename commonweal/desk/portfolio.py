"""The loans of a book with where each stands, for lists and key figures, in a fixed number of queries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from ledger.domain.money import from_minor
from loans.domain.position import Position
from loans.models import Loan
from loans.queries import loans, positions_of

if TYPE_CHECKING:
    from ledger.models import Book


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
    def is_running(self) -> bool:
        """Whether something was lent and not all of it is paid back."""
        return bool(self.position.drawn) and not self.position.settled

    @property
    def status(self) -> str:
        """Where it stands, in a word or two."""
        if not self.position.drawn:
            return "not drawn"
        if self.position.settled:
            return "repaid"
        return f"{self.position.days_past_due} days late" if self.position.days_past_due else "paid to date"


FILTERS: Mapping[str, tuple[str, Callable[[LoanRow], bool]]] = {
    "running": ("Running", lambda row: row.is_running),
    "late": ("In arrears", lambda row: row.position.days_past_due > 0),
    "undrawn": ("Not drawn in full", lambda row: bool(row.position.undrawn)),
    "repaid": ("Repaid", lambda row: row.position.settled),
}
"""The lists that a count or a key figure opens: by the word in the address, its name and which loans stand in it."""

LAST_DAYS = (0, 30, 60, 90)
"""Arrears by age: the last day past due of each band, but for the last band, which is open."""


@dataclass(frozen=True, slots=True)
class Band:
    """The running loans of one age of arrears; principal is the whole balance of a loan with anything late."""

    days: int
    """The first day past due of the band; 0 for what is paid to date."""
    loans: int
    arrears: Money
    principal: Money
    share: Decimal | None
    """Of the principal outstanding in all; None where there is none."""


def portfolio_rows(book: Book, as_of: date) -> list[LoanRow]:
    """The loans approved by a date, the longest late first."""
    found = list(loans(book).filter(approved_on__lte=as_of))
    positions = positions_of(found, as_of)
    rows = [LoanRow(loan, positions[loan.pk]) for loan in found]
    return sorted(rows, key=lambda row: (-row.position.days_past_due, row.loan.reference))


def bands(rows: Iterable[LoanRow], book: Book) -> list[Band]:
    """Principal outstanding and arrears by days past due, the youngest first."""
    running = [row for row in rows if row.is_running]
    whole = totals(running, book)["principal"]
    found = []
    for number in range(len(LAST_DAYS) + 1):
        members = [row for row in running if bisect_left(LAST_DAYS, row.position.days_past_due) == number]
        sums = totals(members, book)
        share = sums["principal"].amount / whole.amount if whole else None
        first_day = LAST_DAYS[number - 1] + 1 if number else 0
        found.append(Band(first_day, len(members), sums["arrears"], sums["principal"], share))
    return found


def totals(rows: Sequence[LoanRow], book: Book) -> dict[str, Money]:
    """Arrears and principal of all of them."""
    nought = from_minor(0, book.base_currency)
    return {
        "arrears": sum((row.position.arrears for row in rows), nought),
        "principal": sum((row.position.principal_outstanding for row in rows), nought),
    }
