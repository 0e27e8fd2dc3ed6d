"""All payments of a loan, with what each is made of, in everyday words."""

from __future__ import annotations

from django.http import HttpResponse

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import loan_page, own_loan
from loans.outlook import price_of
from loans.queries import position_of
from loans.rate_words import link_named


def schedule(request: PersonRequest, loan: int) -> HttpResponse:
    """Every payment from the first to the last."""
    found = own_loan(request, loan)
    on = found.book.business_date
    context = {
        "price": price_of(found, on),
        "position": position_of(found, on),
        "follows": link_named(found.application.product_version) if found.application else "",
    }
    return loan_page(request, "borrower_portal/loan.html", view="borrower:loan", loan=found, context=context)
