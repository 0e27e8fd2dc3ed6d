"""What is my next payment, how far have I come, and whom can I ask?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from loans.domain.position import InstalmentPosition, Position
from loans.models import Loan
from loans.queries import position_of

BEFORE, AFTER = 2, 4
"""How many past and coming payments the home page shows."""


@dataclass(frozen=True, slots=True)
class LoanShown:
    """A loan as its business sees it on its home page."""

    loan: Loan
    position: Position

    @property
    def around_now(self) -> tuple[InstalmentPosition, ...]:
        """The last payments and the next ones."""
        rows = self.position.instalments
        done = sum(1 for row in rows if row.paid_on)
        return rows[max(0, done - BEFORE) : done + AFTER]

    @property
    def next_no(self) -> int:
        """The number of the next payment; 0 when there is none."""
        return self.position.next_payment.no if self.position.next_payment else 0

    @property
    def late_rows(self) -> tuple[InstalmentPosition, ...]:
        """Payments that are late."""
        return tuple(row for row in self.position.instalments if row.days_late)


def home(request: PersonRequest) -> HttpResponse:
    """The next payment in a sentence, for each loan of the business."""
    loans = own_loans(request)
    shown = [LoanShown(loan, position_of(loan, loan.book.business_date)) for loan in loans]
    book = loans[0].book if loans else None
    return portal_page(
        request, "borrower_portal/home.html", section="borrower:home", book=book, context={"loans": shown}
    )
