"""The twelve nations and regions of the United Kingdom as tiles of one size, so that no place looks large by its land.

Each tile says its amount; the stronger its colour, the more. A region without anything is dotted, and still there.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.safestring import SafeString

from commonweal.documents import svg
from commonweal.documents.scale import brief

TILES = {
    "Scotland": ("SCO", 3, 0),
    "Northern Ireland": ("NI", 0, 1),
    "North West": ("NW", 2, 1),
    "North East": ("NE", 4, 1),
    "Yorkshire and the Humber": ("YH", 4, 2),
    "Wales": ("WAL", 0, 3),
    "West Midlands": ("WM", 2, 3),
    "East Midlands": ("EM", 4, 3),
    "East of England": ("EE", 6, 3),
    "South West": ("SW", 1, 4),
    "South East": ("SE", 3, 4),
    "London": ("LON", 5, 4),
}
"""The short name of each, and where its tile stands: half tiles from the left, and tiles from the top."""

HALF, ROW, WIDE, TALL, EDGE = 39, Decimal("57.7"), 73, Decimal("52.7"), Decimal("3.5")
STRENGTHS = (
    (svg.SOFT, svg.INK, ""),
    (svg.MIDDLE, svg.ON_MIDDLE, "i2"),
    ((svg.SERIES[0][0], "t3"), svg.ON_DARK, "i3"),
)
"""The colour of a tile, and of what is written on it, from the weakest on."""


def tile_map(prefix: str, *, title: str, amounts: Mapping[str, Decimal], sign: str) -> SafeString:
    """The map; `amounts` by the names of the regions, none below nought. Raises KeyError for a region unknown here."""
    for name in amounts:
        TILES[name]
    largest = max(amounts.values(), default=Decimal(0))
    parts: list[str] = []
    for name in TILES:
        parts += _tile(name, amounts.get(name, Decimal(0)), largest, sign)
    return svg.figure(prefix, title, 316, EDGE * 2 + ROW * 4 + TALL, parts)


def _tile(name: str, amount: Decimal, largest: Decimal, sign: str) -> list[str]:
    short, halves, row = TILES[name]
    x, y = EDGE + HALF * halves, EDGE + ROW * row
    if not amount:
        return [_dotted(x, y), svg.quiet(x + Decimal("8.5"), y + Decimal("18.5"), short)]
    colour, ink, css = STRENGTHS[min(int(amount / largest * len(STRENGTHS)), len(STRENGTHS) - 1)]
    return [
        svg.rounded(x, y, WIDE, TALL, colour),
        svg.label(x + Decimal("8.5"), y + Decimal("18.5"), short, size=12, fill=ink, css=css),
        svg.label(x + Decimal("8.5"), y + Decimal("40.5"), brief(amount, sign), size=16, fill=ink, css=css, bold=True),
    ]


def _dotted(x: Decimal, y: Decimal) -> str:
    box = f'x="{svg.coordinate(x)}" y="{svg.coordinate(y)}" width="{WIDE}" height="{TALL}"'
    return f'<rect {box} rx="5" fill="none" stroke="{svg.EDGE}" stroke-dasharray="2 3" class="empty-tile"/>'
