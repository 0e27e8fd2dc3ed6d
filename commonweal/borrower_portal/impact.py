"""What did we promise with the loan, and what have we achieved?"""

from __future__ import annotations

from django.http import HttpResponse

from borrowers.queries import readings_of
from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from loans.queries import impact_targets


def achieved(request: PersonRequest) -> HttpResponse:
    """Each promise with its readings."""
    loans = own_loans(request)
    promises = [
        {"target": target, "readings": list(readings_of(loan.organisation, target.indicator))}
        for loan in loans
        for target in impact_targets(loan)
    ]
    book = loans[0].book if loans else None
    return portal_page(
        request, "borrower_portal/impact.html", section="borrower:impact", book=book, context={"promises": promises}
    )
