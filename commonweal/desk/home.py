"""What needs me, what falls due, how much cash there is, and how the portfolio stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import books_for
from commonweal.components import Fact, Figure
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.portfolio import LoanRow, portfolio_rows, totals
from commonweal.desk.waiting import todos
from commonweal.templatetags.commonweal import day, money, percent
from ledger import queries as ledger
from ledger.domain.money import from_minor
from ledger.queries import Book
from loans.models import Loan

WEEKS = timedelta(days=28)
LATE_DAYS = 30


@dataclass(frozen=True, slots=True)
class DueRow:
    """An instalment to come."""

    loan: Loan
    due_on: date
    amount: Money


def home(request: PersonRequest) -> HttpResponse:
    """Send a member of staff to the first of their books."""
    first = books_for(request.user).order_by("name").first()
    return redirect("desk:book", first.code) if first else redirect("public:nowhere")


def book_home(request: PersonRequest, book: str) -> HttpResponse:
    """The home of a book as at a date."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    rows = portfolio_rows(of, as_of)
    due = _due(rows, as_of)
    context = {
        "as_of": as_of,
        "sign": sign(of),
        "todos": todos(of),
        "rows": rows,
        "totals": totals(rows, of),
        "due": due,
        "due_from": as_of,
        "due_to": as_of + WEEKS,
        "due_total": sum((row.amount for row in due), from_minor(0, of.base_currency)),
        "cash": _cash(of, as_of),
        "figures": _figures(rows, of),
    }
    return desk_page(request, "desk/home.html", of, section="desk:book", context=context)


def _due(rows: Sequence[LoanRow], as_of: date) -> list[DueRow]:
    coming = [
        DueRow(row.loan, due.due_on, due.total)
        for row in rows
        if (due := row.position.next_payment) and due.due_on <= as_of + WEEKS
    ]
    return sorted(coming, key=lambda row: (row.due_on, row.loan.reference))


def _cash(book: Book, as_of: date) -> list[Fact]:
    """Bank accounts with how far they agree with the bank, less what is held for others."""
    facts, total = [], from_minor(0, book.base_currency)
    for bank in ledger.bank_accounts(book):
        stands = ledger.balance(bank.account, as_of)
        statement = ledger.latest_bank_statement(bank)
        note = f"agreed with the bank to {day(statement.to_on)}" if statement else "no bank statement yet"
        facts.append(Fact(bank.name, money(stands), note, _account_url(book, bank.account_id, as_of)))
        suspense = ledger.balance(bank.suspense, as_of)
        if suspense:
            facts.append(
                Fact("In suspense", money(suspense), "not matched yet", _account_url(book, bank.suspense_id, as_of))
            )
        total += stands + suspense
    held = ledger.balances(book, [a.code for a in ledger.accounts(book).filter(node__code="2510")], as_of)
    due_to_investors = sum(held.values(), from_minor(0, book.base_currency))
    if due_to_investors:
        url = f"{reverse('desk:investors', args=[book.code])}?as_of={as_of}"
        facts.append(Fact("Held for investors", money(due_to_investors), "paid in or come back", url))
    return [*facts, Fact("The fund’s own", money(total + due_to_investors), total=True)]


def _account_url(book: Book, account: int, as_of: date) -> str:
    return f"{reverse('desk:account', args=[book.code, account])}?to={as_of}"


def _figures(rows: Sequence[LoanRow], book: Book) -> list[Figure]:
    nought = from_minor(0, book.base_currency)
    running = [row for row in rows if row.position.principal_outstanding]
    principal = sum((row.position.principal_outstanding for row in running), nought)
    late = [row for row in running if row.position.days_past_due > LATE_DAYS]
    at_risk = sum((row.position.principal_outstanding for row in late), nought)
    arrears = sum((row.position.arrears for row in running), nought)
    weighted = sum((row.rate * row.position.principal_outstanding.amount for row in running), Decimal(0))
    rate = weighted / principal.amount if principal else None
    undrawn = sum((row.position.undrawn for row in rows), nought)
    loans = reverse("desk:loans", args=[book.code])
    return [
        Figure(
            "Principal outstanding", money(principal), f"{len(running)} loan{'s' if len(running) != 1 else ''}", loans
        ),
        Figure("In arrears", money(arrears), "unpaid after its due date", loans, "late" if arrears else ""),
        Figure(
            "Over 30 days late (PAR 30)",
            percent(at_risk.amount / principal.amount, 1) if principal else "–",
            f"{money(at_risk)} on {len(late)} loan{'s' if len(late) != 1 else ''}",
            loans,
            "late" if late else "",
        ),
        Figure("Average nominal rate", percent(rate, 2) if rate is not None else "–", "weighted by principal", loans),
        Figure("Agreed, not drawn", money(undrawn), "waiting for drawdown", loans),
    ]
