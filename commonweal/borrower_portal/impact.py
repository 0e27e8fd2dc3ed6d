"""What did we promise with the loan, and what have we achieved?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from borrowers.queries import current_readings_of
from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.documents.list_files import Sheet, download
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
    if file := download(request, _sheet(promises)):
        return file
    book = loans[0].book if loans else None
    context = {"promises": promises, "several": len(loans) > 1}
    return portal_page(request, "borrower_portal/impact.html", section="borrower:impact", book=book, context=context)


def _sheet(promises: list[dict[str, Any]]) -> Sheet:
    """Each figure that was reported, under the promise that it is for."""
    headings = ("Business", "What", "From", "To", "Reported", "Aim", "Unit", "Shown by")
    rows = [
        (
            str(promise["target"].loan.organisation),
            str(promise["target"].indicator),
            reading.period_start,
            reading.period.last_day,
            reading.value,
            promise["target"].target,
            promise["target"].indicator.unit,
            reading.evidence,
        )
        for promise in promises
        for reading in promise["readings"]
    ]
    return Sheet("achieved", headings, rows)
