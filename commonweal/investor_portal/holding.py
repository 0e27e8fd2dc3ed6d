"""Which entries make a figure? The statement of one holding, and of the money that the fund holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.documents.list_files import Sheet, download
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS
from investors.domain.entries import due_to_investor, participation_in_principal
from investors.queries import CHANGED_HANDS, holdings
from ledger import queries as ledger
from ledger.domain.entry import Kind


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as its investor sees it: what is the investor's counts as positive."""

    on: date
    entry_id: int
    what: str
    change: Money
    balance: Money


def holding(request: PersonRequest, loan: int) -> HttpResponse:
    """What was funded and what came back of one loan."""
    about = _about(request)
    had = holdings(about.investor, about.book, about.as_of, and_sold=True)
    found = next((one for one in had if one.loan.pk == loan), None)
    if found is None:
        raise Http404
    code = participation_in_principal(found.loan.reference, about.investor.code)
    agreed = f" Your terms: {found.own_terms}." if found.own_terms else ""
    note = (
        f"{found.loan.organisation.place}, {found.loan}, rank {found.rank} of {found.ranks}. {found.rule.words}{agreed}"
    )
    return _page(request, about, code, f"Your part of the loan to {found.loan.organisation}", note)


def cash(request: PersonRequest) -> HttpResponse:
    """What was paid in, lent and come back."""
    about = _about(request)
    note = "Paid in or come back, and neither lent nor paid out to you"
    return _page(request, about, due_to_investor(about.investor.code), "Money that the fund holds for you", note)


def _about(request: PersonRequest) -> Standing:
    about = standing(request)
    if about is None:
        raise Http404
    return about


def _page(request: PersonRequest, about: Standing, code: str, title: str, note: str) -> HttpResponse:
    account = ledger.account(about.book, code)
    if account is None:
        raise Http404
    statement = ledger.account_statement(account, min(account.opened_on, about.as_of), about.as_of)
    rows = [_row(row) for row in statement.rows]
    name = code.replace("/", "-")
    return entries_page(request, about, name=name, title=title, note=note, rows=rows, closing=-statement.closing)


def entries_page(
    request: PersonRequest, about: Standing, *, name: str, title: str, note: str, rows: Sequence[Row], closing: Money
) -> HttpResponse:
    """Entries in order with what they add up to, as a page or as a file of that name."""
    listed = [(row.on, row.what, f"E-{row.entry_id}", row.change, row.balance) for row in rows]
    headings = ("Date", "What", "Entry", "Change", "Balance")
    if file := download(request, Sheet(f"entries-{name}-{about.as_of}", headings, listed)):
        return file
    context = {
        "title": title,
        "note": note,
        "rows": rows,
        "closing": closing,
        "as_of": about.as_of,
        "sign": SYMBOLS.get(about.book.base_currency, about.book.base_currency),
    }
    crumbs = [Link("My money", reverse("investor:home") + about.query), Link(title)]
    return portal_page(
        request, "investor_portal/entries.html", about, section="investor:home", crumbs=crumbs, context=context
    )


def _row(row: ledger.StatementRow) -> Row:
    what = what_happened(row.kind, row.narrative, gives=row.amount.amount < 0)
    return Row(row.effective_on, row.entry_id, what, -row.amount, -row.balance)


def what_happened(kind: str, narrative: str, *, gives: bool) -> str:
    """What an entry was: of the lenders' side of one the words of the loan's own entry, "Repayment of L-0108"; where
    parts changed hands, whether the investor gave money for one."""
    if kind == Kind.CONTRIBUTION:
        return "Paid in by you"
    if kind == Kind.PAYOUT:
        return "Paid out to you"
    if narrative == CHANGED_HANDS:
        return "Bought from another lender" if gives else "Sold to another lender"
    return narrative.partition(": ")[2] if kind == Kind.APPORTIONMENT else narrative
