"""What did the fund's money help to do in the year to any day: on the page, as a list, as a statement to hand out."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.documents.download import issued_impact_statements
from commonweal.documents.impact import impact_context, impact_sheet
from commonweal.documents.impact_as_at import as_at_response
from commonweal.documents.list_files import download
from investors.impact_sections import fund_picture


def year(request: PersonRequest, book: str) -> HttpResponse:
    """The year that ends with the day asked for."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    found = fund_picture(of, as_of + timedelta(days=1)).impact()
    if file := download(request, impact_sheet(of.code, found)):
        return file
    issued = issued_impact_statements(request.user, of)
    context = {
        "as_of": as_of,
        "sign": sign(of),
        "thousand": f"{sign(of)}1,000",
        "at": as_at(as_of, of),
        "issued": [(one, reverse("desk:document", args=[of.code, one.pk])) for one in issued],
        **impact_context(found),
    }
    crumbs = [Link("Impact", reverse("desk:impact", args=[of.code])), Link("The year")]
    return desk_page(request, "desk/fund_impact.html", of, section="desk:impact", crumbs=crumbs, context=context)


def statement(request: PersonRequest, book: str) -> HttpResponse:
    """The same year as a statement of the whole fund."""
    of = book_of(request, book)
    end = asked_date(request, of) + timedelta(days=1)
    return as_at_response(of, fund_picture(of, end).impact())
