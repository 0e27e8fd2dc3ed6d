"""What the fund borrows, at the desk: the facilities, what one of them owes and promises, and the ladder."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.components import Fact, Figure, Link
from commonweal.desk.entries import entry_shown
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.documents.models import DocumentKind
from commonweal.templatetags.commonweal import day, money, percent
from investors.domain.borrowing import Agreement
from investors.domain.borrowing_entries import OWN_NODES
from investors.models import Facility
from investors.queries.borrowing_tests import covenants_tested, draw_limits, fund_figures, maturity_ladder
from investors.queries.borrowings import (
    FacilityLife,
    borrowing_events,
    borrowing_journal,
    breaches,
    covenant_tests,
    facilities,
    facility_lives,
    facility_terms,
    life_of,
    waiting_terms,
)
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.domain.offer_words import KINDS, interval_in_words
from loans.domain.position import InstalmentPosition, InstalmentStatus, NextPayment, Position

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:investors"
SHOWN = 12
"""Instalments and entries on the page, until all are asked for."""

STATES = {
    InstalmentStatus.PAID: "good",
    InstalmentStatus.LATE: "late",
    InstalmentStatus.PART_PAID: "watch",
}


def borrowings(request: PersonRequest, book: str) -> HttpResponse:
    """Everything that the fund borrows, with what is owed, what is due next, and which promises are broken."""
    of = book_of(request, book)
    lives, broken = facility_lives(of), Counter(one.facility_id for one in breaches(of))
    rows = [(life, life.at(of.business_date), broken[life.facility.pk]) for life in lives]
    headings = (
        "Facility",
        "Lender",
        "Agreement",
        "Amount",
        "Owed",
        "Rate",
        "Next due",
        "Next payment",
        "Broken promises",
    )
    if file := download(request, Sheet(f"borrowings-{of.code}", headings, [_row(*row) for row in rows])):
        return file
    nought = from_minor(0, of.base_currency)
    steps = maturity_ladder(of, of.business_date)
    nexts = [at.next_payment for _, at, _ in rows if at.next_payment]
    soonest = min(nexts, key=lambda one: one.due_on, default=None)
    context = {
        "rows": rows,
        "waiting": list(waiting_terms(of)),
        "broken": breaches(of),
        "figures": [
            Figure("Owed to lenders", money(sum((at.principal_outstanding for _, at, _ in rows), nought)), "principal"),
            Figure(
                "Due next",
                money(soonest.total) if soonest else "Nothing",
                day(soonest.due_on) if soonest else "to come",
            ),
            Figure("Own cash", money(steps.cash), "less what is held for investors"),
            Figure("Promises broken", str(sum(broken.values())), "as tested last", state="late" if broken else ""),
        ],
        "ladder": steps,
        "sign": sign(of),
        "why_not_new": why_not(request.user, "desk:facility-new", "POST", book=of.pk),
    }
    return desk_page(request, "desk/borrowings/list.html", of, section=SECTION, crumbs=crumbs(of), context=context)


def facility(request: PersonRequest, book: str, facility: int) -> HttpResponse:
    """One facility: what is owed and due, what is promised, what was agreed, what happened, and its entries."""
    of = book_of(request, book)
    found = facility_of(of, facility)
    life = life_of(found)
    at = life.at(of.business_date)
    if file := download(request, _schedule_sheet(life, at)):
        return file
    context = {
        "facility": found,
        "life": life,
        "position": at,
        "figures": list(_figures(of, life, at)) if life.is_agreed else [],
        "instalments": _instalments(at, everything="all" in request.GET),
        "events": list(borrowing_events(found)),
        "entries": [entry_shown(one) for one in list(borrowing_journal(found).reverse()[:SHOWN])],
        "terms": list(facility_terms(found)),
        "facts": agreement_facts(life.agreement),
        "tests": _tests(of, life),
        "record": list(covenant_tests(found)[:SHOWN]),
        "accounts": _accounts(of, found),
        "statements": documents_for(request.user).filter(
            book=of, kind=DocumentKind.FACILITY_STATEMENT, subject=found.reference
        ),
        "sign": sign(of),
        "why_not_act": why_not(request.user, "desk:facility-act", "POST", book=of.pk),
        "why_not_terms": why_not(request.user, "desk:facility-terms-new", "POST", book=of.pk),
    }
    way = crumbs(of, found)
    return desk_page(request, "desk/borrowings/facility.html", of, section=SECTION, crumbs=way, context=context)


def covenant_record(request: PersonRequest, book: str, facility: int) -> HttpResponse:
    """Every test of a facility's covenants that was kept, the latest first."""
    of = book_of(request, book)
    found = facility_of(of, facility)
    rows = list(covenant_tests(found))
    headings = ("Tested", "Occasion", "Promise", "Kept", "Figure", "Limit", "Headroom", "In words")
    listed = [
        (
            *(one.on, one.get_occasion_display(), one.get_kind_display(), "yes" if one.is_met else "no"),
            *(one.figure, one.limit, one.headroom, one.sentence),
        )
        for one in rows
    ]
    if file := download(request, Sheet(f"covenant-tests-{found}", headings, listed)):
        return file
    way = crumbs(of, found, "Tests")
    return desk_page(
        request,
        "desk/borrowings/tests.html",
        of,
        section=SECTION,
        crumbs=way,
        context={"facility": found, "record": rows},
    )


def ladder(request: PersonRequest, book: str) -> HttpResponse:
    """What comes in from loans and goes out to lenders, month by month."""
    of = book_of(request, book)
    found = maturity_ladder(of, of.business_date)
    headings = ("Month", "From loans", "To lenders", "Gap", "Cash at the end")
    rows = [(one.month, one.inflow, one.outflow, one.gap, one.cash_after) for one in found.rungs]
    if file := download(request, Sheet(f"ladder-{of.code}-{of.business_date}", headings, rows)):
        return file
    context = {"ladder": found, "sign": sign(of)}
    way = crumbs(of, label="Ladder")
    return desk_page(request, "desk/borrowings/ladder.html", of, section=SECTION, crumbs=way, context=context)


def facility_of(book: Book, pk: int) -> Facility:
    """The facility in the address, if it is one of the book's; otherwise the page does not exist."""
    return get_object_or_404(facilities(book), pk=pk)


def crumbs(book: Book, facility: Facility | None = None, label: str = "") -> list[Link]:
    """The way to what is borrowed, to one facility, or to something that is done with it."""
    way = [Link("Investors", reverse(SECTION, args=[book.code]))]
    here = [Link("Borrowings", reverse("desk:borrowings", args=[book.code]))]
    if facility is not None:
        here.append(Link(facility.reference, reverse("desk:facility", args=[book.code, facility.pk])))
    if label:
        return [*way, *here, Link(label)]
    return [*way, *here[:-1], Link(here[-1].label)]


def agreement_facts(agreement: Agreement) -> list[Fact]:
    """What is agreed, in the words of the page."""
    terms, promised = agreement.terms, agreement.covenants
    fees = "; ".join(fee.in_words(terms.currency) for fee in terms.fees)
    facts = [
        Fact("Agreement", agreement.reference),
        Fact("Amount", money(agreement.amount), number=True),
        Fact("Nominal rate", percent(terms.annual_rate), f"day count {str(terms.day_count).upper()}", number=True),
        Fact("Repayment", KINDS[terms.amortisation], _repaid(agreement)),
        Fact("May be drawn", f"{day(agreement.effective_on)} to {day(agreement.available_until)}"),
    ]
    if fees:
        facts.append(Fact("Fees", fees))
    if promised.advance_rate:
        late = f"of loans at most {promised.days_late} days late"
        facts.append(Fact("Advance rate", percent(promised.advance_rate), late, number=True))
    if promised.arrears_share:
        late = f"of loans more than {promised.days_late} days late"
        facts.append(Fact("In arrears at most", percent(promised.arrears_share), late, number=True))
    if promised.interest_cover:
        facts.append(Fact("Interest cover at least", f"{promised.interest_cover:f} times", number=True))
    if promised.minimum_cash:
        facts.append(Fact("Cash at least", money(promised.minimum_cash), number=True))
    return [*facts, Fact("Security", agreement.security or "None")]


def _repaid(agreement: Agreement) -> str:
    terms = agreement.terms
    free = f", the first {terms.interest_only_periods} interest only" if terms.interest_only_periods else ""
    every = interval_in_words(terms.cycle.every)
    return f"{terms.instalments} instalments, {every} from {day(terms.first_due_on)}{free}"


def _figures(book: Book, life: FacilityLife, at: Position) -> list[Figure]:
    limits = draw_limits(life, fund_figures(book, book.business_date, life.agreement.covenants))
    due = at.next_payment
    owed = at.interest_due + at.fees_due
    return [
        Figure("Owed", money(at.principal_outstanding), f"of {money(life.agreement.amount)} agreed"),
        Figure(
            "May be drawn",
            money(limits.available),
            f"{money(limits.room)} by the borrowing base" if limits.room is not None else "undrawn",
        ),
        _due_next(due),
        Figure("Interest and fees due", money(owed), "not paid yet", state="late" if at.days_past_due else ""),
        Figure("Rate", percent(at.annual_rate), "nominal, a year"),
    ]


def _due_next(due: NextPayment | None) -> Figure:
    return Figure("Due next", money(due.total), day(due.due_on)) if due else Figure("Due next", "Nothing", "to come")


def _tests(book: Book, life: FacilityLife) -> list[Any]:
    """The covenants as they stand today."""
    if not life.agreement.covenants:
        return []
    return list(covenants_tested(life, fund_figures(book, book.business_date, life.agreement.covenants)))


def _instalments(at: Position, *, everything: bool) -> list[tuple[InstalmentPosition, str]]:
    """The instalments with the state that colours each: the last that is over and those to come, or all."""
    rows = list(at.instalments)
    first = next((place for place, row in enumerate(rows) if not row.paid_on), len(rows))
    shown = rows if everything else rows[max(first - 1, 0) :][:SHOWN]
    return [(row, STATES.get(row.status, "closed")) for row in shown]


def _accounts(book: Book, facility: Facility) -> list[tuple[str, str, Any]]:
    """The facility's own accounts with what stands on each, credits positive, and the way to its entries."""
    codes = [f"{node}/{facility.reference}" for node in OWN_NODES]
    stands = ledger.balances(book, codes, book.business_date)
    rows = ledger.accounts(book).filter(code__in=codes).values_list("code", "name", "pk")
    return [
        (
            f"{code.partition('/')[0]} {name.partition(',')[0]}",
            reverse("desk:account", args=[book.code, pk]),
            -stands[code],
        )
        for code, name, pk in rows
        if stands[code]
    ]


def _row(life: FacilityLife, at: Position, broken: int) -> tuple[Value, ...]:
    due = at.next_payment
    facility, agreement = life.facility, life.agreement
    named = (facility.reference, str(facility.lender), agreement.reference, agreement.amount)
    coming = (due.due_on, due.total) if due else (None, None)
    return (*named, at.principal_outstanding, at.annual_rate, *coming, broken)


def _schedule_sheet(life: FacilityLife, at: Position) -> Sheet:
    headings = ("No.", "Due", "Status", "Interest", "Principal", "Instalment", "Paid", "Unpaid", "Balance")

    def row(one: InstalmentPosition) -> tuple[int | date | str | Any, ...]:
        due = one.instalment
        return (
            due.no,
            due.due_on,
            str(one.status),
            due.interest,
            due.principal,
            due.total,
            one.paid,
            one.unpaid,
            due.balance,
        )

    return Sheet(f"schedule-{life.facility}", headings, [row(one) for one in at.instalments])
