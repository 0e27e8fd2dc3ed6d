"""A bank account at the desk: each statement beside the books, the days without a file, and what waits on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.repayments import PER_PAGE, SECTION, lines_shown
from commonweal.documents.list_files import Sheet, download
from ledger import queries as ledger
from ledger.domain.money import from_minor
from ledger.queries import ComparedStatement

if TYPE_CHECKING:
    from ledger.models import BankAccount, Book

HEADINGS = (
    "Statement",
    "From",
    "To",
    "File",
    "Lines",
    "Opening",
    "Books before",
    "Closing",
    "Books",
    "Difference",
    "No file from",
    "No file to",
)


def reconciliation(request: PersonRequest, book: str, bank_id: int) -> HttpResponse:
    """Every statement of a bank account beside the books, what does not agree first named, then listed."""
    of = book_of(request, book)
    account = get_object_or_404(ledger.bank_accounts(of), pk=bank_id)
    found = ledger.compared_statements(account)
    if request.GET.get("download") and (file := download(request, _sheet(account, found))):
        return file
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    waits = ledger.unmatched_bank_lines(of).filter(bank_account=account)
    waiting = Paginator(waits, PER_PAGE).get_page(request.GET.get("waiting"))
    context = {
        "bank": account,
        "page": page,
        "to_explain": [one for one in found if not one.agrees],
        "compared": sum(1 for one in found if one.closing is not None),
        "waiting": lines_shown(waiting),
        "waiting_page": waiting,
        "suspense": _in_suspense(of, account),
        "sign": sign(of),
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[of.code])), Link(account.name)]
    return desk_page(
        request, "desk/repayments/reconciliation.html", of, section=SECTION, crumbs=crumbs, context=context
    )


def _in_suspense(book: Book, bank: BankAccount) -> Money:
    """What suspense holds of the account today, money that came in as positive."""
    return -ledger.balance(bank.suspense, book.business_date) or from_minor(0, bank.currency)


def _sheet(bank: BankAccount, found: list[ComparedStatement]) -> Sheet:
    rows = [
        (
            one.statement.statement_id,
            one.statement.from_on,
            one.statement.to_on,
            one.statement.file_name,
            one.lines,
            one.opening,
            one.books_before,
            one.closing,
            one.books,
            one.difference,
            one.no_file_from,
            one.no_file_to,
        )
        for one in found
    ]
    return Sheet(f"reconciliation-{bank.code}", HEADINGS, rows)
