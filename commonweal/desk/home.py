"""What needs me, what falls due, how much cash there is, and how the portfolio stands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import books_for, other_books_of
from commonweal.components import Fact, Figure
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.portfolio import bands, loan_rows
from commonweal.desk.waiting import next_close, todos
from commonweal.templatetags.commonweal import day, figure, money, percent
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.loan_list import expected, loan_list, loans_due, undrawn
from loans.portfolio import Summary, summary

if TYPE_CHECKING:
    from ledger.models import Book

WEEKS = timedelta(days=28)
SHOWN = 10
"""Loans of a list that the home page shows."""

DUE_TO_INVESTORS = "2510"
OF_OTHERS = (
    ("1020", "On its way to borrowers", "drawn, and not yet paid out by the bank"),
    ("2110", "Repaid in advance", "kept for instalments to come"),
    (DUE_TO_INVESTORS, "Held for investors", "paid in or come back"),
)
"""Lines of the chart whose money lies on the bank accounts and is not the fund's own."""


def home(request: PersonRequest) -> HttpResponse:
    """Send a member of staff to the first of their books."""
    first = books_for(request.user).order_by("name").first()
    return redirect("desk:book", first.code) if first else redirect("public:nowhere")


def book_home(request: PersonRequest, book: str) -> HttpResponse:
    """The home of a book as at a date; what waits, waits now."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    stands, found = summary(of, as_of), loan_list(of, as_of)
    context = {
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "other_books": list(other_books_of(request.user, of)),
        "todos": (waiting := todos(of, request.user)),
        "next_close": "" if waiting else next_close(of),
        "rows": loan_rows(found[:SHOWN], as_of),
        "number": found.count(),
        "shown": SHOWN,
        "totals": {
            "arrears": from_minor(stands.arrears, of.base_currency),
            "principal": from_minor(stands.principal, of.base_currency),
        },
        "bands": bands(stands, of),
        "running": stands.loans,
        "due": loan_rows(loans_due(of, as_of, as_of + WEEKS)[:SHOWN], as_of),
        "due_to": as_of + WEEKS,
        "expected": expected(of, as_of, as_of + WEEKS),
        "cash": _cash(of, as_of),
        "figures": _figures(stands, of, as_of),
    }
    return desk_page(request, "desk/home.html", of, section="desk:book", context=context)


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


def _figures(stands: Summary, book: Book, as_of: date) -> list[Figure]:
    principal, arrears, not_drawn, at_risk = (
        from_minor(units, book.base_currency)
        for units in (stands.principal, stands.arrears, undrawn(book, as_of), stands.at_risk[0].principal)
    )
    return [
        Figure("Principal outstanding", money(principal), counted(stands.loans), list_of(book, as_of, "running")),
        Figure(
            "In arrears",
            money(arrears),
            "unpaid after its due date",
            list_of(book, as_of, "late"),
            "late" if arrears else "",
        ),
        Figure(
            "Over 30 days late (PAR 30)",
            percent(stands.share(stands.at_risk[0].principal), 1),
            f"{money(at_risk)} on {counted(stands.at_risk[0].loans)}",
            list_of(book, as_of, "late-30"),
            "late" if at_risk else "",
        ),
        Figure(
            "Average nominal rate",
            percent(stands.weighted_rate, 2),
            "weighted by principal",
            f"{reverse('desk:portfolio', args=[book.code])}?as_of={as_of}",
        ),
        Figure("Agreed, not drawn", money(not_drawn), "waiting for drawdown", list_of(book, as_of, "undrawn")),
    ]


def counted(number: int) -> str:
    """So many loans, in words."""
    return f"{figure(number)} loan{'' if number == 1 else 's'}"


def list_of(book: Book, as_of: date, status: str) -> str:
    """The list of loans behind a key figure."""
    return f"{reverse('desk:loans', args=[book.code])}?as_of={as_of}&status={status}"
