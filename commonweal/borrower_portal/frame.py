"""The frame of the portal's pages: one phone column, everyday words, always a person to talk to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.components import Band, Link, NavItem
from commonweal.letters.messages import unread_by_business
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

SECTIONS = (
    ("Home", "borrower:home"),
    ("Worried about paying?", "borrower:worried"),
    ("Messages", "borrower:messages"),
    ("Your figures", "borrower:accounts"),
    ("What you achieved", "borrower:impact"),
    ("Documents", "borrower:documents"),
    ("E-mail and calendar", "borrower:emails"),
)


def own_loans(request: PersonRequest) -> list[Loan]:
    """The loans of the person's businesses, the oldest first."""
    return list(loans_for(request.user).select_related("book", "organisation", "product").order_by("approved_on", "pk"))


def portal_page(
    request: PersonRequest, template: str, *, section: str, book: Book | None, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A page of the portal in its frame; `book` is the fund whose name and person stand on it."""
    own = list(organisations_for(request.user))
    businesses = ", ".join(map(str, own))
    counts = {"borrower:messages": unread_by_business(own)}
    frame = {
        "narrow": True,
        "book": book,
        "businesses": businesses,
        "band": Band(wordmark=_short(book), url=reverse("borrower:home"), fund=businesses, person=str(request.user)),
        "nav_label": "Portal",
        "nav_items": [
            NavItem(label, reverse(name), current=name == section, count=counts.get(name, 0), count_word="new")
            for label, name in SECTIONS
        ],
        "foot": _foot(book),
    }
    return render(request, template, frame | dict(context or {}))


def _short(book: Book | None) -> str:
    return book.fund_name.removesuffix(" Community Fund") if book else "Commonweal"


def _foot(book: Book | None) -> list[Link]:
    if book is None:
        return []
    call = f"tel:{book.contact_phone.replace(' ', '')}"
    person = [Link(f"Talk to a person: {book.contact_phone}", call)] if book.contact_phone else []
    return [Link(book.fund_name), *person]
