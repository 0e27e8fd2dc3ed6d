"""The loans of a book at the desk: a list as at a date, narrowed by status, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import Fact, Link
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.portfolio import FILTERS, LoanRow, portfolio_rows, totals
from commonweal.templatetags.commonweal import day, money, percent
from loans.models import Loan
from loans.queries import loan_terms

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:loans"


def loans(request: PersonRequest, book: str) -> HttpResponse:
    """The loans of the book as at a date, or those of one status."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    status = request.GET.get("status", "")
    title, belongs = FILTERS.get(status, ("All loans", bool))
    rows = [row for row in portfolio_rows(of, as_of) if belongs(row)]
    if file := download(request, _sheet(rows, of, as_of)):
        return file
    context = {
        "rows": rows,
        "totals": totals(rows, of),
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "status": status if status in FILTERS else "",
        "title": title,
        "filters": [(word, name) for word, (name, _) in FILTERS.items()],
    }
    return desk_page(request, "desk/loans/list.html", of, section=SECTION, context=context)


def loan_of(request: PersonRequest, book: Book, pk: int) -> Loan:
    """The loan in the address, if it is one of the person's in this book; otherwise the page does not exist."""
    found = loans_for(request.user).select_related("organisation", "product", "book", "application__prepared_by")
    return get_object_or_404(found, pk=pk, book=book)


def loan_crumbs(loan: Loan, label: str = "") -> list[Link]:
    """The way to a loan, or to something that is done with it."""
    here = reverse("desk:loan", args=[loan.book.code, loan.pk]) if label else ""
    way = [Link("Loans", reverse(SECTION, args=[loan.book.code])), Link(loan.reference, here)]
    return [*way, Link(label)] if label else way


def agreed_facts(loan: Loan) -> list[Fact]:
    """What is agreed about a loan, and by whom."""
    terms = loan_terms(loan).latest("version")
    return [
        Fact("Amount", money(terms.principal)),
        Fact("Nominal rate", f"{percent(terms.annual_rate)} a year, fixed, {terms.day_count.upper()}"),
        Fact("Term", f"{terms.months} months, first due {day(terms.first_due_on)}"),
        Fact("Product", str(loan.product)),
        Fact("Payment reference", loan.payment_reference),
        Fact("Prepared", f"by {terms.approval.made_by}"),
        Fact("Approved", f"{day(loan.approved_on)}, by {terms.approval.checked_by}"),
    ]


def _sheet(rows: Sequence[LoanRow], book: Book, as_of: date) -> Sheet:
    headings = ("Loan", "Borrower", "Place", "Status", "Next due", "Instalment", "Arrears", "Principal", "Annual rate")
    return Sheet(
        f"loans-{book.code}-{as_of}",
        headings,
        [
            (
                row.loan.reference,
                str(row.loan.organisation),
                row.loan.organisation.place,
                row.status,
                due.due_on if (due := row.position.next_payment) else None,
                due.total if due else None,
                row.position.arrears,
                row.position.principal_outstanding,
                row.rate,
            )
            for row in rows
        ],
    )
