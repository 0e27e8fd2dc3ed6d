"""What did we promise with the loan, and what have we achieved?"""

from __future__ import annotations

from django.http import HttpResponse

from borrowers.queries import current_readings_of
from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from loans.queries import impact_targets_of


def achieved(request: PersonRequest) -> HttpResponse:
    """Each promise with its readings."""
    loans = own_loans(request)
    readings = list(current_readings_of({loan.organisation for loan in loans}))
    promises = [
        {
            "target": target,
            "readings": [
                reading
                for reading in readings
                if (reading.organisation_id, reading.indicator_id) == (target.loan.organisation_id, target.indicator_id)
            ],
        }
        for target in impact_targets_of(loans)
    ]
    book = loans[0].book if loans else None
    context = {"promises": promises, "several": len(loans) > 1}
    return portal_page(request, "borrower_portal/impact.html", section="borrower:impact", book=book, context=context)
