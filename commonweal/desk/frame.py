"""The frame of every desk page: which book, what waits, and what the foot of the page says about the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import books_for
from commonweal.components import Band, Link, NavItem
from commonweal.desk.waiting import waiting_counts
from commonweal.form_fields import day_in
from commonweal.templatetags.commonweal import day, moment
from ledger.queries import latest_seal
from ledger.services import seal_text

if TYPE_CHECKING:
    from ledger.models import Book

SECTIONS = (
    ("Home", "desk:book"),
    ("Applications", "desk:applications"),
    ("Loans", "desk:loans"),
    ("Proposals", "desk:proposals"),
    ("Products", "desk:products"),
    ("Repayments", "desk:repayments"),
    ("Payments out", "desk:payments"),
    ("Contacts", "desk:steps"),
    ("Investors", "desk:investors"),
    ("Impact", "desk:impact"),
    ("Statements", "desk:statements"),
    ("Month end", "desk:periods"),
    ("Ledger", "desk:trial-balance"),
)

SHORTCUTS = "shortcuts"
"""The cookie with which somebody switches keyboard shortcuts off."""

LONGEST_SEARCH = 100


def book_of(request: PersonRequest, code: str) -> Book:
    """The book in the address, if it is one of the person's; otherwise the page does not exist."""
    return get_object_or_404(books_for(request.user), code=code)


def desk_page(
    request: PersonRequest,
    template: str,
    book: Book,
    *,
    section: str,
    crumbs: Sequence[Link] = (),
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the desk in its frame; `section` is the URL name of the navigation entry that it belongs to."""
    waiting, keys = waiting_counts(book), request.COOKIES.get(SHORTCUTS) != "off"
    items = [
        NavItem(label, reverse(name, args=[book.code]), current=name == section, count=waiting.get(name, 0))
        for label, name in SECTIONS
    ]
    frame = {
        "book": book,
        "band": Band(
            url=reverse("desk:book", args=[book.code]),
            fund=book.fund_name,
            person=str(request.user),
            search_url=reverse("desk:search", args=[book.code]),
            query=request.GET.get("q", "")[:LONGEST_SEARCH],
            key="/" if keys else "",
        ),
        "keys": keys,
        "nav_label": "Desk",
        "nav_items": items,
        "crumbs": [Link("Home", reverse("desk:book", args=[book.code])), *crumbs] if crumbs else (),
        "foot": [
            *_foot(book),
            Link("Who may log in", reverse("desk:people", args=[book.code])),
            Link("Keyboard shortcuts", reverse("desk:shortcuts", args=[book.code]), "?" * keys),
        ],
    }
    return render(request, template, frame | dict(context or {}), status=status)


def asked_date(request: PersonRequest, book: Book, name: str = "as_of") -> date:
    """The date in the query string, or the book's business date where there is none that can be read."""
    return day_in(request.GET.get(name, "")) or book.business_date


def as_at(as_of: date, book: Book) -> str:
    """The query string that keeps a page at the date that the reader chose; empty on the business date."""
    return f"?as_of={as_of}" if as_of != book.business_date else ""


def sign(book: Book) -> str:
    """What stands in the heads of a table's columns of money: £, or the currency's code."""
    return {"GBP": "£", "EUR": "€"}.get(book.base_currency, book.base_currency)


def _foot(book: Book) -> list[Link]:
    seal = latest_seal(book)
    sealed = (
        f"Books sealed on {moment(seal.sealed_at)}, chain head {seal_text(seal).short}"
        if seal is not None
        else "Books not sealed yet"
    )
    return [Link(f"Business date: {day(book.business_date)}"), Link(sealed)]
