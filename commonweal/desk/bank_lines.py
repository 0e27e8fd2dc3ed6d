"""One bank line at the desk: what the bank said, what it could be for and why, matching it, and undoing that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, loans_for
from commonweal.components import Fact, Link
from commonweal.desk.act_preview import entries_to_come
from commonweal.desk.bank_suggested import suggested_for
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import MatchForm, UndoForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.repayments import SECTION, LineShown, lines_of, lines_shown
from commonweal.jobs.matching import (
    FACILITY,
    GUARANTOR,
    INVESTOR,
    Outcome,
    Wanted,
    match_line,
    refuse_unseen,
    rehearse,
    undo_line,
)
from commonweal.templatetags.commonweal import day, money
from investors.queries.borrowings import facilities
from investors.services import payment_reference
from ledger import queries as ledger
from ledger.domain.bank_suggestions import CHARGE, INTEREST, OPPOSITE, OPPOSITE_DAYS
from ledger.domain.suggestion import Part
from loans.domain.suggestions import LOAN, RECOVERS, SETTLES
from loans.losses import guarantor_money
from loans.models import Loan, Standing

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book, JournalEntry

Choices = list[tuple[str, list[tuple[str, str]]]]


def bank_line(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """A bank line with the entries that it made, and what it could be for while it waits."""
    of = book_of(request, book)
    shown = _line(of, line)
    return _page(request, of, shown, {"form": _form(request, of, shown)})


def bank_line_match(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """Say what the money of a line was for, see what would be posted, and book exactly that."""
    of = book_of(request, book)
    shown = _line(of, line)
    form, outcome = _form(request, of, shown, request.POST), None
    if form.is_valid():
        with refusals_in(form):
            parts = form.parts()
            refuse_unseen(book=of, parts=parts, by=request.user)
            wanted = Wanted(line, parts, request.POST.get("shown", ""), form.cleaned_data["books_later"])
            if "preview" not in request.POST:
                match_line(book=of, wanted=wanted, by=request.user)
                told, url = _told(request, of, shown, parts)
                messages.success(request, told)
                return redirect(url)
            (outcome,) = rehearse(
                book=of, wanted=[Wanted(line, parts, books_later=wanted.books_later)], by=request.user
            )
            if outcome.refusal:
                form.add_error(None, outcome.refusal)
    return _page(request, of, shown, {"form": form, **_to_come(of, outcome)})


def bank_line_undo(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """Take back what a line was matched to; it waits again."""
    of = book_of(request, book)
    shown, undo = _line(of, line), UndoForm(request.POST)
    if undo.is_valid():
        with refusals_in(undo):
            posted = undo_line(book=of, line_id=line, reason=undo.cleaned_data["reason"], by=request.user)
            reversals = "reversal is" if len(posted) == 1 else f"{len(posted)} entries are"
            messages.success(
                request, f"It was taken back, and waits in suspense again. {reversals.capitalize()} posted."
            )
            return redirect("desk:bank-line", of.code, line)
    return _page(request, of, shown, {"form": _form(request, of, shown), "undo": undo})


def _line(book: Book, pk: int) -> LineShown:
    """The line in the address, with what became of it."""
    return lines_shown([get_object_or_404(lines_of(book), pk=pk)])[0]


def _form(request: PersonRequest, book: Book, shown: LineShown, *sent: Any) -> MatchForm:
    return MatchForm(*sent, choices=_choices(request, book, shown), left=shown.rest)


def _choices(request: PersonRequest, book: Book, shown: LineShown) -> Choices:
    """What the money could be for, by kinds."""
    came_in = shown.amount.amount > 0
    found = _loan_choices(request, book, came_in=came_in)
    if came_in:
        lenders = investors_for(request.user).order_by("name")
        found.append(("Paid in by", [(f"{INVESTOR}-{one.pk}", f"{one} ({payment_reference(one)})") for one in lenders]))
    borrowed = [(f"{FACILITY}-{one.pk}", f"{one} {one.lender}") for one in facilities(book)]
    found.append(("Drawn from a lender to the fund" if came_in else "Repaid to a lender to the fund", borrowed))
    words = "Paid by the guarantor of" if came_in else "Paid over to the guarantor of"
    waiting = guarantor_money(book, came_in=came_in)
    found.append((words, [(f"{GUARANTOR}-{one.pk}", f"{one} ({money(amount)})") for one, amount in waiting]))
    found.append(("Of the bank", [(f"{INTEREST}-0", "Bank interest") if came_in else (f"{CHARGE}-0", "Bank charge")]))
    opposite = [one for one in _opposites(book, shown) if one.pk != shown.line.pk]
    what = [(f"{OPPOSITE}-{one.pk}", _named(one)) for one in opposite]
    found.append(("Came back, or went to another account of the fund", what))
    return [(group, several) for group, several in found if several]


def _loan_choices(request: PersonRequest, book: Book, *, came_in: bool) -> Choices:
    loans = list(loans_for(request.user).filter(book=book).select_related("organisation").order_by("reference"))

    def offered(purpose: str, among: list[Loan]) -> list[tuple[str, str]]:
        return [(f"{purpose}-{one.pk}", f"{one} {one.organisation} ({one.payment_reference})") for one in among]

    if not came_in:
        return [("Drawdown of", offered(LOAN, loans))]
    off = set(
        Standing.objects.as_at(book.business_date)
        .filter(loan__book=book, written_off__gt=0)
        .values_list("loan_id", flat=True)
    )
    return [
        ("Repayment of", offered(LOAN, loans)),
        ("Settlement of", offered(SETTLES, loans)),
        ("Recovery of", offered(RECOVERS, [one for one in loans if one.pk in off])),
    ]


def _opposites(book: Book, shown: LineShown) -> list[BankStatementLine]:
    whole = shown.rest == shown.amount
    return ledger.lines_of_opposite_amount(book, [shown.line], days=OPPOSITE_DAYS) if whole else []


def _named(line: BankStatementLine) -> str:
    who = line.counterparty or line.reference or "no name"
    return f"{day(line.booked_on)} {money(ledger.bank_line_amount(line))} {who}, {line.bank_account.name}"


def _told(request: PersonRequest, book: Book, shown: LineShown, parts: tuple[Part, ...]) -> tuple[str, str]:
    """What is said about a line that was matched, and where that leads."""
    on, here = day(shown.line.booked_on), reverse("desk:bank-line", args=[book.code, shown.line.pk])
    if len(parts) > 1:
        return f"The bank line of {on} is shared among {len(parts)} parts.", here
    (part,) = parts
    match part.purpose:
        case "loan" | "settle" | "recover" | "guarantor" as purpose:
            loan = get_object_or_404(loans_for(request.user), pk=part.subject, book=book)
            page = "desk:loan-losses" if purpose == GUARANTOR else "desk:loan"
            words = _OF_LOAN[purpose, shown.amount.amount > 0].format(on=on, loan=loan)
            return words, reverse(page, args=[book.code, loan.pk])
        case "investor":
            investor = get_object_or_404(investors_for(request.user), pk=part.subject)
            url = reverse("desk:investor", args=[book.code, investor.pk])
            return f"The bank line of {on} was paid in by {investor}.", url
        case "line":
            return f"The bank line of {on} and the other one undo each other.", here
        case _:
            return f"The bank line of {on} is the bank’s own.", here


_OF_LOAN = {
    (LOAN, True): "The bank line of {on} is a repayment of {loan}.",
    (LOAN, False): "The bank line of {on} confirms the drawdown of {loan}.",
    (SETTLES, True): "The bank line of {on} settles {loan}.",
    (RECOVERS, True): "The bank line of {on} is a recovery of {loan}.",
    (GUARANTOR, True): "The bank line of {on} is the guarantor’s money of {loan}.",
    (GUARANTOR, False): "The bank line of {on} is the guarantor’s money of {loan}.",
}


def _to_come(book: Book, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None or outcome.refusal:
        return {}
    return {"to_come": entries_to_come(book, outcome.entries), "shown_sha256": outcome.sha256}


def _page(request: PersonRequest, book: Book, shown: LineShown, more: dict[str, Any]) -> HttpResponse:
    made = [*ledger.entries_by_source(book, f"bank-line:{shown.line.pk}"), *_entries(book, shown)]
    own = {entry.pk: entry for entry in made}
    context = {
        "line": shown.line,
        "shown": shown,
        "facts": _facts(book, shown),
        "entries": [entry_shown(entry) for entry in own.values()],
        "suggestions": suggested_for(book, [shown.line])[shown.line.pk] if shown.rest else [],
        "sign": sign(book),
        "undo": UndoForm(),
        "why_not_match": why_not(request.user, "desk:bank-line-match", "POST", book=book.pk),
        "why_not_undo": why_not(request.user, "desk:bank-line-undo", "POST", book=book.pk),
        **more,
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[book.code])), Link("Bank line")]
    return desk_page(request, "desk/repayments/line.html", book, section=SECTION, crumbs=crumbs, context=context)


def _entries(book: Book, shown: LineShown) -> list[JournalEntry]:
    """What matched the line, also what was taken back since, each with the entry that did."""
    matched = [match.entry for match in shown.line.matches.all()]
    taken_back = [entry.reversed_by for entry in matched if hasattr(entry, "reversed_by")]
    return list(ledger.entries(book).filter(pk__in=[one.pk for one in (*matched, *taken_back)]).order_by("pk"))


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
