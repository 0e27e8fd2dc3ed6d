"""A fund's capital at the desk: its classes and holders, what waits, and what there is to share and to distribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.capital_words import bears_first
from commonweal.components import Figure, Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.investors import SECTION
from commonweal.documents.list_files import Sheet, download
from commonweal.templatetags.commonweal import day, money
from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind
from investors.domain.capital_holding import cover_below
from investors.domain.capital_register import Register
from investors.domain.commitment import Commitment
from investors.domain.fund_class import FundClass as Terms
from investors.domain.losses import FirstLossCover
from investors.models import Investor
from investors.queries import (
    OF_GRANTS,
    capital_acts,
    capital_register,
    class_terms,
    fee_agreement,
    free_cash,
    unshared_result,
)

if TYPE_CHECKING:
    from ledger.models import Book

ONE_DAY = timedelta(days=1)
HEADINGS = ("Class", "Investor", "Committed", "Drawn", "Called", "May be called", "Lost", "Capital")


@dataclass(frozen=True, slots=True)
class CapitalRow:
    """A class or a holder on a day: the commitment, what was lost of its capital, and what that stands at; of a class
    besides its terms and what bears losses before it."""

    name: str
    url: str
    commitment: Commitment
    lost: Money
    capital: Money
    note: str = ""
    cover: str = ""


def capital(request: PersonRequest, book: str) -> HttpResponse:
    """The classes of a fund's capital as at a date, their holders, and what may be done."""
    of = book_of(request, book)
    as_of, known = asked_date(request, of), capital_register(of)
    terms = class_terms(of, as_of)
    classes = list(terms.values())
    holders = _holders(of, known, classes, as_of)
    if file := download(request, Sheet(f"capital-{of.code}-{as_of}", HEADINGS, _listed(classes, holders))):
        return file
    rows = [_class_row(known, one, cover_below(known, terms, one.code, as_of), as_of) for one in classes]
    context = {
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "groups": list(zip(rows, (holders[one.code] for one in classes), strict=True)),
        "total": _total(known, rows),
        "figures": _figures(of, known, rows),
        "waiting": list(capital_acts(of).filter(decision=None)),
        "latest": list(capital_acts(of).exclude(decision=None)[:5]),
        "kinds": _kinds(),
        "fee": _fee_words(of, as_of),
        "why_not_act": why_not(request.user, "desk:capital-act-new", "POST", book=of.pk),
    }
    return desk_page(request, "desk/capital/capital.html", of, section=SECTION, crumbs=crumbs(of), context=context)


def form_page(request: PersonRequest, book: Book, context: Mapping[str, Any], way: Sequence[Link]) -> HttpResponse:
    """A page that is a form under a heading."""
    return desk_page(request, "desk/capital/form.html", book, section=SECTION, crumbs=way, context=context)


def crumbs(book: Book, *further: str) -> list[Link]:
    """The way to a page under the fund's capital."""
    here = Link("The fund’s capital", reverse("desk:capital", args=[book.code]) if further else "")
    return [Link("Investors", reverse(SECTION, args=[book.code])), here, *(Link(one) for one in further)]


def _class_row(known: Register, one: Terms, cover: FirstLossCover | None, as_of: date) -> CapitalRow:
    holders = known.holders_of(one.code)
    return CapitalRow(
        one.name,
        "",
        known.commitment_of_class(one.code, as_of),
        -sum((known.balance(holder, as_of, [CapitalKind.IMPAIRMENT]) for holder in holders), known.nought),
        sum((known.balance(holder, as_of) for holder in holders), known.nought),
        f"rank {one.rank} · {one.terms}",
        bears_first(cover) if cover else "bears losses first",
    )


def _holders(book: Book, known: Register, classes: list[Terms], as_of: date) -> dict[str, list[CapitalRow]]:
    """The holders of each class, by name of the investor."""
    found = {one.code: one for one in Investor.objects.filter(code__in={investor for _, investor in known.holders})}
    return {
        one.code: [
            CapitalRow(
                str(found[code]),
                reverse("desk:investor", args=[book.code, found[code].pk]),
                known.commitment((one.code, code), as_of),
                -known.balance((one.code, code), as_of, [CapitalKind.IMPAIRMENT]),
                known.balance((one.code, code), as_of),
            )
            for _, code in known.holders_of(one.code)
        ]
        for one in classes
    }


def _total(known: Register, rows: list[CapitalRow]) -> CapitalRow:
    return CapitalRow(
        "All classes",
        "",
        sum((row.commitment for row in rows), Commitment(*[known.nought] * 5)),
        sum((row.lost for row in rows), known.nought),
        sum((row.capital for row in rows), known.nought),
    )


def _figures(book: Book, known: Register, rows: list[CapitalRow]) -> list[Figure]:
    """What there is to share, to distribute and to protect."""
    unshared = unshared_result(book, book.business_date, known)
    total = _total(known, rows)
    result = known.nought
    since = "no capital is paid in yet"
    if unshared:
        found = unshared.result
        result = found.income - found.fees - found.impairment
        first = unshared.since
        since = f"shared through {day(first - ONE_DAY)}" if first > unshared.until else f"since {day(first)}"
    return [
        Figure("Capital", money(total.capital), "what all capital accounts stand at"),
        Figure("May be called", money(total.commitment.callable), f"of {money(total.commitment.amount)} committed"),
        Figure("Result not shared", money(result), since),
        Figure("Free cash", money(free_cash(book, book.business_date)), "less what is owed to others and on its way"),
    ]


def _kinds() -> list[tuple[str, str, str]]:
    """What may be done to capital: the kind, the label, and what it means."""
    return [(kind.value, label, words) for kind, label, words in DOING if kind not in OF_GRANTS]


DOING = (
    (ActKind.COMMITMENT, "Record a commitment", "Somebody promises money to a class."),
    (ActKind.CALL, "Call capital", "Ask the holders of classes for money, each by its commitment."),
    (ActKind.PAYMENT, "Put money to a call", "Money that is held for an investor becomes capital."),
    (ActKind.FEE_TERMS, "Agree the management fee", "Base and rate from a day on; a step-down has its own day."),
    (ActKind.FEE, "Charge the management fee", "For days that are over, by what is agreed."),
    (ActKind.RESULT, "Share the result", "Income goes down the ranks, losses go up."),
    (
        ActKind.DISTRIBUTION,
        "Distribute cash",
        "Income and capital go down the ranks as far as the cash reaches.",
    ),
    (ActKind.TRANSFER, "Transfer a holding", "Another investor takes over a part of it, with all that belongs to it."),
    (ActKind.EQUALISATION, "Equalise a later close", "Who joined later pays its share to those who were there."),
    (ActKind.DEED, "Record the order of payment", "Which claim is paid first, as the deed has it, in versions."),
    (ActKind.CLASS, "Record a class", "As the deed has it: rank, target return and cap."),
    (ActKind.TERMS, "Change the terms of a class", "Rank, target return and cap, from a day on."),
    (ActKind.GRANT, "Record a restricted grant", "A funder gives money for one purpose."),
    (ActKind.GRANT_RECEIVED, "Receive a grant", "Money that is held for a funder becomes its grant."),
    (ActKind.GRANT_APPLIED, "Apply a grant", "It pays for its purpose, and for nothing else."),
    (
        ActKind.MOVED_IN,
        "Move holdings in",
        "From a spreadsheet, with their history and control totals.",
    ),
    (ActKind.WITHDRAWAL, "Withdraw a call", "What was called and not paid in is called no more."),
    (ActKind.CANCELLATION, "Cancel a commitment", "What was not called is released."),
)


def _fee_words(book: Book, as_of: date) -> str:
    agreed = fee_agreement(book)
    if agreed is None:
        return ""
    now = [one for one in agreed.terms if one.effective_on <= as_of] or [agreed.terms[0]]
    return f"{now[-1].in_words}, from {day(now[-1].effective_on)}"


def _listed(classes: list[Terms], holders: dict[str, list[CapitalRow]]) -> list[tuple[str | Money, ...]]:
    return [
        (
            one.name,
            row.name,
            row.commitment.amount,
            row.commitment.drawn,
            row.commitment.called,
            row.commitment.callable,
            row.lost,
            row.capital,
        )
        for one in classes
        for row in holders[one.code]
    ]
