"""What needs me, what falls due, how much cash there is, and how the portfolio stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import books_for
from commonweal.components import Fact, Figure
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.portfolio import LAST_DAYS, LoanRow, bands, portfolio_rows, totals
from commonweal.desk.waiting import todos
from commonweal.templatetags.commonweal import day, money, percent
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

WEEKS = timedelta(days=28)
RISK_DAYS = LAST_DAYS[1]
"""A loan later than this counts as at risk."""

DUE_TO_INVESTORS = "2510"
OF_OTHERS = (
    ("1020", "On its way to borrowers", "drawn, and not yet paid out by the bank"),
    ("2110", "Repaid in advance", "kept for instalments to come"),
    (DUE_TO_INVESTORS, "Held for investors", "paid in or come back"),
)
"""Lines of the chart whose money lies on the bank accounts and is not the fund's own."""


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
    """The home of a book as at a date; what waits, waits now."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    rows = portfolio_rows(of, as_of)
    now = rows if as_of == of.business_date else portfolio_rows(of, of.business_date)
    due = _due(rows, as_of)
    nought = from_minor(0, of.base_currency)
    context = {
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "todos": todos(of, now),
        "rows": rows,
        "totals": totals(rows, of),
        "bands": bands(rows, of),
        "running": sum(row.is_running for row in rows),
        "due": due,
        "due_to": as_of + WEEKS,
        "due_total": sum((row.amount for row in due), nought),
        "cash": _cash(of, as_of),
        "figures": _figures(rows, of, as_of),
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
        statement = ledger.latest_bank_statement(bank, through=as_of)
        note = f"agreed with the bank to {day(statement.to_on)}" if statement else "no bank statement by then"
        facts.append(Fact(bank.name, money(stands), note, _account_url(book, bank.account_id, as_of), number=True))
        suspense = ledger.balance(bank.suspense, as_of)
        if suspense:
            url = _account_url(book, bank.suspense_id, as_of)
            facts.append(Fact("In suspense", money(suspense), "not matched yet", url, number=True))
        total += stands + suspense
    for node, label, note in OF_OTHERS:
        of_others = _on(book, node, as_of)
        if of_others:
            url = (
                f"{reverse('desk:investors', args=[book.code])}{as_at(as_of, book)}" if node == DUE_TO_INVESTORS else ""
            )
            facts.append(Fact(label, money(of_others), note, url, number=True))
        total += of_others
    return [*facts, Fact("The fund’s own", money(total), total=True)]


def _on(book: Book, node: str, as_of: date) -> Money:
    """What the accounts of a line of the chart stand at together; what the fund holds for itself is not of others."""
    own = Investor.objects.filter(kind=InvestorKind.OWN_FUNDS).values("code")
    codes = [account.code for account in ledger.accounts(book).filter(node__code=node).exclude(subject__in=own)]
    return sum(ledger.balances(book, codes, as_of).values(), from_minor(0, book.base_currency))


def _account_url(book: Book, account: int, as_of: date) -> str:
    return f"{reverse('desk:account', args=[book.code, account])}?to={as_of}"


def _figures(rows: Sequence[LoanRow], book: Book, as_of: date) -> list[Figure]:
    running = [row for row in rows if row.is_running]
    late = [row for row in running if row.position.days_past_due > RISK_DAYS]
    sums, at_risk = totals(running, book), totals(late, book)["principal"]
    principal, arrears = sums["principal"], sums["arrears"]
    weighted = sum((row.rate * row.position.principal_outstanding.amount for row in running), Decimal(0))
    undrawn = sum((row.position.undrawn for row in rows), from_minor(0, book.base_currency))
    return [
        Figure("Principal outstanding", money(principal), _loans(running), _list(book, as_of, "running")),
        Figure(
            "In arrears",
            money(arrears),
            "unpaid after its due date",
            _list(book, as_of, "late"),
            "late" if arrears else "",
        ),
        Figure(
            "Over 30 days late (PAR 30)",
            percent(at_risk.amount / principal.amount, 1) if principal else "–",
            f"{money(at_risk)} on {_loans(late)}",
            _list(book, as_of, "late"),
            "late" if late else "",
        ),
        Figure(
            "Average nominal rate",
            percent(weighted / principal.amount, 2) if principal else "–",
            "weighted by principal",
            _list(book, as_of, "running"),
        ),
        Figure("Agreed, not drawn", money(undrawn), "waiting for drawdown", _list(book, as_of, "undrawn")),
    ]


def _loans(rows: Sequence[LoanRow]) -> str:
    return f"{len(rows)} loan{'' if len(rows) == 1 else 's'}"


def _list(book: Book, as_of: date, status: str) -> str:
    """The list of loans behind a key figure."""
    return f"{reverse('desk:loans', args=[book.code])}?as_of={as_of}&status={status}"
