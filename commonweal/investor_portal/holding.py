"""Which entries make a figure? The statement of one holding, and of the money that the fund holds."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.investor_portal.frame import Standing, portal_page, standing
from investors.queries import holdings
from ledger import queries as ledger


def holding(request: PersonRequest, loan: int) -> HttpResponse:
    """What was funded and what came back of one loan."""
    about = standing(request)
    if about is None:
        raise Http404
    as_of = about.book.business_date
    found = next((one for one in holdings(about.investor, about.book, as_of) if one.loan.pk == loan), None)
    if found is None:
        raise Http404
    title = f"Your part of the loan to {found.loan.organisation}"
    return _page(request, about, f"2410/{found.loan.reference}/{about.investor.code}", title)


def cash(request: PersonRequest) -> HttpResponse:
    """What was paid in, lent and come back."""
    about = standing(request)
    if about is None:
        raise Http404
    return _page(request, about, f"2510/{about.investor.code}", "Money that the fund holds for you")


def _page(request: PersonRequest, about: Standing, code: str, title: str) -> HttpResponse:
    account = ledger.account(about.book, code)
    if account is None:
        raise Http404
    as_of = about.book.business_date
    context = {"title": title, "statement": ledger.account_statement(account, account.opened_on, as_of), "as_of": as_of}
    crumbs = [Link("My money", reverse("investor:home")), Link(title)]
    return portal_page(
        request, "investor_portal/entries.html", about, section="investor:home", crumbs=crumbs, context=context
    )
