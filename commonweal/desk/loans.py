"""The loans of a book at the desk: a list as at a date, narrowed by status, and as a file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from borrowers.domain.places import Region
from borrowers.domain.sectors import Sector
from commonweal.access.filters import saved_filters
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import Fact, Link
from commonweal.desk.filters import kept_query
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.portfolio import asked_for, loan_rows, loan_sheet
from commonweal.documents.list_files import download_long
from commonweal.templatetags.commonweal import day, money
from ledger.domain.money import from_minor
from loans.domain.position import Position
from loans.loan_list import SORTS, STATUSES, Asked, loan_list, totals
from loans.models import Loan
from loans.queries import agreed_terms, loan_terms, products
from loans.rate_words import rate_in_words

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:loans"
PER_PAGE = 50


def loans(request: PersonRequest, book: str) -> HttpResponseBase:
    """The loans of the book as at a date, narrowed and in the order that the address asks for."""
    of = book_of(request, book)
    as_of, asked = asked_date(request, of), asked_for(request)
    found = loan_list(of, as_of, asked)
    if file := download_long(request, loan_sheet(f"loans-{of.code}-{as_of}", found, as_of)):
        return file
    context = list_context(request, of, as_of, asked, found) | {
        "title": STATUSES.get(asked.status, "All loans"),
        "statuses": STATUSES.items(),
    }
    return desk_page(request, "desk/loans/list.html", of, section=SECTION, context=context)


def list_context(
    request: PersonRequest, book: Book, as_of: date, asked: Asked, found: QuerySet[Loan], *, page: str = "loans"
) -> dict[str, Any]:
    """What every list of loans shows: a page of rows, the sums of all of them, and what it can be narrowed by."""
    part = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    sums = totals(found)
    return {
        "page": part,
        "rows": loan_rows(part.object_list, as_of),
        "totals": {name: from_minor(units, book.base_currency) for name, units in sums.items()},
        "as_of": as_of,
        "at": as_at(as_of, book),
        "sign": sign(book),
        "asked": asked,
        "here": reverse(f"desk:{page}", args=[book.code]),
        "saved": saved_filters(request.user, book, page),
        "saved_of": page,
        "query": kept_query(request),
        "is_narrowed": any((asked.status, asked.sector, asked.region, asked.product, asked.words)),
        "sorts": SORTS.items(),
        "sectors": [sector.value for sector in Sector],
        "regions": [region.value for region in Region],
        "products": products(book),
    }


def loan_of(request: PersonRequest, book: Book, pk: int) -> Loan:
    """The loan in the address, if it is one of the person's in this book; otherwise the page does not exist."""
    found = loans_for(request.user).select_related("organisation", "product", "book", "application__prepared_by")
    return get_object_or_404(found, pk=pk, book=book)


def loan_crumbs(loan: Loan, label: str = "") -> list[Link]:
    """The way to a loan, or to something that is done with it."""
    here = reverse("desk:loan", args=[loan.book.code, loan.pk]) if label else ""
    way = [Link("Loans", reverse(SECTION, args=[loan.book.code])), Link(loan.reference, here)]
    return [*way, Link(label)] if label else way


def agreed_facts(loan: Loan, position: Position) -> list[Fact]:
    """What is agreed about a loan, with the rate that it bears, and by whom."""
    terms = loan_terms(loan).latest("version")
    fees = "; ".join(fee.in_words(loan.currency) for fee in agreed_terms(terms).fees)
    return [
        Fact("Amount", money(terms.principal)),
        Fact("Nominal rate", f"{rate_in_words(loan, position.annual_rate)}; {terms.day_count.upper()}"),
        Fact("Term", f"{terms.months} months, first due {day(terms.first_due_on)}"),
        Fact("Product", str(loan.product)),
        *([Fact("Fees", fees)] if fees else []),
        Fact("Payment reference", loan.payment_reference),
        Fact("Prepared", f"by {terms.approval.made_by}"),
        Fact("Approved", f"{day(loan.approved_on)}, by {terms.approval.checked_by}"),
    ]
