"""Lateness over time as columns: a pattern for each age besides its colour, and the later, the more ink."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.safestring import SafeString

from commonweal.documents import svg
from commonweal.documents.scale import brief, height, ticks

AGES = ("1–30 days", "31–60 days", "61–90 days", "over 90 days")
LEFT, TOP, FOOT_ROOM, KEY_ROOM, WIDTH, TALL = 48, 22, 26, 24, 560, 220
DARKEST = "#7d1f0a"
PATTERNS = (
    '<rect width="7" height="7" fill="#f8e8c6" class="w0"/>'
    '<circle cx="3.5" cy="3.5" r="1.25" fill="#a86a12" class="w1"/>',
    '<rect width="7" height="7" fill="#f3c48f" class="w2"/>'
    '<path d="M-1 8L8-1M-4 4L4-4M3 11L11 3" stroke="#8a4208" stroke-width="1.6" class="w3"/>',
    '<rect width="7" height="7" fill="#c9623f" class="w4"/>'
    '<path d="M0 3.5H7M3.5 0V7" stroke="#fff" stroke-width="1.1" class="w5"/>',
)


class Age(NamedTuple):
    """One column: its name below, and the principal of each age of lateness, the youngest first."""

    name: str
    values: tuple[Decimal, Decimal, Decimal, Decimal]


def ageing_columns(prefix: str, *, title: str, columns: Sequence[Age], sign: str) -> SafeString:
    """Principal of loans in arrears on some days, the oldest lateness at the foot of each column."""
    base = TALL - FOOT_ROOM - KEY_ROOM
    axis = ticks(max(sum(column.values, Decimal(0)) for column in columns))
    slot = Decimal(WIDTH - LEFT) / len(columns)
    parts = [_defined(prefix)]
    for tick in axis:
        y = base - height(tick, axis[-1], base - TOP)
        parts.append(svg.line(LEFT, y, WIDTH, y, "grid" if tick else "axis"))
        parts.append(svg.quiet(LEFT - 7, y + Decimal("4.5"), brief(tick, sign, axis[-1]), "end"))
    for place, column in enumerate(columns):
        thick = slot * Decimal("0.56")
        x, y, middle = LEFT + slot * place + (slot - thick) / 2, Decimal(base), LEFT + slot * place + slot / 2
        for age in reversed(range(len(AGES))):
            tall = height(column.values[age], axis[-1], base - TOP)
            y -= tall
            if column.values[age]:
                parts.append(_box(prefix, age, x, y, thick, tall))
        whole = sum(column.values, Decimal(0))
        if whole:
            parts.append(svg.label(middle, y - 6, brief(whole, sign), size=12, anchor="middle", bold=True))
        parts.append(svg.quiet(middle, base + 17, column.name, "middle"))
    return svg.figure(prefix, title, WIDTH, TALL, [*parts, *_key(prefix)])


def _defined(prefix: str) -> str:
    patterns = (
        f'<pattern id="{prefix}-p{age}" width="7" height="7" patternUnits="userSpaceOnUse">{marks}</pattern>'
        for age, marks in enumerate(PATTERNS)
    )
    return f"<defs>{''.join(patterns)}</defs>"


def _box(prefix: str, age: int, x: Decimal, y: Decimal, wide: Decimal, tall: Decimal) -> str:
    box = " ".join(
        f'{name}="{svg.coordinate(value)}"' for name, value in (("x", x), ("y", y), ("width", wide), ("height", tall))
    )
    fill, css = (f"url(#{prefix}-p{age})", "bp") if age < len(PATTERNS) else (DARKEST, "b4")
    return f'<rect {box} fill="{fill}" stroke="{DARKEST}" stroke-width="1" class="{css}"/>'


def _key(prefix: str) -> list[str]:
    parts, x = [], Decimal(LEFT)
    for age, name in enumerate(AGES):
        parts.append(_box(prefix, age, x, Decimal(TALL - 16), Decimal(13), Decimal(13)))
        parts.append(svg.quiet(x + 19, TALL - 5, name))
        x += 19 + 7 * len(name) + 22
    return parts
