"""How a bank's CSV is read: proposed from the file, looked at on its first lines, and confirmed by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import CsvMappingForm, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.sent_file import SentFile, sent_file
from commonweal.jobs.banking import CsvPreview, ask_to_bring_in, preview_of_csv, proposed_mapping
from commonweal.jobs.refusals import REFUSALS
from ledger import queries as ledger
from ledger.domain.csv_mapping import CsvMapping
from ledger.services import MAX_BANK_FILE_BYTES, bank_account_of_csv, keep_csv_mapping

if TYPE_CHECKING:
    from ledger.models import BankAccount, Book

SECTION = "desk:repayments"
PURPOSE = "bank-csv"


def mapping_url(book: Book, bank_account: BankAccount, sent: SentFile) -> str:
    """The page on which a file's mapping is looked at."""
    query = urlencode({"bank_account": bank_account.code, "sent": sent.token})
    return f"{reverse('desk:bank-csv', args=[book.code])}?{query}"


def bank_csv(request: PersonRequest, book: str) -> HttpResponse:
    """The mappings in force; with a file, how it would be read, and the way to say it otherwise and to confirm."""
    of = book_of(request, book)
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("sent"):
        return _mappings(request, of)
    sent = sent_file(PURPOSE, of, asked["sent"])
    bank_account = _bank_account(of, asked.get("bank_account", ""))
    if request.method == "GET":
        return _first_look(request, of, bank_account, sent)
    form = CsvMappingForm(request.POST, content=sent.content)
    if form.is_valid() and "confirm" in request.POST:
        with refusals_in(form), transaction.atomic():
            return _confirmed(request, of, bank_account, sent, form.mapping)
    return _page(request, of, bank_account, sent, form)


def _confirmed(
    request: PersonRequest, book: Book, bank_account: BankAccount, sent: SentFile, mapping: CsvMapping
) -> HttpResponse:
    keep_csv_mapping(
        bank_account=bank_account,
        mapping=mapping,
        content=sent.content,
        by=request.user,
        max_bytes=MAX_BANK_FILE_BYTES,
    )
    job = ask_to_bring_in(
        book=book, attachment=sent.attachment, name=sent.name, bank_account=bank_account.code, by=request.user
    )
    messages.success(request, f"CSV files of {bank_account} are read so from now on.")
    return redirect("desk:job", book.code, job.pk)


def _first_look(request: PersonRequest, book: Book, bank_account: BankAccount, sent: SentFile) -> HttpResponse:
    """What the file suggests, which is begun anew where the mapping in force does not fit any more."""
    try:
        proposed = proposed_mapping(bank_account, sent.content)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:repayments", book.code)
    form = CsvMappingForm(initial=proposed.as_json(), content=sent.content)
    return _page(request, book, bank_account, sent, form, proposed)


def _page(
    request: PersonRequest,
    book: Book,
    bank_account: BankAccount,
    sent: SentFile,
    form: CsvMappingForm,
    mapping: CsvMapping | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "sent": sent,
        "bank_account": bank_account,
        "in_force": ledger.csv_mapping(bank_account),
        "preview": _preview(bank_account, sent, mapping or form.mapping_if_valid),
        "panels": [(name, [form[field] for field in names]) for name, names in PANELS],
    }
    crumbs = [Link("Repayments", reverse(SECTION, args=[book.code])), Link("Columns of a CSV")]
    return desk_page(request, "desk/repayments/csv.html", book, section=SECTION, crumbs=crumbs, context=context)


PANELS = (
    ("When and how much", ("date", "date_format", "amount", "debit", "credit", "sign", "balance")),
    ("Who and what for", ("counterparty", "reference", "description", "bank_reference")),
    ("The file itself", ("delimiter", "encoding", "header_row", "decimal_comma", "value_date", "account", "currency")),
)


def _preview(bank_account: BankAccount, sent: SentFile, mapping: CsvMapping | None) -> CsvPreview | None:
    return None if mapping is None else preview_of_csv(bank_account, mapping, sent.content)


def _mappings(request: PersonRequest, book: Book) -> HttpResponse:
    found: list[dict[str, Any]] = [
        {"bank_account": each, "in_force": ledger.csv_mapping(each)} for each in ledger.bank_accounts(book)
    ]
    for each in found:
        each["columns"] = _columns(each["in_force"].mapping) if each["in_force"] else []
    crumbs = [Link("Repayments", reverse(SECTION, args=[book.code])), Link("Columns of a CSV")]
    return desk_page(
        request, "desk/repayments/csvs.html", book, section=SECTION, crumbs=crumbs, context={"found": found}
    )


def _columns(mapping: CsvMapping) -> list[tuple[str, str]]:
    labels = CsvMappingForm.base_fields
    return [(str(labels[name].label), heading) for name, heading in mapping.columns.items()]


def _bank_account(book: Book, code: str) -> BankAccount:
    try:
        return bank_account_of_csv(book=book, bank_account=code)
    except REFUSALS as refusal:
        raise Http404 from refusal
