"""All payments of a loan, with what each is made of, in everyday words."""

from __future__ import annotations

from django.http import HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import loan_page, own_loan
from commonweal.documents.list_files import Sheet, download
from loans.domain.position import Position
from loans.models import Loan
from loans.outlook import price_of
from loans.queries import position_of
from loans.rate_words import link_named


def schedule(request: PersonRequest, loan: int) -> HttpResponse:
    """Every payment from the first to the last."""
    found = own_loan(request, loan)
    on = found.book.business_date
    position = position_of(found, on)
    if file := download(request, _sheet(found, position)):
        return file
    context = {
        "price": price_of(found, on),
        "position": position,
        "follows": link_named(found.application.product_version) if found.application else "",
    }
    return loan_page(request, "borrower_portal/loan.html", view="borrower:loan", loan=found, context=context)


def _sheet(loan: Loan, position: Position) -> Sheet:
    """The payments in the words of the page."""
    headings = ("No.", "Date", "Payment", "Interest", "Off the loan", "Left", "Paid", "State")
    rows = [
        (
            row.instalment.no,
            row.instalment.due_on,
            row.instalment.total,
            row.instalment.interest,
            row.instalment.principal,
            row.instalment.balance,
            row.paid,
            str(row.status),
        )
        for row in position.instalments
    ]
    return Sheet(f"payments-{loan.reference}-{position.as_of}", headings, rows)
