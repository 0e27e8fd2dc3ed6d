"""Money at the bank: files brought in, lines matched or waiting, and matching by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import Fact, Link
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.forms import BankFileForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.services import enqueue
from commonweal.templatetags.commonweal import day, money
from investors.services import apportion
from ledger import queries as ledger
from ledger.domain.money import from_minor
from ledger.queries import Book
from ledger.services import keep_bank_file
from loans.services import record_repayment

SECTION = "desk:repayments"


def repayments(request: PersonRequest, book: str) -> HttpResponse:
    """Bank lines: what waits first, then all of them; and the way to bring in a file."""
    of = book_of(request, book)
    return _page(request, of, BankFileForm())


def bank_import(request: PersonRequest, book: str) -> HttpResponse:
    """Keep an uploaded file and ask for its import; the job's page tells how it goes."""
    of = book_of(request, book)
    form = BankFileForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form), transaction.atomic():
            upload = form.cleaned_data["file"]
            kept = keep_bank_file(name=upload.name, content=upload.read(), by=request.user)
            job = enqueue(
                kind="import_bank",
                arguments={"book": of.code, "attachment": kept.pk, "name": upload.name},
                by=request.user,
                book=of,
            )
            return redirect("desk:job", of.code, job.pk)
    return _page(request, of, form)


def bank_line(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """One bank line that waits: what the bank said, and the loans that it could be for."""
    of = book_of(request, book)
    found = get_object_or_404(ledger.unmatched_bank_lines(of), pk=line)
    amount = from_minor(found.rest, found.bank_account.currency)
    context = {
        "line": found,
        "amount": amount,
        "facts": [
            Fact("Booked", day(found.booked_on)),
            Fact("From or to", found.counterparty or "–"),
            Fact("Reference", found.reference or "–"),
            Fact("What the bank says", found.description or "–"),
            Fact("Bank account", found.bank_account.name),
            Fact("Left in suspense", money(amount), number=True, total=True),
        ],
        "loans": loans_for(request.user).filter(book=of).select_related("organisation").order_by("reference"),
        "why_not_match": why_not(request.user, "desk:bank-line-match", "POST", book=of.pk),
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[of.code])), Link("Bank line")]
    return desk_page(request, "desk/repayments/line.html", of, section=SECTION, crumbs=crumbs, context=context)


def bank_line_match(request: PersonRequest, book: str, line: int) -> HttpResponse:
    """Match a line of money received to a loan, as a repayment on the day the bank booked it."""
    of = book_of(request, book)
    found = get_object_or_404(ledger.unmatched_bank_lines(of), pk=line)
    chosen = request.POST.get("loan", "")
    loan = get_object_or_404(loans_for(request.user), pk=int(chosen) if chosen.isdigit() else 0, book=of)
    try:
        with transaction.atomic():
            record_repayment(
                loan=loan,
                amount=from_minor(found.rest, found.bank_account.currency),
                on=found.booked_on,
                bank_account=found.bank_account.code,
                bank_line_id=found.pk,
                by=request.user,
                key=f"bank-line:{found.pk}:by-hand:{found.matches.count()}",
            )
            apportion(loan=loan, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:bank-line", of.code, found.pk)
    messages.success(request, f"The bank line of {day(found.booked_on)} is a repayment of {loan}.")
    return redirect("desk:loan", of.code, loan.pk)


def _page(request: PersonRequest, book: Book, form: BankFileForm) -> HttpResponse:
    lines = ledger.bank_lines(book)
    headings = ("Booked", "From or to", "Reference", "Description", "Amount", "Bank reference")
    if request.GET.get("download"):
        rows = [
            (x.booked_on, x.counterparty, x.reference, x.description, ledger.bank_line_amount(x), x.bank_reference)
            for x in lines
        ]
        if file := download(request, Sheet(f"bank-lines-{book.code}", headings, rows)):
            return file
    waiting = [(line, from_minor(line.rest, line.bank_account.currency)) for line in ledger.unmatched_bank_lines(book)]
    page = Paginator(lines, 30).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "sign": sign(book),
        "waiting": waiting,
        "page": page,
        "shown": [(line, ledger.bank_line_amount(line)) for line in page],
        "reconciled": [_reconciled(book, bank) for bank in ledger.bank_accounts(book)],
        "why_not_import": why_not(request.user, "desk:bank-import", "POST", book=book.pk),
    }
    return desk_page(request, "desk/repayments/list.html", book, section=SECTION, context=context)


def _reconciled(book: Book, bank: ledger.BankAccount) -> dict[str, object]:
    """How far a bank account agrees with the bank."""
    statement = ledger.latest_bank_statement(bank)
    if statement is None:
        return {"bank": bank, "statement": None}
    books_say = ledger.balance(bank.account, statement.to_on)
    bank_says = from_minor(statement.closing, bank.currency)
    return {
        "bank": bank,
        "statement": statement,
        "bank_says": bank_says,
        "books_say": books_say,
        "agrees": books_say == bank_says,
        "url": f"{reverse('desk:account', args=[book.code, bank.account_id])}?to={statement.to_on}",
    }
