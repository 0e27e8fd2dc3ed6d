"""Investors at the desk: who they are, what each has in the book, and the money held for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.shares import share_of
from investors.models import Investor
from investors.queries import Holding, cash_due, holdings, investors_in
from investors.services import payment_reference
from ledger import queries as ledger
from ledger.domain.money import from_minor
from ledger.queries import Book

SECTION = "desk:investors"


def investors(request: PersonRequest, book: str) -> HttpResponse:
    """The investors of a book as at a date."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    rows = [_row(investor, of, as_of) for investor in investors_in(of)]
    headings = ("Code", "Investor", "Kind", "Loans", "Principal", "Held for it")
    sheet = Sheet(
        f"investors-{of.code}-{as_of}",
        headings,
        [
            (
                r["investor"].code,
                r["investor"].name,
                r["investor"].get_kind_display(),
                r["loans"],
                r["principal"],
                r["cash"],
            )
            for r in rows
        ],
    )
    if file := download(request, sheet):
        return file
    nought = from_minor(0, of.base_currency)
    totals = {name: sum((row[name] for row in rows), nought) for name in ("principal", "cash")}
    context = {"rows": rows, "totals": totals, "as_of": as_of, "sign": sign(of)}
    return desk_page(request, "desk/investors/list.html", of, section=SECTION, context=context)


def investor(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """One investor's holdings and cash, each led to the entries that make it."""
    of = book_of(request, book)
    found = get_object_or_404(investors_in(of), pk=investor)
    as_of = asked_date(request, of)
    held = holdings(found, of, as_of)
    codes = [f"2510/{found.code}", *(f"2410/{one.loan.reference}/{found.code}" for one in held)]
    urls = {
        code: f"{reverse('desk:account', args=[of.code, pk])}?to={as_of}"
        for code, pk in ledger.accounts(of).filter(code__in=codes).values_list("code", "pk")
    }
    context = {
        "investor": found,
        "reference": payment_reference(found),
        "as_of": as_of,
        "sign": sign(of),
        "holdings": [(one, share_of(one), urls.get(f"2410/{one.loan.reference}/{found.code}", "")) for one in held],
        "principal": _principal(held, of),
        "cash": cash_due(found, of, as_of),
        "cash_url": urls.get(f"2510/{found.code}", ""),
    }
    crumbs = [Link("Investors", reverse(SECTION, args=[of.code])), Link(found.name)]
    return desk_page(request, "desk/investors/investor.html", of, section=SECTION, crumbs=crumbs, context=context)


def _row(investor: Investor, book: Book, as_of: date) -> dict[str, Any]:
    held = holdings(investor, book, as_of)
    cash = cash_due(investor, book, as_of)
    return {"investor": investor, "loans": len(held), "principal": _principal(held, book), "cash": cash}


def _principal(held: list[Holding], book: Book) -> Money:
    return sum((one.principal for one in held), from_minor(0, book.base_currency))
