"""Where is it? One box for loans, businesses, people, applications, investors, bank lines and entries, and its keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.models import BorrowerMembership
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, loans_for, organisations_for
from commonweal.components import Link
from commonweal.desk.frame import SHORTCUTS, book_of, desk_page
from commonweal.desk.investors import investors_at
from commonweal.desk.repayments import lines_of
from commonweal.templatetags.commonweal import day, money
from investors.models import InvestorContact
from ledger import queries as ledger
from ledger.domain.money import from_minor, to_minor
from loans.models import LoanEvent

if TYPE_CHECKING:
    from ledger.models import Book

SHOWN = 8
"""Of each kind; more words find fewer."""

LONGEST = 100
A_YEAR = 365 * 24 * 3600
AMOUNT = re.compile(r"[£€]?\s*(\d{1,3}(,\d{3})+|\d{1,10})(\.\d{1,2})?")
ENTRY = re.compile(r"E-?(\d{1,15})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found, and where it is."""

    label: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind; `more` says that there is more than is shown."""

    name: str
    hits: list[Hit]
    more: bool


def search(request: PersonRequest, book: str) -> HttpResponse:
    """Everything of the book that the person may see and that the words or the amount name."""
    of = book_of(request, book)
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    found = [kind for kind in _found(request, of, words) if kind.hits] if words else []
    context = {"words": words, "kinds": found, "query": words}
    crumbs = [Link("Search")]
    return desk_page(request, "desk/search.html", of, section="", crumbs=crumbs, context=context)


def shortcuts(request: PersonRequest, book: str) -> HttpResponse:
    """The keys of the desk; they can be switched off (WCAG 2.1.4)."""
    of = book_of(request, book)
    if request.method == "POST":
        response = redirect("desk:shortcuts", of.code)
        if request.POST.get("shortcuts") == "off":
            response.set_cookie(
                SHORTCUTS, "off", max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
        else:
            response.delete_cookie(SHORTCUTS, samesite="Lax")
        return response
    crumbs = [Link("Keyboard shortcuts")]
    return desk_page(request, "desk/shortcuts.html", of, section="", crumbs=crumbs)


def _found(request: PersonRequest, book: Book, words: str) -> list[Kind]:
    units = _amount(words, book)
    return [
        _loans(request, book, words, units),
        _businesses(request, book, words),
        _people(request, book, words),
        _people_at_investors(request, book, words),
        _applications(request, book, words, units),
        _investors(request, book, words),
        _bank_lines(book, words, units),
        _events(request, book, units),
        _entries(book, words),
    ]


def _amount(words: str, book: Book) -> int | None:
    """What was asked for as an amount of the book's currency, in minor units; None where it is none."""
    if not AMOUNT.fullmatch(words):
        return None
    try:
        return to_minor(Decimal(re.sub(r"[£€,\s]", "", words)), book.base_currency)
    except (InvalidOperation, ValueError):
        return None


def _loans(request: PersonRequest, book: Book, words: str, units: int | None) -> Kind:
    named = (
        Q(reference__icontains=words)
        | Q(payment_reference__icontains=words)
        | Q(organisation__name__icontains=words)
        | Q(organisation__place__icontains=words)
    )
    if units is not None:
        named |= Q(application__amount=from_minor(units, book.base_currency).amount)
    found = loans_for(request.user).filter(named, book=book).select_related("organisation").order_by("reference")
    return _kind(
        "Loans",
        found,
        lambda loan: Hit(
            f"{loan.reference} {loan.organisation}",
            f"{loan.organisation.place}, {loan.payment_reference}",
            reverse("desk:loan", args=[book.code, loan.pk]),
        ),
    )


def _businesses(request: PersonRequest, book: Book, words: str) -> Kind:
    named = Q(name__icontains=words) | Q(place__icontains=words) | Q(postcode__icontains=words)
    numbers = Q(company_number=words) | Q(charity_number=words) | Q(society_number=words)
    found = organisations_for(request.user).filter(named | numbers).order_by("name", "pk")
    address = reverse("desk:loans", args=[book.code])
    return _kind(
        "Community businesses",
        found,
        lambda one: Hit(one.name, f"{one.place}, {one.region}", f"{address}?{urlencode({'words': one.name})}"),
    )


def _people(request: PersonRequest, book: Book, words: str) -> Kind:
    """Who acts for a business; it leads to where one writes to them."""
    named = Q(user__name__icontains=words) | Q(user__email__icontains=words)
    theirs = Q(user__is_active=True, organisation__in=organisations_for(request.user))
    found = BorrowerMembership.objects.filter(named, theirs).select_related("user", "organisation")
    return _kind(
        "People at businesses",
        found.order_by("user__name", "pk"),
        lambda one: Hit(
            one.user.name,
            f"{one.organisation}, {one.user.email}",
            reverse("desk:conversation", args=[book.code, one.organisation_id]),
        ),
    )


def _people_at_investors(request: PersonRequest, book: Book, words: str) -> Kind:
    """Whom the fund writes to at an investor."""
    named = Q(name__icontains=words) | Q(email__icontains=words) | Q(phone__icontains=words)
    found = InvestorContact.objects.filter(named, investor__in=investors_at(request, book))
    return _kind(
        "People at investors",
        found.filter(ended=False, replaced_by=None).select_related("investor").order_by("name", "pk"),
        lambda one: Hit(
            one.name,
            f"{one.investor}, {one.email}",
            reverse("desk:investor-contacts", args=[book.code, one.investor_id]),
        ),
    )


def _applications(request: PersonRequest, book: Book, words: str, units: int | None) -> Kind:
    named = Q(reference__icontains=words) | Q(organisation__name__icontains=words) | Q(purpose__icontains=words)
    if units is not None:
        named |= Q(amount=from_minor(units, book.base_currency).amount)
    found = applications_for(request.user).filter(named, book=book).select_related("organisation")
    return _kind(
        "Applications",
        found.order_by("-applied_on", "-pk"),
        lambda one: Hit(
            f"{one.reference} {one.organisation}",
            f"{money(one.amount)}, {one.get_status_display().lower()}",
            reverse("desk:application", args=[book.code, one.pk]),
        ),
    )


def _investors(request: PersonRequest, book: Book, words: str) -> Kind:
    named = Q(name__icontains=words) | Q(code__iexact=words)
    return _kind(
        "Investors",
        investors_at(request, book).filter(named).order_by("name", "pk"),
        lambda one: Hit(one.name, one.get_kind_display(), reverse("desk:investor", args=[book.code, one.pk])),
    )


def _bank_lines(book: Book, words: str, units: int | None) -> Kind:
    named = (
        Q(reference__icontains=words)
        | Q(counterparty__icontains=words)
        | Q(description__icontains=words)
        | Q(bank_reference__iexact=words)
    )
    if units is not None:
        named |= Q(amount__in=[units, -units])
    return _kind(
        "Bank lines",
        lines_of(book).filter(named),
        lambda line: Hit(
            f"{money(ledger.bank_line_amount(line))} {line.counterparty or line.description}",
            f"{day(line.booked_on)}, {line.reference or 'no reference'}",
            reverse("desk:bank-line", args=[book.code, line.pk]),
        ),
    )


def _events(request: PersonRequest, book: Book, units: int | None) -> Kind:
    """Drawdowns and repayments of an amount."""
    mine = loans_for(request.user).filter(book=book)
    found = LoanEvent.objects.filter(loan__in=mine, amount=units).select_related("loan__organisation")
    return _kind(
        "Drawdowns and repayments",
        found.order_by("-effective_on", "-pk") if units is not None else found.none(),
        lambda one: Hit(
            f"{one.get_kind_display()} of {money(one.money)}",
            f"{one.loan} {one.loan.organisation}, {day(one.effective_on)}",
            f"{reverse('desk:loan', args=[book.code, one.loan_id])}#entries",
        ),
    )


def _entries(book: Book, words: str) -> Kind:
    number = ENTRY.fullmatch(words)
    found = ledger.entries(book).filter(pk=int(number[1])) if number else ledger.entries(book).none()
    return _kind(
        "Journal entries",
        found,
        lambda one: Hit(
            f"E-{one.pk} {one.narrative}", day(one.effective_on), reverse("desk:entry", args=[book.code, one.pk])
        ),
    )


def _kind(name: str, found: QuerySet[Any], shown: Any) -> Kind:
    first: Iterable[Any] = list(found[: SHOWN + 1])
    hits = [shown(one) for one in first]
    return Kind(name, hits[:SHOWN], len(hits) > SHOWN)
