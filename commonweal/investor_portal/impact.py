"""What did my money help to do? The investor's part of the fund's outcomes, in the year to the day asked for."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.documents.download import issued_impact_statements
from commonweal.documents.impact import impact_context, impact_sheet
from commonweal.documents.list_files import download
from commonweal.investor_portal.frame import portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS
from investors.impact_sections import fund_picture

SECTION = "investor:impact"


def impact(request: PersonRequest) -> HttpResponse:
    """Supported, our share and yours, beside what went wrong."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=SECTION)
    found = fund_picture(about.book, about.as_of + timedelta(days=1)).impact(about.investor.code)
    if file := download(request, impact_sheet(f"{about.book.code}-{about.investor.code}", found)):
        return file
    sign = SYMBOLS.get(about.book.base_currency, about.book.base_currency)
    issued = issued_impact_statements(request.user, about.book)
    context = {
        "about": about,
        "sign": sign,
        "thousand": f"{sign}1,000",
        "issued": [(one, reverse("investor:document", args=[one.pk])) for one in issued],
        **impact_context(found),
    }
    return portal_page(request, "investor_portal/impact.html", about, section=SECTION, context=context)
