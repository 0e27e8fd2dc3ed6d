"""Money at the bank: files brought in, and every line with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.bank_csv import PURPOSE, mapping_url
from commonweal.desk.bank_suggested import suggested_for
from commonweal.desk.forms import BankFileForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.sent_file import SentFile
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.banking import ask_to_bring_in, csv_is_mapped
from ledger import queries as ledger
from ledger.bank_formats import format_of
from ledger.domain.money import from_minor
from ledger.services import bank_account_of_csv, keep_bank_file

if TYPE_CHECKING:
    from ledger.models import BankAccount, BankStatementLine, Book

SECTION = "desk:repayments"
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class LineShown:
    """A bank line with what is left of it in suspense, and the entries that took the rest out."""

    line: BankStatementLine
    amount: Money
    rest: Money
    entries: list[int]

    @property
    def state(self) -> tuple[str, str]:
        """What became of it, as a word and a shape."""
        if not self.rest:
            return "good", "Matched"
        return ("watch", "Part matched") if self.entries else ("ask", "Waiting")


def repayments(request: PersonRequest, book: str) -> HttpResponse:
    """Bank lines: what waits first, then all of them; and the way to bring in a file."""
    of = book_of(request, book)
    if request.GET.get("download") and (file := download(request, _sheet(of))):
        return file
    return _page(request, of, _file_form(of))


def bank_import(request: PersonRequest, book: str) -> HttpResponse:
    """Keep an uploaded file and ask for its import; the job's page tells how it goes."""
    of = book_of(request, book)
    form = _file_form(of, request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form), transaction.atomic():
            return _brought_in(request, of, form.cleaned_data)
    return _page(request, of, form)


def _brought_in(request: PersonRequest, book: Book, given: dict[str, Any]) -> HttpResponse:
    """Leads to the job, or where the columns of a CSV are not known yet, to the page that maps them."""
    upload, code = given["file"], given.get("bank_account", "")
    content = upload.read()
    kept = keep_bank_file(name=upload.name, content=content, by=request.user)
    if format_of(content).is_mapped:
        bank_account = bank_account_of_csv(book=book, bank_account=code)
        if not csv_is_mapped(bank_account, content):
            return redirect(mapping_url(book, bank_account, SentFile(PURPOSE, book.pk, kept.pk, upload.name)))
    job = ask_to_bring_in(book=book, attachment=kept.pk, name=upload.name, bank_account=code, by=request.user)
    return redirect("desk:job", book.code, job.pk)


def _file_form(book: Book, *sent: Any) -> BankFileForm:
    return BankFileForm(*sent, accounts=[(each.code, each.name) for each in ledger.bank_accounts(book)])


def lines_of(book: Book) -> QuerySet[BankStatementLine]:
    """The bank lines of a book, the latest first, with what is left of each and what took the rest."""
    found = ledger.bank_lines_with_rest().filter(bank_account__book=book).select_related("bank_account", "statement")
    return found.order_by("-booked_on", "-pk")


def lines_shown(lines: Iterable[BankStatementLine]) -> list[LineShown]:
    """Lines of `lines_of` as the pages show them, in a fixed number of queries."""
    found = list(lines)
    prefetch_related_objects(found, "matches__entry__reversed_by")
    return [_shown(line) for line in found]


def _shown(line: BankStatementLine) -> LineShown:
    standing = [match.entry_id for match in line.matches.all() if getattr(match.entry, "reversed_by", None) is None]
    return LineShown(line, ledger.bank_line_amount(line), ledger.rest_of_bank_line(line), sorted(standing))


def _page(request: PersonRequest, book: Book, form: BankFileForm) -> HttpResponse:
    lines = lines_of(book)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    waits = lines.filter(pk__in=ledger.unmatched_bank_lines(book).values("pk"))
    waiting = Paginator(waits, PER_PAGE).get_page(request.GET.get("waiting"))
    shown = lines_shown([*waiting, *page])
    found = suggested_for(book, [one.line for one in shown[: len(waiting)]])
    context = {
        "form": form,
        "sign": sign(book),
        "waiting": [(one, next(iter(found[one.line.pk]), None)) for one in shown[: len(waiting)]],
        "waiting_page": waiting,
        "page": page,
        "shown": shown[len(waiting) :],
        "reconciled": [_reconciled(book, bank) for bank in ledger.bank_accounts(book)],
        "why_not_match": why_not(request.user, "desk:bank-lines-match", "POST", book=book.pk),
        "why_not_import": why_not(request.user, "desk:bank-import", "POST", book=book.pk),
    }
    return desk_page(request, "desk/repayments/list.html", book, section=SECTION, context=context)


def _sheet(book: Book) -> Sheet:
    headings = ("Booked", "From or to", "Reference", "Description", "Amount", "In suspense", "Bank reference")
    rows = [
        (
            x.line.booked_on,
            x.line.counterparty,
            x.line.reference,
            x.line.description,
            x.amount,
            x.rest,
            x.line.bank_reference,
        )
        for x in lines_shown(lines_of(book))
    ]
    return Sheet(f"bank-lines-{book.code}", headings, rows)


def _reconciled(book: Book, bank: BankAccount) -> dict[str, object]:
    """How far a bank account agrees with the bank."""
    statement, last = ledger.latest_bank_statement(bank), ledger.last_bank_statement_in(bank)
    if statement is None or statement.closing is None:
        return {"bank": bank, "statement": None, "last": last}
    books_say = ledger.balance(bank.account, statement.to_on)
    bank_says = from_minor(statement.closing, bank.currency)
    return {
        "bank": bank,
        "statement": statement,
        "last": last,
        "bank_says": bank_says,
        "books_say": books_say,
        "difference": books_say - bank_says,
        "url": f"{reverse('desk:account', args=[book.code, bank.account_id])}?to={statement.to_on}",
    }
