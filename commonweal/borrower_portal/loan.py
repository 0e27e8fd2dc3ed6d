"""All payments of a loan, with what each is made of, in everyday words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.borrower_portal.frame import portal_page
from loans.queries import position_of, terms_of


def schedule(request: PersonRequest, loan: int) -> HttpResponse:
    """Every payment from the first to the last."""
    found = get_object_or_404(loans_for(request.user).select_related("book", "organisation"), pk=loan)
    context = {
        "loan": found,
        "terms": terms_of(found),
        "position": position_of(found, found.book.business_date),
    }
    return portal_page(request, "borrower_portal/loan.html", section="borrower:home", book=found.book, context=context)
