"""The frame of the investor's pages, and which investor, fund and date they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from commonweal.access.requests import PersonRequest
from commonweal.access.roles import roles_of
from commonweal.access.scope import investors_for
from commonweal.components import Band, Link, NavItem
from commonweal.form_fields import day_in
from commonweal.letters.messages import unread_by_investor
from investors.models import Investor
from investors.queries import books_of
from investors.queries.borrowings import lent_by
from investors.queries.consents import unanswered_by, were_asked

if TYPE_CHECKING:
    from ledger.models import Book

MESSAGES = "investor:messages"
CONSENTS = "investor:consents"
"""What lenders are asked to agree to: shown among the pages of those who were asked something."""

LENT = "investor:lent"
"""What is lent to the fund itself: shown among the pages of those who do."""

SECTIONS = (
    ("My money", "investor:home"),
    ("What comes back", "investor:coming-back"),
    ("My fund holding", "investor:fund"),
    ("What I lend", LENT),
    ("Impact", "investor:impact"),
    ("Payments", "investor:payouts"),
    ("Tax relief", "investor:tax-relief"),
    ("Documents", "investor:documents"),
    ("Consents", CONSENTS),
    ("Messages", MESSAGES),
    ("E-mails", "investor:emails"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """An investor in a fund as at a date: what every page of the portal is about."""

    investor: Investor
    book: Book
    as_of: date

    @property
    def query(self) -> str:
        """The query string that keeps a page at this investor, fund and date."""
        named = {"investor": self.investor.code, "fund": self.book.code}
        dated = {} if self.as_of == self.book.business_date else {"as_of": str(self.as_of)}
        return f"?{urlencode(named | dated)}"


def standings(request: PersonRequest) -> list[Standing]:
    """The person's investors, each with the funds that it deals with, as at the date asked for."""
    found = [(investor, book) for investor in investors_for(request.user) for book in books_of(investor)]
    return [Standing(investor, book, as_of_asked(request, book)) for investor, book in found]


def standing(request: PersonRequest) -> Standing | None:
    """The one asked for by `?fund=` and `?investor=`, else the first; None while there is nothing yet."""
    found = standings(request)
    fund, code = request.GET.get("fund"), request.GET.get("investor")
    chosen = [one for one in found if (not fund or one.book.code == fund) and (not code or one.investor.code == code)]
    if found and not chosen:
        raise Http404
    return chosen[0] if chosen else None


def portal_page(
    request: PersonRequest,
    template: str,
    about: Standing | None,
    *,
    section: str,
    crumbs: Sequence[Link] = (),
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page of the portal in its frame."""
    book, query = (about.book, about.query) if about else (None, "")
    frame = {
        "about": about,
        "book": book,
        "query": query,
        "others": _others(standings(request), about),
        "band": Band(
            wordmark=book.fund_name.removesuffix(" Community Fund") if book else "Commonweal",
            url=reverse("investor:home"),
            fund=about.investor.name if about else "",
            person=str(request.user),
        ),
        "nav_label": "Portal",
        "nav_items": [
            NavItem(
                label,
                reverse(name) + query,
                current=name == section,
                count=_count(about, name),
                count_word="new" if name == MESSAGES else "waiting",
            )
            for label, name in _sections(request, section)
        ],
        "crumbs": crumbs,
        "may_act": bool(about and about.investor.pk in roles_of(request.user).acting),
        "foot": [Link(book.fund_name), *_person(book)] if book else [],
    }
    return render(request, template, frame | dict(context or {}))


def _count(about: Standing | None, name: str) -> int:
    """What is new, or waits for an answer, on a page."""
    if about is None:
        return 0
    if name == MESSAGES:
        return unread_by_investor(about.investor, about.book)
    return unanswered_by(about.investor, about.book) if name == CONSENTS else 0


def _sections(request: PersonRequest, current: str) -> list[tuple[str, str]]:
    """The pages of a person: what is lent to the fund is one for those who lend to it, consents for those who were
    asked something, and each where it is asked for."""
    mine = roles_of(request.user).investors
    hidden = set()
    if current != LENT and not lent_by(mine).exists():
        hidden.add(LENT)
    if current != CONSENTS and not were_asked(mine):
        hidden.add(CONSENTS)
    return [(label, name) for label, name in SECTIONS if name not in hidden]


def _others(found: Sequence[Standing], about: Standing | None) -> list[NavItem]:
    """The way to another investor or fund of the same person; nothing where there is only one."""
    if len(found) < 2:
        return []
    return [NavItem(f"{one.investor}, {one.book.fund_name}", one.query, current=one == about) for one in found]


def as_of_asked(request: PersonRequest, book: Book) -> date:
    return day_in(request.GET.get("as_of", "")) or book.business_date


def _person(book: Book) -> list[Link]:
    if not book.contact_phone:
        return []
    return [Link(f"Talk to a person: {book.contact_phone}", f"tel:{book.contact_phone.replace(' ', '')}")]
