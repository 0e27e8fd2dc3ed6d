"""The loan tape: every loan that the investor shares, as at any date, on the page and as a file for a spreadsheet."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.documents.list_files import download
from commonweal.documents.loan_tape import tape_sheet
from commonweal.investor_portal.frame import portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS
from investors.loan_tape import COLUMNS, loan_tape


def tape(request: PersonRequest) -> HttpResponse:
    """The page shows the columns that people read first; the files have all."""
    about = standing(request)
    if about is None:
        raise Http404
    rows = loan_tape(about.investor, about.book, about.as_of)
    if file := download(request, tape_sheet(about.investor, about.book, about.as_of, rows)):
        return file
    context = {
        "rows": rows,
        "as_of": about.as_of,
        "columns": COLUMNS.items(),
        "sign": SYMBOLS.get(about.book.base_currency, about.book.base_currency),
    }
    crumbs = [Link("My money", reverse("investor:home") + about.query), Link("Loan tape")]
    return portal_page(
        request, "investor_portal/tape.html", about, section="investor:home", crumbs=crumbs, context=context
    )
