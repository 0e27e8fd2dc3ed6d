"""A fund's accounts at the desk: what it has and owes, income, cash, and investors' funds, beside the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.ledger import SECTION
from commonweal.documents.fund_accounts import (
    GRANT_COLUMNS,
    AccountsShown,
    accounts_response,
    accounts_sheet,
    accounts_shown,
)
from commonweal.documents.list_files import download
from ledger.queries import asked_period

if TYPE_CHECKING:
    from ledger.models import Book


def accounts_of_fund(request: PersonRequest, book: str) -> HttpResponse:
    """The four statements over dates, and over the same dates a year before."""
    of = book_of(request, book)
    shown = _asked(request, of)
    if file := download(request, accounts_sheet(shown)):
        return file
    context = {
        "shown": shown,
        "period": shown.period,
        "before": shown.before,
        "sign": sign(of),
        "grant_columns": GRANT_COLUMNS,
    }
    crumbs = [Link("Ledger", reverse(SECTION, args=[of.code])), Link("Fund accounts")]
    return desk_page(request, "desk/ledger/fund_accounts.html", of, section=SECTION, crumbs=crumbs, context=context)


def accounts_pdf(request: PersonRequest, book: str) -> HttpResponse:
    """The same as a PDF, with every figure attached."""
    return accounts_response(_asked(request, book_of(request, book)))


def _asked(request: PersonRequest, book: Book) -> AccountsShown:
    from_on = asked_date(request, book, "from") if request.GET.get("from") else None
    return accounts_shown(book, asked_period(book, from_on, asked_date(request, book, "to")))
