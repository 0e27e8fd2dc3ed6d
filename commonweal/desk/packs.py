"""Auditor's packs at the desk: asking for one, what was made, and downloading it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import packs_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.download import document_response
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.auditors_pack import ask_for_pack, days_on_offer, pack_days

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:periods"
PER_PAGE = 30


class PackForm(PlainForm):
    """Of which days a pack is made."""

    days = forms.ChoiceField(
        label="Days",
        help_text="A financial year, this year so far, or a period. Days that are not closed are marked so everywhere.",
        error_messages={"required": "Choose the days"},
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.key: one for one in days_on_offer(book)}
        field = self.fields["days"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, one.name) for key, one in self.offered.items()]
            field.initial = self._usual()

    def _usual(self) -> str:
        """The latest financial year that is over; else what there is."""
        year = [key for key, one in self.offered.items() if one.name.startswith("Financial year")]
        return next(iter((*year, *self.offered)), "")


def packs(request: PersonRequest, book: str) -> HttpResponse:
    """The packs that were made, and the form that asks for one."""
    of = book_of(request, book)
    if request.GET.get("download") and (file := download(request, _sheet(request, of))):
        return file
    return _page(request, of, PackForm(book=of))


def pack_make(request: PersonRequest, book: str) -> HttpResponse:
    """Ask for a pack; the job's page tells how it goes."""
    of = book_of(request, book)
    form = PackForm(request.POST, book=of)
    if form.is_valid():
        with refusals_in(form):
            chosen = form.offered[form.cleaned_data["days"]]
            days = pack_days(of, chosen.last_day, chosen.starts_on)
            job = ask_for_pack(book=of, days=days, by=request.user)
            return redirect("desk:job", of.code, job.pk)
    return _page(request, of, form)


def pack(request: PersonRequest, book: str, pack: int) -> HttpResponse:
    """A pack, as one ZIP; the reading is recorded."""
    of = book_of(request, book)
    return document_response(request.user, get_object_or_404(packs_for(request.user), pk=pack, book=of))


def _page(request: PersonRequest, book: Book, form: PackForm) -> HttpResponse:
    context = {
        "form": form,
        "page": Paginator(_made(request, book), PER_PAGE).get_page(request.GET.get("page")),
        "why_not_make": why_not(request.user, "desk:pack-make", "POST", book=book.pk),
        "why_not_download": why_not(request.user, "desk:pack", "GET", book=book.pk),
    }
    crumbs = [Link("Month end", reverse(SECTION, args=[book.code])), Link("Auditor’s packs")]
    return desk_page(request, "desk/packs/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def _made(request: PersonRequest, book: Book) -> QuerySet[Any]:
    found = packs_for(request.user).filter(book=book).select_related("issued_by", "replaced_by")
    return found.order_by("-period_end", "-period_start", "-revision")


def _sheet(request: PersonRequest, book: Book) -> Sheet:
    headings = ("Pack", "First day", "Last day", "State", "Made by", "Made on", "Bytes", "SHA-256", "Seal")
    rows = [
        (
            pack.file_name,
            pack.period_start,
            pack.last_day,
            pack.get_status_display(),
            str(pack.issued_by or ""),
            pack.issued_on,
            pack.size,
            pack.sha256,
            pack.seal,
        )
        for pack in _made(request, book)
    ]
    return Sheet(f"auditors-packs-{book.code}", headings, rows)
