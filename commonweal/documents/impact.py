"""The sections about impact that the statements of an investor and of a fund share: their tables, charts and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from moneyed import Money

from borrowers.domain.outcomes import OutcomeArea
from borrowers.domain.places import in_region
from commonweal.documents import charts
from commonweal.documents.list_files import Sheet
from commonweal.documents.words import counted
from commonweal.templatetags.commonweal import day, figure, money, percent
from investors.domain.value import Valued
from investors.impact import Impact, Outcome
from ledger.domain.money import from_minor, to_minor
from loans.domain.by_place import Share
from loans.portfolio import Band

UNKNOWN = "Places not known"
NO_SECTOR = "Not known"
AREAS = {area.words: number for number, area in enumerate(OutcomeArea)}
NOWHERE = "in places not known"
TOGETHER = "All"
LOST = ("FP9717", "FP3939")
"""What was written off, and what came back of it."""
WIDE = {"width": 658, "name_room": 282, "value_room": 90}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A figure of the ledger as it is printed."""

    iris: str
    words: str
    value: str
    when: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A line of a table with a number, an amount and its share of the whole.

    The last may be of all lines together; its number is None where the lines count some things twice.
    """

    name: str
    count: int | None
    amount: str
    share: Decimal | None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class LostRow:
    """What was lost, came back, or was borne by first loss, over which days, and how much."""

    name: str
    when: str
    amount: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart, and what it finds in a sentence."""

    picture: SafeString
    finding: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What our share of one outcome is said to be worth, and by what."""

    indicator: str
    unit: str
    our_share: Decimal | None
    proxy: str
    taken: str
    coverage: str
    gross: str
    net: str


@dataclass(frozen=True, slots=True)
class Area:
    """The outcomes of one area of life."""

    name: str
    outcomes: tuple[Outcome, ...]


def impact_context(impact: Impact) -> dict[str, Any]:
    """What the parts of a statement about impact, and the pages, need."""
    return {
        "impact": impact,
        "areas": _areas(impact),
        "valued": [_valued(one, one.value) for one in impact.outcomes if one.value],
        "cover": _cover(impact),
        "lost": list(_lost(impact)),
        "sectors": _rows(
            impact, [(one.name or NO_SECTOR, one.loans, one.principal) for one in impact.sectors], count=True
        ),
        "funders": _funders(impact),
        "year": f"{day(impact.start)} to {day(impact.last_day)}",
        "answers": [_answer(impact, number) for number in range(len(impact.answers))],
        "bands": _rows(
            impact, [(_days_late(band), band.loans, band.principal) for band in impact.health.bands], count=True
        ),
        "regions": _rows(impact, [(one.name or UNKNOWN, one.businesses, one.units) for one in impact.regions]),
        "deciles": _rows(impact, [(one.name, one.businesses, one.units) for one in _shares(impact)]),
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


def _areas(impact: Impact) -> list[Area]:
    """In the order of the Outcomes Matrix; what is in no area comes last."""
    names = sorted({one.area for one in impact.outcomes}, key=lambda name: AREAS.get(name, len(AREAS)))
    return [Area(name or "In no area", tuple(one for one in impact.outcomes if one.area == name)) for name in names]


def _valued(one: Outcome, value: Valued) -> ValueRow:
    """How a value came about: the share, the proxy with its source and prices, and each deduction; nil is said too."""
    proxy = value.proxy
    taken = ", ".join(f"{name} {percent(part, 0)}" for name, part in proxy.deductions.named)
    return ValueRow(
        one.indicator,
        one.unit,
        one.our_share,
        f"{money(proxy.unit)}, {proxy.source}, prices of {day(proxy.as_of)}",
        taken,
        f"{one.reported} of {one.asked}",
        _pounds(value.gross),
        _pounds(value.net),
    )


def _pounds(value: Money) -> str:
    """Whole units of a currency: an estimate has no pennies."""
    return money(value).removesuffix(".00")


def _cover(impact: Impact) -> list[MoneyRow]:
    """What stands behind the loans on the last day, each as a share of the principal."""
    health = impact.health
    return [
        MoneyRow(name, loans, _figure(impact, units), health.share(units)) for name, loans, units in _behind(impact)
    ]


def _behind(impact: Impact) -> Iterator[tuple[str, int, int]]:
    """Each with its loans and its minor units."""
    health, cover, first = impact.health, impact.cover, impact.first_loss
    yield "Under new terms", health.restructured.loans, health.restructured.principal
    if cover:
        yield "Guaranteed, nothing asked yet", cover.guaranteed_loans, cover.guaranteed
        yield "Asked of guarantors", cover.asked_loans, cover.asked
        yield "Set aside for losses", health.loans, cover.set_aside
    if first:
        yield "First loss left", health.loans, to_minor(first.left.amount, impact.currency.code)


def _lost(impact: Impact) -> Iterator[LostRow]:
    """What was written off and came back in the year, and what of it the first-loss classes have borne so far."""
    by_id = {one.iris: one for one in impact.answers}
    for iris in LOST:
        if iris in by_id:
            yield LostRow(by_id[iris].words, "in the year", figure(by_id[iris].value))
    if impact.first_loss:
        so_far = f"all years to {day(impact.last_day)}, by {impact.first_loss.classes}"
        yield LostRow("First loss used", so_far, figure(impact.first_loss.used))


def _funders(impact: Impact) -> list[MoneyRow]:
    return _rows(
        impact,
        [(_kind(one.kind) if one.kind else "The fund itself", one.count or None, one.units) for one in impact.funders],
        count=True,
    )


def _rows(impact: Impact, found: Sequence[tuple[str, int | None, int]], *, count: bool = False) -> list[MoneyRow]:
    """Names with their number and minor units, each with its share of all, and all together where there are several.

    `count` says whether the numbers add up too: a business with places in two regions counts in each.
    """
    whole = sum(units for _, _, units in found)
    rows = [MoneyRow(name, number, _figure(impact, units), _part(units, whole)) for name, number, units in found]
    if len(rows) > 1:
        together = sum(number or 0 for _, number, _ in found) if count else None
        rows.append(MoneyRow(TOGETHER, together, _figure(impact, whole), _part(whole, whole), is_total=True))
    return rows


def _shares(impact: Impact) -> list[Share]:
    """Where on the scale the money is; a decile in which there is none is left out."""
    return [one for one in impact.deciles.shares if one.businesses] if impact.deciles else []


def _kind(words: str) -> str:
    """`Regional banks` of `regional bank`."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('s') else 's'}"


def _answer(impact: Impact, place: int) -> AnswerRow:
    one = impact.answers[place]
    value = f"{one.value:,}" if isinstance(one.value, int) else money(one.value)
    return AnswerRow(one.iris, one.words, value, "in the year" if one.is_flow else day(impact.last_day))


def _days_late(band: Band) -> str:
    ends = {1: "1–30 days", 31: "31–60 days", 61: "61–90 days", 91: "Over 90 days"}
    return ends.get(band.first_day, "Paid to date")


def _region_chart(impact: Impact) -> Shown | None:
    if len(impact.regions) < 2:
        return None
    first = impact.regions[0]
    return _shown(
        "regions",
        f"Most of the money lent, {_money(impact, first.units)}, is {in_region(first.name) if first.name else NOWHERE}",
        [charts.Bar(one.name or "Unknown", Decimal(one.units), _money(impact, one.units)) for one in impact.regions],
    )


def _decile_chart(impact: Impact) -> Shown | None:
    """In fifths, as deprivation is read; what has no decile is named beside the chart."""
    spread = impact.deciles
    if spread is None or not spread.placed:
        return None
    fifths = [spread.within(last) - spread.within(last - 2) for last in range(2, 11, 2)]
    names = ("Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth")
    part = percent(Decimal(fifths[0]) / spread.placed, 0)
    return _shown(
        "deciles",
        f"{part} of the money whose place is known is in the most deprived fifth of areas",
        [
            charts.Bar(name, Decimal(units), percent(Decimal(units) / spread.placed, 0))
            for name, units in zip(names, fifths, strict=True)
        ],
    )


def _share_chart(impact: Impact) -> Shown | None:
    """How many of those asked gave a figure, by indicator; where one was asked, the table says it as well."""
    asked = [one for one in impact.outcomes if one.asked]
    if len(asked) < 2 or all(one.asked == 1 for one in asked):
        return None
    given, whole = sum(one.reported for one in asked), sum(one.asked for one in asked)
    return _shown(
        "coverage",
        f"Of {counted(whole, 'figure', 'figures')} asked for the year, {given:,} came",
        [
            charts.Bar(one.indicator, Decimal(one.reported) / one.asked, f"{one.reported} of {one.asked}")
            for one in asked
        ],
    )


def _shown(prefix: str, finding: str, rows: Sequence[charts.Bar]) -> Shown:
    return Shown(charts.bars(prefix, title=finding, rows=rows, **WIDE), finding)


def _part(units: int, whole: int) -> Decimal | None:
    return Decimal(units) / whole if whole else None


def _money(impact: Impact, minor: int) -> str:
    return money(from_minor(minor, impact.currency.code))


def _figure(impact: Impact, minor: int) -> str:
    return figure(from_minor(minor, impact.currency.code))
