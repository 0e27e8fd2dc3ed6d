"""Deals that another publisher told of, at the desk: a SEDL file is tried, looked at, and brought in as records.

They are records and never loans: no entry is behind them, and they stand in no total. The same file again makes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Figure, Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.sent_file import SentFile, sent_file
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.refusals import REFUSALS
from commonweal.open_data.records import TriedDeal, bring_in_records, deal_records, tried_deals
from ledger.files import MAX_FILE_BYTES
from ledger.services import keep_json

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:statements"
PURPOSE = "deal-records"
PER_PAGE = 50


class DealFileForm(PlainForm):
    """The file of another publisher."""

    file = forms.FileField(
        label="File",
        help_text="Deals in SEDL, as JSON, of at most 10 MB.",
        error_messages={"required": "Choose a file of deals in SEDL", "empty": "The file is empty. Fetch it anew"},
    )

    def clean_file(self) -> Any:
        """Raise ValidationError for a file that is too large to look at here."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes, and {MAX_FILE_BYTES:,} can be taken here. Split it, or use "
                "manage.py import_open_data."
            )
        return file


def records(request: PersonRequest, book: str) -> HttpResponse:
    """The deals that were brought in; a post tries another file, and keeps it where it can be read."""
    of = book_of(request, book)
    form = DealFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            upload = form.cleaned_data["file"]
            content = upload.read()
            tried_deals(book=of, content=content)
            kept = keep_json(name=upload.name, content=content, by=request.user)
            sent = SentFile(PURPOSE, of.pk, kept.pk, upload.name)
            query = urlencode({"sent": sent.token})
            return redirect(f"{reverse('desk:deal-records-try', args=[of.code])}?{query}")
    return _list(request, of, form)


def try_file(request: PersonRequest, book: str) -> HttpResponse:
    """What would come of a file that was sent; a post brings it in."""
    of = book_of(request, book)
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("sent"):
        return redirect("desk:deal-records", of.code)
    sent = sent_file(PURPOSE, of, asked["sent"])
    try:
        if request.method == "POST":
            return _brought_in(request, of, sent)
        tried = tried_deals(book=of, content=sent.content)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:deal-records", of.code)
    if file := download(request, _tried_sheet(of, tried)):
        return file
    new = [deal for deal in tried if deal.is_new]
    context = {
        "sent": sent,
        "tried": Paginator(tried, PER_PAGE).get_page(request.GET.get("page")),
        "new": len(new),
        "figures": _figures(tried, new),
        "why_not_bring": why_not(request.user, "desk:deal-records-try", "POST", book=of.pk),
    }
    crumbs = [*_crumbs(of), Link("Deals of others", reverse("desk:deal-records", args=[of.code])), Link(sent.name)]
    return desk_page(request, "desk/deal_records/try.html", of, section=SECTION, crumbs=crumbs, context=context)


def _brought_in(request: PersonRequest, book: Book, sent: SentFile) -> HttpResponse:
    done = bring_in_records(book=book, content=sent.content, by=request.user)
    some = f"{done.new} of {done.deals} deals are kept as records"
    kept = some if done.new else "Nothing was new, so nothing was kept"
    messages.success(request, f"{sent.name}: {kept}. No loan was made.")
    return redirect("desk:deal-records", book.code)


def _figures(tried: Sequence[TriedDeal], new: Sequence[TriedDeal]) -> list[Figure]:
    businesses = {deal.business for deal in new if deal.stands is None}
    return [
        Figure("Deals in the file", str(len(tried)), "each told of by its identifier"),
        Figure("New here", str(len(new)), "would be kept as records"),
        Figure("Businesses to be registered", str(len(businesses)), "the others stand here already"),
        Figure("Loans to be made", "0", "records are in no total of the ledger"),
    ]


def _list(request: PersonRequest, book: Book, form: DealFileForm) -> HttpResponse:
    found = deal_records(book).select_related("brought_in_by")
    headings = ("Deal", "Identifier", "Date", "Business", "Brought in by", "Brought in at", "SHA-256 of the file")
    rows = (
        (
            *(one.title, one.code, one.deal_date, str(one.organisation), str(one.brought_in_by)),
            *(one.brought_in_at.date(), one.source_sha256),
        )
        for one in found
    )
    if file := download(request, Sheet(f"deals-of-others-{book.code}", headings, rows)):
        return file
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "why_not_try": why_not(request.user, "desk:deal-records", "POST", book=book.pk),
    }
    crumbs = [*_crumbs(book), Link("Deals of others")]
    return desk_page(request, "desk/deal_records/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def _tried_sheet(book: Book, tried: Sequence[TriedDeal]) -> Sheet:
    headings = ("Deal", "Identifier", "Date", "Business", "Currency", "Value", "Deal is", "Business is")
    rows = [
        (
            *(deal.title, deal.code, deal.deal_date, deal.business, deal.currency, deal.value),
            *("new" if deal.is_new else "kept already", "registered" if deal.stands else "new"),
        )
        for deal in tried
    ]
    return Sheet(f"deals-tried-{book.code}", headings, rows)


def _crumbs(book: Book) -> list[Link]:
    return [
        Link("Statements", reverse(SECTION, args=[book.code])),
        Link("Open data", reverse("desk:open-data", args=[book.code])),
    ]
