"""What funds publish, for anybody to read and check: each release with its licence, its hash and what is behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.words import counted
from commonweal.open_data.models import Release
from commonweal.open_data.publishing import releases
from commonweal.open_data.writing import written
from commonweal.templatetags.commonweal import moment

AT_ONCE = 50
"""Journal entries of a total on one page; the file has all."""


@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """Every release of every fund, the latest first."""
    page = Paginator(releases(), AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "public/open_data.html", {"page": page})


@require_GET
def release(request: HttpRequest, release: int) -> HttpResponse:
    """One release: how to check it, its totals, and the journal entries that make them."""
    found = get_object_or_404(releases(), pk=release)
    if file := download(cast(PersonRequest, request), _entries(found)):
        return file
    totals = [_shown(total) for total in found.note["totals"]]
    context = {"release": found, "note": found.note, "totals": totals, "at_once": AT_ONCE, "facts": _facts(found)}
    return render(request, "public/release.html", context)


@require_GET
def release_data(request: HttpRequest, release: int) -> HttpResponse:
    """The bytes of a release as they were published."""
    found = get_object_or_404(Release.objects.select_related("book"), pk=release)
    return _attached(bytes(found.content), "application/json", f"{_name(found)}.json")


@require_GET
def release_note(request: HttpRequest, release: int) -> HttpResponse:
    """The note beside a release, as it was written."""
    found = get_object_or_404(releases(), pk=release)
    return _attached(written(found.note), "application/json", f"{_name(found)}.note.json")


def _facts(found: Release) -> list[Fact]:
    """What it is, under which licence, and of how many deals it may not tell."""
    left_out = found.note["left_out"]
    told = [Fact("Tells of", found.told), Fact("Left out", counted(left_out, "deal", "deals"))]
    licence, _, url = found.note["licence"].partition(", ")
    return [
        Fact("Licence", licence, url=url),
        *told[: 2 if left_out else 1],
        Fact("Published", moment(found.published_at)),
    ]


def _shown(total: dict[str, Any]) -> dict[str, Any]:
    """A total with its first entries as a table shows them."""
    entries = [(number, date.fromisoformat(on), Decimal(amount)) for number, on, amount in total["entries"][:AT_ONCE]]
    amounts = {name: Decimal(total[name]) for name in ("published", "left_out", "ledger")}
    count = len(total["entries"])
    return {**total, **amounts, "entries": entries, "count": count, "counted": counted(count, "entry", "entries")}


def _entries(found: Release) -> Sheet:
    rows = [
        (total["name"], number, on, Decimal(amount), total["currency"])
        for total in found.note["totals"]
        for number, on, amount in total["entries"]
    ]
    return Sheet(f"{_name(found)}-entries", ("Total", "Journal entry", "Date", "Amount", "Currency"), rows)


def _name(found: Release) -> str:
    return f"{found.standard}-{found.book.code}-{found.version}"


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
