"""Which places did the money reach, and what did the businesses there say: by decile, region, town and small area?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from moneyed import Money

from borrowers.domain.deciles import DecileScale, Unplaced
from borrowers.domain.outcomes import AddUp
from borrowers.places import scales
from commonweal.access.requests import PersonRequest
from commonweal.components import Figure, Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.documents import charts
from commonweal.documents.decile_chart import SHORT
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.scale import brief
from commonweal.documents.words import number
from commonweal.templatetags.commonweal import day, money, percent
from investors.domain.by_place import PlaceRow
from investors.impact_by_place import Cut, ImpactByPlace, Tie, impact_by_place
from investors.impact_sections import share_text
from ledger.domain.money import from_minor
from loans.domain.by_place import category_name

if TYPE_CHECKING:
    from ledger.models import Book

DEPRIVED = 3
"""The deciles that are told as one figure: the most deprived three tenths."""

TITLES = {
    Cut.DECILE: "By decile",
    Cut.REGION: "By region",
    Cut.SETTLEMENT: "Town or country",
    Cut.AREA: "By small area",
}
HEADS = {Cut.DECILE: "Decile", Cut.REGION: "Region", Cut.SETTLEMENT: "Settlement", Cut.AREA: "Small area"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a table: money of all loans, and what was said of the indicator."""

    name: str
    businesses: int
    loans: int
    lent: Money
    outstanding: Money
    share: Decimal | None
    supported: Decimal | None
    is_at_least: bool
    our_share: Decimal | None
    reported: int
    asked: int
    by_value: Decimal | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, and what it finds in a sentence."""

    drawing: str
    finding: str


def impact_places(request: PersonRequest, book: str) -> HttpResponse:
    """A book's loans and its year by place, on the scale and with the indicator that the address names."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    offered = scales()
    scale = next((one for one in offered if one.code == request.GET.get("scale")), offered[0] if offered else None)
    found = impact_by_place(of, as_of, scale=scale, indicator=request.GET.get("indicator", ""))
    tables = [
        (cut, TITLES[cut], HEADS[cut], [_shown(row, found, of) for row in rows]) for cut, rows in found.cuts.items()
    ]
    total = _shown(found.whole, found, of)
    if file := download(request, _sheet(of, found, tables, total)):
        return file
    context = {
        "as_of": as_of,
        "found": found,
        "year": f"{day(found.start)} to {day(as_of)}",
        "sign": sign(of),
        "scales": offered,
        "scale": scale,
        "figures": _figures(found, of),
        "pictures": _pictures(found, of),
        "tables": tables,
        "total": total,
        "apart": [(words, _money(abs(tie.apart), of)) for words, tie in _ties(found) if tie.apart],
        "rule": _rule(found.rule),
    }
    crumbs = [
        Link("Impact", reverse("desk:impact", args=[of.code])),
        Link("The year", reverse("desk:fund-impact", args=[of.code]) + as_at(as_of, of)),
        Link("By place"),
    ]
    return desk_page(request, "desk/impact/places.html", of, section="desk:impact", crumbs=crumbs, context=context)


def _ties(found: ImpactByPlace) -> tuple[tuple[str, Tie], ...]:
    return (("principal outstanding", found.outstanding), ("lent", found.lent))


def _figures(found: ImpactByPlace, book: Book) -> list[Figure]:
    whole = found.whole
    same = "as account 1310 Loan principal has it"
    figures = [
        Figure(
            "Principal outstanding", money(_money(whole.outstanding, book)), "" if found.outstanding.apart else same
        ),
        Figure("Lent since the beginning", money(_money(whole.lent, book)), "drawdowns, less what was taken back"),
    ]
    if found.scale and whole.outstanding:
        deprived = _deprived(found)
        part = Decimal(deprived) / whole.outstanding
        figures.append(
            Figure(
                f"In deciles 1 to {DEPRIVED}",
                percent(part, 1),
                f"{money(_money(deprived, book))} of what is outstanding",
            )
        )
    if whole.told:
        covered = whole.told.coverage
        figures.append(
            Figure("Businesses that gave a figure", f"{covered.reported} of {covered.asked}", "of those asked for it")
        )
    return figures


def _deprived(found: ImpactByPlace) -> int:
    return sum(row.outstanding for row in found.cuts[Cut.DECILE] if row.category in range(1, DEPRIVED + 1))


def _pictures(found: ImpactByPlace, book: Book) -> list[Picture]:
    """Both over the deciles of one scale; none where nothing is to be drawn."""
    if found.scale is None:
        return []
    rows = found.cuts[Cut.DECILE]
    drawn = [_money_picture(found, rows, found.scale, book)] if found.whole.outstanding else []
    return [*drawn, *filter(None, [_said_picture(found, rows, found.scale)])]


def _money_picture(found: ImpactByPlace, rows: Sequence[PlaceRow], scale: DecileScale, book: Book) -> Picture:
    part = Decimal(_deprived(found)) / found.whole.outstanding
    title = (
        f"{percent(part, 1)} of the principal outstanding on {day(found.as_of)} is in deciles 1 to {DEPRIVED} "
        f"of the {scale.name}"
    )
    bars = [
        charts.Bar(_short(row), Decimal(row.outstanding), brief(_money(row.outstanding, book).amount, sign(book)))
        for row in rows
    ]
    return Picture(charts.bars("lent", title=title, rows=bars, width=420, value_room=64), title)


def _said_picture(found: ImpactByPlace, rows: Sequence[PlaceRow], scale: DecileScale) -> Picture | None:
    """What was said in each decile; without a bar where nobody gave a figure, which is not nought."""
    said = [(row, row.told.supported) for row in rows if row.told and row.told.supported is not None]
    if found.indicator is None or found.whole.told is None or not any(value > 0 for _, value in said):
        return None
    title = _said_finding(found, said, scale)
    values = {row.category: value for row, value in said}
    bars = [_bar(row, values.get(row.category)) for row in rows]
    return Picture(charts.bars("said", title=title, rows=bars, width=420, value_room=64), title)


def _said_finding(found: ImpactByPlace, said: Sequence[tuple[PlaceRow, Fraction]], scale: DecileScale) -> str:
    name, unit = (found.indicator.name, found.indicator.unit) if found.indicator else ("", "")
    whole = found.whole.told.supported if found.whole.told else None
    if found.rule and found.rule.across_businesses and whole:
        inside = sum((value for row, value in said if row.category in range(1, DEPRIVED + 1)), Fraction(0))
        figures = f"{number(share_text(inside))} of {number(share_text(whole))} {unit}"
        return f"{name}: {figures} in deciles 1 to {DEPRIVED} of the {scale.name}"
    row, value = max(said, key=lambda one: one[1])
    least = "at least " if row.told and row.told.is_at_least else ""
    where = f"in decile {row.category}" if isinstance(row.category, int) else f"where it is {_short(row).lower()}"
    return f"{name}: {least}{number(share_text(value))} {unit} {where}, the largest row, {scale.name}"


def _bar(row: PlaceRow, value: Fraction | None) -> charts.Bar:
    shown = share_text(value)
    return charts.Bar(_short(row), max(shown or Decimal(0), Decimal(0)), number(shown))


def _short(row: PlaceRow) -> str:
    return SHORT[row.category] if isinstance(row.category, Unplaced) else str(row.category)


def _rule(rule: AddUp | None) -> str:
    """What may be done with the figures of several rows, in a sentence."""
    if rule is None:
        return ""
    if rule.across_businesses:
        latest = rule is AddUp.LATEST
        words = "Of this indicator the latest figure of each business adds up" if latest else "This indicator adds up"
        return f"{words}: the rows make the total, and a business in two places is split by its parts."
    if rule is AddUp.UNIQUE_PEOPLE:
        return (
            f"This indicator {rule.words}. A row is at least its largest single count, and the rows do not make the "
            "total: somebody may be counted in several."
        )
    return f"This indicator is {rule.words.removeprefix('is ')}. The rows do not make a total."


def _shown(row: PlaceRow, found: ImpactByPlace, book: Book) -> Shown:
    told, whole = row.told, found.whole.outstanding
    by_value = told.coverage.by_value if told else None
    return Shown(
        name=category_name(row.category),
        businesses=row.businesses,
        loans=row.loans,
        lent=_money(row.lent, book),
        outstanding=_money(row.outstanding, book),
        share=Decimal(row.outstanding) / whole if whole else None,
        supported=share_text(told.supported) if told else None,
        is_at_least=bool(told and told.is_at_least),
        our_share=share_text(told.our_share) if told else None,
        reported=told.coverage.reported if told else 0,
        asked=told.coverage.asked if told else 0,
        by_value=Decimal(by_value.numerator) / by_value.denominator if by_value is not None else None,
    )


def _sheet(
    book: Book, found: ImpactByPlace, tables: Sequence[tuple[Cut, str, str, Sequence[Shown]]], total: Shown
) -> Sheet:
    """Every row of the page; which scale it is stands in each row of a decile."""
    headings = (
        *("Part", "What", "Businesses", "Loans", "Lent", "Outstanding", "Share", "Indicator", "Unit", "Supported"),
        *("At least", "Our share", "Reported", "Asked", "Coverage by value", "Scale"),
    )
    told = (found.indicator.name, found.indicator.unit) if found.indicator else ("", "")
    every = [(cut, title, row) for cut, title, _, rows in tables for row in rows]
    rows = [
        (
            *(title, row.name, row.businesses, row.loans, row.lent, row.outstanding, _six(row.share), *told),
            *(row.supported, "yes" if row.is_at_least else "no", row.our_share, row.reported, row.asked),
            *(_six(row.by_value), found.scale.shown if found.scale and cut == Cut.DECILE else ""),
        )
        for cut, title, row in [*every, ("", "All places", total)]
    ]
    return Sheet(f"impact-by-place-{book.code}-{found.as_of}", headings, rows)


def _six(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.000001"))


def _money(units: int, book: Book) -> Money:
    return from_minor(units, book.base_currency)
