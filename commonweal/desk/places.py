"""Which places does the portfolio reach: by decile of deprivation on one scale, by region, and by small area?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from moneyed import Money

from borrowers.domain.deciles import DecileScale, Unplaced
from borrowers.places import latest_directory, scales
from commonweal.access.requests import PersonRequest
from commonweal.components import Figure, Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.documents.decile_chart import decile_bars
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.scale import brief
from commonweal.templatetags.commonweal import day, money, percent
from ledger.domain.money import from_minor
from loans.by_place import LentByPlace, PlaceGroup, lent_by_place
from loans.domain.by_place import Share, Spread

if TYPE_CHECKING:
    from ledger.models import Book

UNKNOWN = "Unknown here"
DEPRIVED = 3
"""The deciles that are told as one figure: the most deprived three tenths."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One category, region or area with what is lent there."""

    name: str
    businesses: int
    principal: Money
    share: Decimal | None


def places(request: PersonRequest, book: str) -> HttpResponse:
    """The principal outstanding of a book by place, on the scale that `scale` in the address names."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    offered = scales()
    scale = next((one for one in offered if one.code == request.GET.get("scale")), offered[0] if offered else None)
    lent = lent_by_place(of, as_of)
    found = lent.by_decile(scale) if scale else None
    tables = [
        ("By decile", "decile", _tenths(found, lent, of) if found else []),
        ("By region", "region", _groups(lent.by_region(), lent, of)),
        ("Town or country", "settlement", _groups(lent.by_settlement(), lent, of)),
        ("By small area", "area", _groups(lent.by_area(), lent, of)),
    ]
    if file := download(request, _sheet(of, as_of, scale, tables)):
        return file
    context = {
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "scales": offered,
        "scale": scale,
        "directory": latest_directory(),
        "figures": _figures(lent, found, of),
        "chart": _chart(found, of, as_of) if found and lent.whole else "",
        "finding": _finding(found, as_of) if found and lent.whole else "",
        "tables": tables,
        "whole": _money(lent.whole, of),
        "businesses": len(lent.principal),
    }
    crumbs = [
        Link("Loans", reverse("desk:loans", args=[of.code])),
        Link("Portfolio", reverse("desk:portfolio", args=[of.code]) + as_at(as_of, of)),
        Link("Places"),
    ]
    return desk_page(request, "desk/places/portfolio.html", of, section="desk:loans", crumbs=crumbs, context=context)


def _figures(lent: LentByPlace, found: Spread | None, book: Book) -> list[Figure]:
    figures = [Figure("Principal outstanding", money(_money(lent.whole, book)), f"{len(lent.principal)} businesses")]
    if found:
        deprived = found.within(DEPRIVED)
        unknown = sum(one.units for one in found.shares if one.stands is Unplaced.UNKNOWN)
        figures += [
            Figure(
                f"In deciles 1 to {DEPRIVED}",
                percent(lent.share(deprived), 1),
                f"{money(_money(deprived, book))} of all principal",
            ),
            Figure("Unknown here", percent(lent.share(unknown), 1), money(_money(unknown, book))),
        ]
    figures.append(
        Figure(
            "Places recorded",
            percent(lent.share(lent.recorded), 1),
            "of principal; the rest stands where the business is registered",
        )
    )
    return figures


def _finding(found: Spread, as_of: date) -> str:
    deprived = Decimal(found.within(DEPRIVED)) / found.whole
    return (
        f"{percent(deprived, 1)} of the principal outstanding on {day(as_of)} is lent in deciles 1 to {DEPRIVED} "
        f"of the {found.scale.name}"
    )


def _chart(found: Spread, book: Book, as_of: date) -> str:
    title = _finding(found, as_of)
    return decile_bars("deciles", found, title=title, words=lambda units: brief(_money(units, book).amount, sign(book)))


def _tenths(found: Spread, lent: LentByPlace, book: Book) -> list[PlaceRow]:
    return [_row(share.name, share, lent, book) for share in found.shares]


def _groups(found: Sequence[PlaceGroup], lent: LentByPlace, book: Book) -> list[PlaceRow]:
    return [_row(group.name.capitalize() if group.name.islower() else group.name, group, lent, book) for group in found]


def _row(name: str, of: Share | PlaceGroup, lent: LentByPlace, book: Book) -> PlaceRow:
    return PlaceRow(name or UNKNOWN, of.businesses, _money(of.units, book), lent.share(of.units))


def _sheet(
    book: Book, as_of: date, scale: DecileScale | None, tables: Sequence[tuple[str, str, Sequence[PlaceRow]]]
) -> Sheet:
    """Every row of the page; which scale it is stands in each row of a decile."""
    headings = ("Part", "What", "Businesses", "Principal", "Share", "Scale", "Licence and attribution")
    rows = [
        (
            title,
            row.name,
            row.businesses,
            row.principal,
            row.share and row.share.quantize(Decimal("0.000001")),
            scale.shown if scale and kind == "decile" else "",
            f"{scale.licence}. {scale.attribution}" if scale and kind == "decile" else "",
        )
        for title, kind, found in tables
        for row in found
    ]
    return Sheet(f"places-{book.code}-{as_of}", headings, rows)


def _money(units: int, book: Book) -> Money:
    return from_minor(units, book.base_currency)
