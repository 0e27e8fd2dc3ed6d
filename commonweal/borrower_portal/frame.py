"""The frame of the portal's pages: one phone column, everyday words, always a person to talk to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.components import Band, Link, NavItem, Tab
from commonweal.letters.messages import unread_by_business
from loans.models import Loan
from loans.returns_queries import open_returns_of

if TYPE_CHECKING:
    from ledger.models import Book

LOAN = "borrower:loan"

SECTIONS = (
    ("Home", "borrower:home"),
    ("Worried about paying?", "borrower:worried"),
    ("Your loan", LOAN),
    ("Messages", "borrower:messages"),
    ("Your figures", "borrower:accounts"),
    ("Documents", "borrower:documents"),
    ("What you achieved", "borrower:impact"),
    ("E-mail and calendar", "borrower:emails"),
)

VIEWS = (
    ("All payments", LOAN),
    ("Pay it all off", "borrower:settle"),
    ("Pay more", "borrower:more"),
    ("Ask for a pause", "borrower:pause"),
    ("Smaller payments", "borrower:longer"),
)
"""What a business can look at and do about one of its loans."""


def own_loans(request: PersonRequest) -> list[Loan]:
    """The loans of the person's businesses, the oldest first."""
    return list(loans_for(request.user).select_related("book", "organisation", "product").order_by("approved_on", "pk"))


def portal_page(
    request: PersonRequest, template: str, *, section: str, book: Book | None, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A page of the portal in its frame; `book` is the fund whose name and person stand on it."""
    own = list(organisations_for(request.user))
    businesses = ", ".join(map(str, own))
    counts = {"borrower:messages": unread_by_business(own), "borrower:impact": open_returns_of(own).count()}
    loan = loans_for(request.user).order_by("approved_on", "pk").values_list("pk", flat=True).first()
    frame = {
        "narrow": True,
        "book": book,
        "businesses": businesses,
        "band": Band(wordmark=_short(book), url=reverse("borrower:home"), fund=businesses, person=str(request.user)),
        "nav_label": "Portal",
        "nav_items": [
            NavItem(
                label,
                reverse(name, args=[loan] if name == LOAN else []),
                current=name == section,
                count=counts.get(name, 0),
                count_word="new",
            )
            for label, name in SECTIONS
            if loan or name != LOAN
        ],
        "foot": _foot(book),
    }
    return render(request, template, frame | dict(context or {}))


def loan_page(
    request: PersonRequest, template: str, *, view: str, loan: Loan, context: Mapping[str, Any]
) -> HttpResponse:
    """A page about one loan, with the way to the others about it."""
    is_over = context["position"].ended_in_write_off
    tabs = [
        Tab(label, reverse(name, args=[loan.pk]), current=name == view)
        for label, name in VIEWS
        if name in (LOAN, view) or not is_over
    ]
    given = {"loan": loan, "tabs": tabs, **context}
    return portal_page(request, template, section=LOAN, book=loan.book, context=given)


def own_loan(request: PersonRequest, loan: int) -> Loan:
    """One of the loans of the person's businesses. Raises Http404."""
    found = loans_for(request.user).select_related("book", "organisation", "product")
    return get_object_or_404(found, pk=loan)


def _short(book: Book | None) -> str:
    return book.fund_name.removesuffix(" Community Fund") if book else "Commonweal"


def _foot(book: Book | None) -> list[Link]:
    if book is None:
        return []
    call = f"tel:{book.contact_phone.replace(' ', '')}"
    person = [Link(f"Talk to a person: {book.contact_phone}", call)] if book.contact_phone else []
    return [Link(book.fund_name), *person]
