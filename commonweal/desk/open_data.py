"""What the fund publishes, at the desk: what a release would say now, and publishing it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.open_data.errors import OpenDataError
from commonweal.open_data.exporting import data_set
from commonweal.open_data.publishing import publish, releases
from commonweal.open_data.shapes import Standard

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:statements"


def open_data(request: PersonRequest, book: str) -> HttpResponse:
    """What was published, and what would be now; a post publishes it."""
    of = book_of(request, book)
    if request.method == "POST":
        return _publish(request, of)
    found = releases(of)
    headings = ("Data set", "Version", "As of", "Tells of", "Left out", "SHA-256", "Published by")
    rows = (
        (
            one.get_standard_display(),
            one.version,
            one.as_of,
            one.told,
            one.note["left_out"],
            one.sha256,
            str(one.published_by),
        )
        for one in found.select_related("published_by")
    )
    if file := download(request, Sheet(f"open-data-{of.code}", headings, rows)):
        return file
    context = {
        "releases": found.select_related("published_by"),
        "data_sets": [(standard, _now(of, standard)) for standard in Standard],
        "why_not_publish": why_not(request.user, "desk:open-data", "POST", book=of.pk),
    }
    crumbs = [Link("Statements", reverse(SECTION, args=[of.code])), Link("Open data")]
    return desk_page(request, "desk/open_data.html", of, section=SECTION, crumbs=crumbs, context=context)


def _now(book: Book, standard: Standard) -> dict[str, Any]:
    """What a release would say today, or why there would be none; looking at it gives nothing a name."""
    try:
        with transaction.atomic():
            made = data_set(book=book, standard=standard, as_of=book.business_date)
            transaction.set_rollback(True)
    except OpenDataError as refusal:
        return {"refused": str(refusal)}
    last = releases(book).filter(standard=standard).first()
    said = ("published", "left_out", "ledger")
    totals = [(one["name"], [Decimal(one[name]) for name in said]) for one in made.note["totals"]]
    return {"note": made.note, "totals": totals, "same": last is not None and last.sha256 == made.sha256}


def _publish(request: PersonRequest, book: Book) -> HttpResponse:
    asked = request.POST.get("standard", "")
    if asked not in list(Standard):
        messages.error(request, "Choose what to publish: deals in SEDL, or grants in 360Giving; nothing was published.")
        return redirect("desk:open-data", book.code)
    try:
        made = publish(book=book, standard=Standard(asked), as_of=book.business_date, by=request.user)
        messages.success(request, f"{made} is published for anybody to read.")
    except OpenDataError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:open-data", book.code)
