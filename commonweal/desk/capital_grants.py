"""Restricted grants at the desk: who gave what for which purpose, what came, what was used, and what is left."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Figure
from commonweal.desk.capital import DOING, crumbs
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.investors import SECTION
from commonweal.documents.list_files import Sheet, download
from commonweal.templatetags.commonweal import money
from investors.domain.restricted_grant import Purpose
from investors.queries import OF_GRANTS, investors_named, restricted_grants
from ledger.domain.money import from_minor

HEADINGS = ("Grant", "Funder", "Given for", "Promised", "Received", "Applied", "Left")


def grants(request: PersonRequest, book: str) -> HttpResponse:
    """Every restricted grant as at a date, with what is left of each and of each purpose."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    found = list(restricted_grants(of).values())
    names = dict(investors_named({one.funder for one in found}))
    rows = [
        (
            one.code,
            str(names[one.funder]),
            one.purpose.words,
            one.promised,
            one.received(date.min, as_of),
            one.applied(date.min, as_of),
            one.balance(as_of),
        )
        for one in found
    ]
    if file := download(request, Sheet(f"grants-{of.code}-{as_of}", HEADINGS, rows)):
        return file
    nought = from_minor(0, of.base_currency)
    context = {
        "as_of": as_of,
        "sign": sign(of),
        "rows": rows,
        "totals": [sum((row[at] for row in rows), nought) for at in range(3, 7)],
        "figures": [
            Figure(
                f"Left for {purpose.words}",
                money(sum((one.balance(as_of) for one in found if one.purpose is purpose), nought)),
                "used for nothing else",
            )
            for purpose in Purpose
        ],
        "kinds": [(kind.value, label, words) for kind, label, words in DOING if kind in OF_GRANTS],
        "why_not_act": why_not(request.user, "desk:capital-act-new", "POST", book=of.pk),
    }
    crumb = crumbs(of, "Restricted grants")
    return desk_page(request, "desk/capital/grants.html", of, section=SECTION, crumbs=crumb, context=context)
