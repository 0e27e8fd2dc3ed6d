"""The sections about impact that the statements of an investor and of a fund share: their tables, charts and words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from commonweal.documents import charts
from commonweal.documents.list_files import Sheet
from commonweal.documents.words import counted
from commonweal.templatetags.commonweal import day, figure, money, percent
from investors.impact import Impact
from ledger.domain.money import from_minor
from loans.domain.by_place import Share
from loans.portfolio import Band

UNKNOWN = "Places not known"
WIDE = {"width": 658, "name_room": 250, "value_room": 90}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A figure of the ledger as it is printed."""

    iris: str
    words: str
    value: str
    when: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A line of a table with a number, an amount and its share of the whole."""

    name: str
    count: int
    amount: str
    share: Decimal | None


def impact_context(impact: Impact) -> dict[str, Any]:
    """What `documents/_impact.html` needs."""
    whole = impact.health.principal
    return {
        "impact": impact,
        "year": f"{day(impact.start)} to {day(impact.last_day)}",
        "answers": [_answer(impact, number) for number in range(len(impact.answers))],
        "bands": [_band(impact, band) for band in impact.health.bands],
        "regions": [
            MoneyRow(one.name or UNKNOWN, one.businesses, _money(impact, one.units), _part(one.units, whole))
            for one in impact.regions
        ],
        "deciles": [_decile(impact, share) for share in impact.deciles.shares] if impact.deciles else [],
        "impact_charts": {
            "regions": _region_chart(impact),
            "deciles": _decile_chart(impact),
            "outcomes": _share_chart(impact),
        },
    }


def impact_sheet(name: str, impact: Impact) -> Sheet:
    """Every outcome with what stands beside it, one a row."""
    headings = (
        *("Outcome", "Unit", "IRIS+", "SDG", "Supported", "At least", "Our share", "Yours", "Per 1,000 at risk"),
        *("Target", "Year before", "Asked", "Reported", "Coverage by value", "Grade", "Evidence"),
    )
    rows = [
        (
            *(one.indicator, one.unit, one.iris, one.sdg, one.supported, "yes" if one.is_at_least else "no"),
            *(one.our_share, one.yours, one.per_thousand, one.target, one.before, one.asked, one.reported),
            *(one.by_value, one.grade, one.evidence),
        )
        for one in impact.outcomes
    ]
    return Sheet(f"impact-{name}-{impact.last_day}", headings, rows)


def _answer(impact: Impact, place: int) -> AnswerRow:
    one = impact.answers[place]
    value = f"{one.value:,}" if isinstance(one.value, int) else money(one.value)
    return AnswerRow(one.iris, one.words, value, "in the year" if one.is_flow else day(impact.last_day))


def _band(impact: Impact, band: Band) -> MoneyRow:
    ends = {1: "1–30 days", 31: "31–60 days", 61: "61–90 days", 91: "Over 90 days"}
    name = ends.get(band.first_day, "Paid to date")
    return MoneyRow(name, band.loans, _figure(impact, band.principal), impact.health.share(band.principal))


def _decile(impact: Impact, share: Share) -> MoneyRow:
    whole = impact.deciles.whole if impact.deciles else 0
    return MoneyRow(share.name, share.businesses, _figure(impact, share.units), _part(share.units, whole))


def _region_chart(impact: Impact) -> SafeString | str:
    if len(impact.regions) < 2:
        return ""
    first = impact.regions[0]
    return charts.bars(
        "regions",
        title=f"Most of the money lent, {_money(impact, first.units)}, is in {first.name or 'places not known'}",
        rows=[
            charts.Bar(one.name or "Unknown", Decimal(one.units), _money(impact, one.units)) for one in impact.regions
        ],
        **WIDE,
    )


def _decile_chart(impact: Impact) -> SafeString | str:
    """In fifths, as deprivation is read; what has no decile is named beside the chart."""
    spread = impact.deciles
    if spread is None or not spread.placed:
        return ""
    fifths = [spread.within(last) - spread.within(last - 2) for last in range(2, 11, 2)]
    names = ("Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth")
    part = percent(Decimal(fifths[0]) / spread.placed, 0)
    return charts.bars(
        "deciles",
        title=f"{part} of the money whose place is known is in the most deprived fifth of areas",
        rows=[
            charts.Bar(name, Decimal(units), percent(Decimal(units) / spread.placed, 0))
            for name, units in zip(names, fifths, strict=True)
        ],
        **WIDE,
    )


def _share_chart(impact: Impact) -> SafeString | str:
    """How many of those asked gave a figure, by indicator."""
    asked = [one for one in impact.outcomes if one.asked]
    if len(asked) < 2:
        return ""
    given, whole = sum(one.reported for one in asked), sum(one.asked for one in asked)
    return charts.bars(
        "coverage",
        title=f"Of {counted(whole, 'figure', 'figures')} asked for the year, {given:,} came",
        rows=[
            charts.Bar(one.indicator, Decimal(one.reported) / one.asked, f"{one.reported} of {one.asked}")
            for one in asked
        ],
        **WIDE,
    )


def _part(units: int, whole: int) -> Decimal | None:
    return Decimal(units) / whole if whole else None


def _money(impact: Impact, minor: int) -> str:
    return money(from_minor(minor, impact.currency.code))


def _figure(impact: Impact, minor: int) -> str:
    return figure(from_minor(minor, impact.currency.code))
