"""Investors at the desk: who they are, what each has in the book, and the money held for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for
from commonweal.components import Fact, Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.participation_certificates import certificates_shown
from commonweal.desk.payee_shown import goes_to
from commonweal.desk.shares import share_of
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.loan_tape import tape_sheet
from commonweal.payees import of_investor
from commonweal.templatetags.commonweal import money
from investors.domain.entries import due_to_investor, participation_in_principal
from investors.domain.kinds import InvestorKind
from investors.loan_tape import COLUMNS, loan_tape
from investors.models import Investor
from investors.queries import (
    Holding,
    capital_holdings,
    capital_register,
    fund_classes,
    holdings,
    holdings_of_book,
    investors_in,
    investors_nowhere,
    tax_treatment,
)
from investors.services import payment_reference
from ledger import queries as ledger
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:investors"

OWN_TERMS = ("Shared", "Own rate", "Servicing fee", "No principal before")
"""Columns of a file for what is agreed with a lender itself."""


@dataclass(frozen=True, slots=True)
class InvestorRow:
    """An investor in a list."""

    investor: Investor
    loans: int
    principal: Money
    capital: Money
    cash: Money
    cash_url: str


def investors_at(request: PersonRequest, book: Book) -> QuerySet[Investor]:
    """The investors that deal with the book, or with none yet: those that have a page here."""
    return investors_for(request.user).filter(Q(pk__in=investors_in(book)) | Q(pk__in=investors_nowhere()))


def investor_of(request: PersonRequest, book: Book, key: int) -> Investor:
    """One of them. Raises Http404 for any other."""
    return get_object_or_404(investors_at(request, book), pk=key)


def investors(request: PersonRequest, book: str) -> HttpResponse:
    """The investors of a book as at a date."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    rows = _rows(of, as_of)
    headings = ("Code", "Investor", "Kind", "Loans", "Principal", "Capital", "Held for it")
    listed = [
        (r.investor.code, r.investor.name, r.investor.get_kind_display(), r.loans, r.principal, r.capital, r.cash)
        for r in rows
    ]
    if file := download(request, Sheet(f"investors-{of.code}-{as_of}", headings, listed)):
        return file
    own = [row for row in rows if row.investor.kind == InvestorKind.OWN_FUNDS]
    others = [row for row in rows if row not in own]
    context = {
        "rows": rows,
        "groups": [("Of others", _sums(others, of)), ("The fund’s own", _sums(own, of))] if own else [],
        "total": _sums(rows, of),
        "has_capital": fund_classes(of).exists(),
        "nowhere": investors_nowhere().filter(pk__in=investors_for(request.user), facilities=None),
        "why_not_new": why_not(request.user, "desk:investor-new", "POST", book=of.pk),
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
    }
    return desk_page(request, "desk/investors/list.html", of, section=SECTION, context=context)


def investor(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """One investor's holdings and cash, each led to the entries that make it."""
    of = book_of(request, book)
    found = investor_of(request, of, investor)
    as_of = asked_date(request, of)
    held = holdings(found, of, as_of)
    if file := download(request, _sheet(found, held, as_of)):
        return file
    cash_code = due_to_investor(found.code)
    codes = {one: participation_in_principal(one.loan.reference, found.code) for one in held}
    urls = _urls(of, [cash_code, *codes.values()], as_of)
    cash = -ledger.balances(of, [cash_code], as_of)[cash_code]
    context = {
        "investor": found,
        "reference": payment_reference(found),
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "holdings": [(one, share_of(one), urls.get(codes[one], "")) for one in held],
        "principal": _principal(held, of),
        "capital": capital_holdings(of, found, as_of, as_of),
        "lost": sum((one.lost for one in held), from_minor(0, of.base_currency)),
        "came_back": sum((one.came_back for one in held), from_minor(0, of.base_currency)),
        **goes_to(of, of_investor(found)),
        "tax": tax_treatment(found, as_of),
        **certificates_shown(request, of, found),
        "cash": [
            Fact("Paid in or come back", money(cash), "neither lent nor paid out", urls.get(cash_code, ""), number=True)
        ],
    }
    crumbs = [Link("Investors", reverse(SECTION, args=[of.code])), Link(found.name)]
    return desk_page(request, "desk/investors/investor.html", of, section=SECTION, crumbs=crumbs, context=context)


def loan_tape_of(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """What an investor has in each loan, under the columns of the loan tape."""
    of = book_of(request, book)
    found = get_object_or_404(investors_in(of), pk=investor)
    as_of = asked_date(request, of)
    rows = loan_tape(found, of, as_of)
    if file := download(request, tape_sheet(found, of, as_of, rows)):
        return file
    context = {"investor": found, "rows": rows, "as_of": as_of, "columns": COLUMNS.items(), "sign": sign(of)}
    crumbs = [
        Link("Investors", reverse(SECTION, args=[of.code])),
        Link(found.name, reverse("desk:investor", args=[of.code, found.pk])),
        Link("Loan tape"),
    ]
    return desk_page(request, "desk/investors/tape.html", of, section=SECTION, crumbs=crumbs, context=context)


def _rows(book: Book, as_of: date) -> list[InvestorRow]:
    """The investors of a book, in a fixed number of queries."""
    found = list(investors_in(book))
    held: dict[int, list[Holding]] = defaultdict(list)
    for one in holdings_of_book(book, as_of):
        held[one.investor.pk].append(one)
    codes = {one.pk: due_to_investor(one.code) for one in found}
    cash = ledger.balances(book, list(codes.values()), as_of)
    urls, capital = _urls(book, list(codes.values()), as_of), _capital(book, as_of)
    return [
        InvestorRow(
            one,
            len(held[one.pk]),
            _principal(held[one.pk], book),
            capital.get(one.code, from_minor(0, book.base_currency)),
            -cash[codes[one.pk]],
            urls[codes[one.pk]],
        )
        for one in found
    ]


def _capital(book: Book, as_of: date) -> dict[str, Money]:
    """What the capital accounts of each investor stand at, all classes together."""
    known = capital_register(book)
    sums: dict[str, Money] = defaultdict(lambda: known.nought)
    for fund_class, investor in known.holders:
        sums[investor] += known.balance((fund_class, investor), as_of)
    return dict(sums)


def _sums(rows: Sequence[InvestorRow], book: Book) -> dict[str, Money]:
    """Principal, capital and the money held, added up."""
    nought = from_minor(0, book.base_currency)
    return {
        "principal": sum((row.principal for row in rows), nought),
        "capital": sum((row.capital for row in rows), nought),
        "cash": sum((row.cash for row in rows), nought),
    }


def _urls(book: Book, codes: Sequence[str], as_of: date) -> dict[str, str]:
    """The way to the entries of each of these accounts."""
    found = ledger.accounts(book).filter(code__in=codes, currency=book.base_currency).values_list("code", "pk")
    return {code: f"{reverse('desk:account', args=[book.code, pk])}?to={as_of}" for code, pk in found}


def _principal(held: Sequence[Holding], book: Book) -> Money:
    return sum((one.principal for one in held), from_minor(0, book.base_currency))


def _sheet(investor: Investor, held: Sequence[Holding], as_of: date) -> Sheet:
    amounts = ("Participation", "Principal", "Interest due", "Lost", "Came back")
    headings = ("Loan", "Borrower", "Rank", "Share", *amounts, *OWN_TERMS)
    rows = [
        (
            one.loan.reference,
            str(one.loan.organisation),
            one.rank,
            share_of(one),
            one.participation,
            one.principal,
            one.interest_due,
            one.lost,
            one.came_back,
            one.rule,
            one.annual_rate,
            one.servicing_fee,
            one.principal_from,
        )
        for one in held
    ]
    return Sheet(f"investor-{investor.code}-{as_of}", headings, rows)
