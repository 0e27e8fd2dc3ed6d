"""What did we promise with the loan, what have we achieved, and which return is open?"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import organisations_for
from commonweal.achieved import Achieved, achieved_by, paragraph
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.documents.list_files import Sheet, download
from loans.returns_queries import answers_to, open_returns_of, returns_of

SENT = 6
"""So many returns that were sent stand on the page."""


def achieved(request: PersonRequest) -> HttpResponse:
    """The returns that are open, and each promise with what was said."""
    loans, businesses = own_loans(request), list(organisations_for(request.user))
    found = achieved_by(businesses, loans)
    if file := download(request, _sheet(found)):
        return file
    opened = list(open_returns_of(businesses))
    answered = answers_to(opened)
    context = {
        "achieved": found,
        "several": len(businesses) > 1,
        "businesses": businesses,
        "opened": [(one, len(answered.get(one.pk, {})), one.state(one.book.business_date)) for one in opened],
        "sent": list(returns_of(businesses).filter(sent__isnull=False)[:SENT]),
        "paragraphs": [text for one in businesses if (text := paragraph(one, found))],
    }
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/impact.html", section="borrower:impact", book=book, context=context)


def _sheet(found: Sequence[Achieved]) -> Sheet:
    """Each answer that was given, under what it is about."""
    headings = ("Business", "What", "From", "To", "Answer", "Reported", "Aim", "Unit", "Shown by", "Grade", "Restated")
    rows = [
        (
            str(one.organisation),
            str(one.indicator),
            reading.period_start,
            reading.period.last_day,
            reading.get_answer_display(),
            reading.value,
            one.targets[0].target if one.targets else None,
            one.indicator.unit,
            reading.evidence,
            reading.grade,
            reading.reason,
        )
        for one in found
        for reading in one.answers
    ]
    return Sheet("achieved", headings, rows)
