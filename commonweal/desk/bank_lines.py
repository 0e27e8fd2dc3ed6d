"""One bank line at the desk: what the bank said, what became of it, and matching by hand what still waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, loans_for
from commonweal.components import Fact, Link
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import MatchForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.repayments import SECTION, LineShown, lines_of, lines_shown
from commonweal.jobs.lending import confirm_by_bank_line, repay_from_bank_line
from commonweal.templatetags.commonweal import day, money
from investors.services import payment_reference, receive_contribution
from ledger import queries as ledger
from loans.losses import guarantor_money
from loans.services import HowRepaid, pay_over, record_claim_paid

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book, JournalEntry

LOAN, INVESTOR, GUARANTOR = "loan", "investor", "guarantor"


def bank_line(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """A bank line with the entries that it made, and what it could be for while it waits."""
    of = book_of(request, book)
    shown = _line(of, line)
    return _page(request, of, shown, MatchForm(choices=_choices(request, of, shown)))


def bank_line_match(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """Say what the money of a line was for; it is booked on the day that the bank booked it."""
    of = book_of(request, book)
    shown = _line(of, line)
    form = MatchForm(request.POST, choices=_choices(request, of, shown))
    if form.is_valid():
        with refusals_in(form):
            what, _, pk = form.cleaned_data["purpose"].partition("-")
            told, url = MATCHED[what](request, of, shown, int(pk))
            messages.success(request, told)
            return redirect(url)
    return _page(request, of, shown, form)


def _line(book: Book, pk: int) -> LineShown:
    """The line in the address, with what became of it."""
    return lines_shown([get_object_or_404(lines_of(book), pk=pk)])[0]


def _choices(request: PersonRequest, book: Book, shown: LineShown) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the money could be for: a loan of the book either way, an investor for money that came in."""
    loans = loans_for(request.user).filter(book=book).select_related("organisation").order_by("reference")
    what = "Repayment of" if shown.amount.amount > 0 else "Drawdown of"
    found = [(what, [(f"{LOAN}-{one.pk}", f"{one} {one.organisation} ({one.payment_reference})") for one in loans])]
    if shown.amount.amount > 0:
        lenders = investors_for(request.user).order_by("name")
        named = [(f"{INVESTOR}-{one.pk}", f"{one} ({payment_reference(one)})") for one in lenders]
        found.append(("Paid in by", named))
    waiting = guarantor_money(book, came_in=shown.amount.amount > 0)
    if waiting:
        words = "Paid by the guarantor of" if shown.amount.amount > 0 else "Paid over to the guarantor of"
        found.append((words, [(f"{GUARANTOR}-{one.pk}", f"{one} ({money(amount)})") for one, amount in waiting]))
    return found


def _match_loan(request: PersonRequest, book: Book, shown: LineShown, pk: int) -> tuple[str, str]:
    loan = get_object_or_404(loans_for(request.user), pk=pk, book=book)
    on, url = day(shown.line.booked_on), reverse("desk:loan", args=[book.code, loan.pk])
    if shown.amount.amount > 0:
        how = HowRepaid(books_later="books_later" in request.POST)
        repay_from_bank_line(loan=loan, line=shown.line, by=request.user, how=how)
        return f"The bank line of {on} is a repayment of {loan}.", url
    confirm_by_bank_line(loan=loan, line=shown.line, by=request.user)
    return f"The bank line of {on} confirms the drawdown of {loan}.", url


def _match_investor(request: PersonRequest, book: Book, shown: LineShown, pk: int) -> tuple[str, str]:
    investor = get_object_or_404(investors_for(request.user), pk=pk)
    key = f"bank-line:{shown.line.pk}:by-hand:{shown.line.matches.count()}"
    receive_contribution(line=shown.line, investor=investor, key=key, by=request.user, amount=shown.rest)
    url = reverse("desk:investor", args=[book.code, investor.pk])
    return f"The bank line of {day(shown.line.booked_on)} was paid in by {investor}.", url


def _match_guarantor(request: PersonRequest, book: Book, shown: LineShown, pk: int) -> tuple[str, str]:
    loan = get_object_or_404(loans_for(request.user), pk=pk, book=book)
    act = record_claim_paid if shown.amount.amount > 0 else pay_over
    act(loan=loan, line=shown.line, amount=abs(shown.rest), by=request.user)
    url = reverse("desk:loan-losses", args=[book.code, loan.pk])
    return f"The bank line of {day(shown.line.booked_on)} is the guarantor’s money of {loan}.", url


MATCHED: dict[str, Callable[[PersonRequest, Book, LineShown, int], tuple[str, str]]] = {
    LOAN: _match_loan,
    INVESTOR: _match_investor,
    GUARANTOR: _match_guarantor,
}
"""What a line can be matched to, by the word before its number in the form."""


def _page(request: PersonRequest, book: Book, shown: LineShown, form: MatchForm) -> HttpResponse:
    made = [*ledger.entries_by_source(book, f"bank-line:{shown.line.pk}"), *_entries(book, shown)]
    context = {
        "line": shown.line,
        "shown": shown,
        "facts": _facts(book, shown),
        "entries": [entry_shown(entry) for entry in made],
        "form": form,
        "sign": sign(book),
        "why_not_match": why_not(request.user, "desk:bank-line-match", "POST", book=book.pk),
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[book.code])), Link("Bank line")]
    return desk_page(request, "desk/repayments/line.html", book, section=SECTION, crumbs=crumbs, context=context)


def _entries(book: Book, shown: LineShown) -> list[JournalEntry]:
    return list(ledger.entries(book).filter(pk__in=shown.entries).order_by("pk"))


def _facts(book: Book, shown: LineShown) -> list[Fact]:
    line: BankStatementLine = shown.line
    suspense = reverse("desk:account", args=[book.code, line.bank_account.suspense_id])
    facts = [
        Fact("Booked", day(line.booked_on)),
        Fact("From or to", line.counterparty or "–"),
        Fact("Reference", line.reference or "–"),
        Fact("What the bank says", line.description or "–"),
        Fact("The bank’s own number", line.bank_reference or "–"),
        Fact("Bank account", line.bank_account.name),
        Fact("Statement", f"{line.statement.statement_id}, to {day(line.statement.to_on)}"),
        Fact("Amount", money(shown.amount), number=True),
    ]
    return [*facts, Fact("Left in suspense", money(shown.rest), url=suspense, total=True)]
