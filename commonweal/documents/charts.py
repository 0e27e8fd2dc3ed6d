"""Charts as SVG text: pure functions, Decimal in, the same text out for the same values, and no float between.

The caller gives each chart a prefix that is unique in its document (ids begin with it) and a title that states the
finding. The data stands in a table beside every chart. No axis starts anywhere but at nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.safestring import SafeString

from commonweal.documents import svg
from commonweal.documents.scale import brief, height, ticks
from commonweal.documents.words import day_month, month_year

AXIS_ROOM, END_ROOM, TOP, FOOT_ROOM = 48, 58, 16, 26
NAMED_END_ROOM = 74
NAME_ROOM, VALUE_ROOM = 132, 52


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on, the balance is this much."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A balance over time and its name in a word or two."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, its parts stacked from the bottom."""

    name: str
    parts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar and the words at its end."""

    name: str
    value: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A dashed line after so many columns, with a word on either side of it where there is room."""

    after: int
    before_words: str
    after_words: str


def step_line(
    prefix: str, *, title: str, steps: Sequence[Step], until: date, sign: str, width: int = 658, tall: int = 150
) -> SafeString:
    """A balance over time as steps, because money moves in steps; steps in order of date, none after `until`."""
    frame = _Frame(steps[0].on, until, ticks(max(step.value for step in steps)), width - END_ROOM, tall - FOOT_ROOM)
    last = steps[-1].value
    colour, css = svg.SERIES[0]
    parts = [
        *frame.ground(sign, tall),
        frame.path(steps, colour, "s1"),
        f'<circle cx="{frame.right}" cy="{svg.coordinate(frame.y(last))}" r="4" fill="{colour}" class="{css}"/>',
        svg.label(frame.right + 9, frame.y(last) + Decimal("4.5"), brief(last, sign), bold=True),
    ]
    return svg.figure(prefix, title, width, tall, parts)


def step_lines(
    prefix: str, *, title: str, lines: Sequence[Line], until: date, sign: str, width: int = 658, tall: int = 176
) -> SafeString:
    """Two balances over time on one axis, each with its name and last value at its end.

    Both begin on the same day. The names stand in the order of the last values; those that would touch are moved apart.
    """
    largest = max(step.value for line in lines for step in line.steps)
    end_room = max(NAMED_END_ROOM, *(6 * len(line.name) + 12 for line in lines))
    frame = _Frame(lines[0].steps[0].on, until, ticks(largest), width - end_room, tall - FOOT_ROOM)
    colours = _stack_colours(len(lines))
    parts = frame.ground(sign, tall)
    for line, (colour, css) in zip(lines, colours, strict=True):
        parts.append(frame.path(line.steps, colour, f"s{css[1:]}"))
    ordered = sorted(zip(lines, colours, strict=True), key=lambda each: each[0].steps[-1].value)
    heights = [frame.y(line.steps[-1].value) for line, _ in ordered]
    for (line, (colour, css)), y, foot in zip(ordered, heights, _apart(heights, frame.base), strict=True):
        parts.append(f'<circle cx="{frame.right}" cy="{svg.coordinate(y)}" r="4" fill="{colour}" class="{css}"/>')
        parts.append(svg.label(frame.right + 9, foot - 15, brief(line.steps[-1].value, sign), bold=True))
        parts.append(svg.quiet(frame.right + 9, foot, line.name))
    return svg.figure(prefix, title, width, tall, parts)


def _apart(heights: Sequence[Decimal], base: int) -> list[Decimal]:
    """The feet of two-line labels beside points, of which the lowest on the page comes first: none touches another,
    and none stands below the axis or above the picture."""
    feet, floor = list[Decimal](), Decimal(base + 2)
    for y in heights:
        feet.append(min(y + Decimal("4.5"), floor))
        floor = feet[-1] - 34
    roof = Decimal(27)
    for place in reversed(range(len(feet))):
        feet[place] = max(feet[place], roof)
        roof = feet[place] + 34
    return feet


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where days and values lie in a chart of steps."""

    first: date
    until: date
    axis: tuple[Decimal, ...]
    right: int
    base: int

    def x(self, on: date) -> Decimal:
        days = max((self.until - self.first).days, 1)
        return AXIS_ROOM + Decimal((on - self.first).days * (self.right - AXIS_ROOM)) / days

    def y(self, value: Decimal) -> Decimal:
        return self.base - height(value, self.axis[-1], self.base - TOP)

    def path(self, steps: Sequence[Step], colour: str, css: str) -> str:
        """The steps, and the last of them on to the right edge."""
        path = f"M{svg.coordinate(AXIS_ROOM)} {svg.coordinate(self.y(steps[0].value))}"
        for step in steps[1:]:
            path += f"H{svg.coordinate(self.x(step.on))}V{svg.coordinate(self.y(step.value))}"
        path += f"H{svg.coordinate(self.right)}"
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" class="{css}"/>'

    def ground(self, sign: str, tall: int) -> list[str]:
        """The axis, its lines and the dates."""
        return [
            *_grid(self.axis, AXIS_ROOM, self.right, self.base, sign),
            *_dates(self.first, self.until, AXIS_ROOM, self.right, tall),
        ]


def stacked_columns(
    prefix: str,
    *,
    title: str,
    columns: Sequence[Column],
    names: Sequence[str],
    sign: str,
    divider: Divider | None = None,
    width: int = 658,
    tall: int = 176,
) -> SafeString:
    """Columns of stacked parts, such as principal and interest of each instalment; `names` says what the parts are."""
    top, base, left = TOP + 20, tall - FOOT_ROOM, AXIS_ROOM
    axis = ticks(max(sum(column.parts, Decimal(0)) for column in columns))
    slot = Decimal(width - left) / len(columns)
    thick, every = min(slot * Decimal("0.68"), Decimal(40)), _every(len(columns))
    parts = [*_key(names, left), *_grid(axis, left, width, base, sign, top)]
    for position, column in enumerate(columns):
        x, y = left + slot * position + (slot - thick) / 2, Decimal(base)
        for colour, value in zip(_stack_colours(len(names)), column.parts, strict=True):
            tallness = height(value, axis[-1], base - top)
            y -= tallness
            if value:
                parts.append(svg.rect(x, y, thick, tallness, colour))
        if position % every == 0:
            parts.append(svg.quiet(x, tall - 8, column.name))
    if divider and 0 < divider.after < len(columns):
        parts += _divide(divider, left + slot * divider.after, base, left, width)
    return svg.figure(prefix, title, width, tall, parts)


def bars(
    prefix: str,
    *,
    title: str,
    rows: Sequence[Bar],
    width: int = 330,
    name_room: int = NAME_ROOM,
    value_room: int = VALUE_ROOM,
) -> SafeString:
    """Horizontal bars with their names before and their values behind, longest as long as there is room."""
    largest = max((row.value for row in rows), default=Decimal(0))
    tall = 22 * len(rows)
    parts: list[str] = []
    for position, row in enumerate(rows):
        top = 22 * position + 5
        long = max(height(row.value, largest, width - name_room - value_room), Decimal(1))
        parts += _bar(row, top, long, name_room, svg.SERIES[0])
    parts.append(svg.line(name_room, 0, name_room, tall))
    return svg.figure(prefix, title, width, tall, parts)


def share_bar(prefix: str, *, title: str, rows: Sequence[Bar], width: int = 420) -> SafeString:
    """One bar split by share, at most three parts: words inside where they fit, names below.

    A name wider than its part has the words with it, and stands a line lower where it would run into another. Rows
    without names are named beside the chart, in the order and the colours of the bar.
    """
    shown = [row for row in rows if row.value > 0]
    if len(shown) > len(svg.SERIES):
        raise ValueError(f"a share bar has at most {len(svg.SERIES)} parts, and {len(shown)} are given; use bars")
    whole = sum((row.value for row in shown), Decimal(0))
    room = width - 2 * max(len(shown) - 1, 0)
    inks = ((svg.ON_DARK, "inv"), (svg.ON_DARK, "inv"), (svg.ON_MIDDLE, "i2"))
    x, parts, wide = Decimal(0), list[str](), list[tuple[Decimal, str]]()
    lines: list[list[tuple[Decimal, Decimal]]] = []
    for row, colour, (ink, css) in zip(shown, svg.SERIES, inks, strict=False):
        long = row.value / whole * room
        parts.append(svg.rect(x, 0, long, 28, colour))
        fits = long > 7 * len(row.words) + 16
        below = row.name if fits else f"{row.name} {row.words}"
        if fits:
            parts.append(svg.label(x + 10, 19, row.words, fill=ink, css=css, bold=True))
        if row.name and long > 6 * len(below):
            parts.append(svg.quiet(x, 44, below))
            _line_for((x, x + 6 * len(below)), lines)
        elif row.name:
            wide.append((x, below))
        x += long + 2
    for begins, below in wide:
        fits = begins + 6 * len(below) <= width
        ends = begins + 6 * len(below) if fits else Decimal(width)
        on = _line_for((ends - 6 * len(below), ends), lines)
        parts.append(svg.quiet(begins if fits else width, 44 + 16 * on, below, "start" if fits else "end"))
    return svg.figure(prefix, title, width, 48 + 16 * (len(lines) - 1) if lines else 28, parts)


def _line_for(span: tuple[Decimal, Decimal], lines: list[list[tuple[Decimal, Decimal]]]) -> int:
    """The first line on which nothing stands where a label would, which it takes; another is begun where none is."""
    for number, line in enumerate(lines):
        if all(span[0] >= end or span[1] <= begin for begin, end in line):
            line.append(span)
            return number
    lines.append([span])
    return len(lines) - 1


def progress(
    prefix: str, *, title: str, rows: Sequence[Bar], target: Bar, width: int = 420, name_room: int = NAME_ROOM
) -> SafeString:
    """Readings in order of time against a target: the first row (the baseline) is quiet, the target a dashed line."""
    largest = max([target.value, *(row.value for row in rows)])
    longest = max((8 * len(row.words) + 10 for row in rows), default=0)
    room, top, tall = width - name_room - max(VALUE_ROOM, longest), 22, 22 + 22 * len(rows)
    parts: list[str] = []
    at = name_room + height(target.value, largest, room)
    for position, row in enumerate(rows):
        colour = svg.SERIES[0] if position else svg.MIDDLE
        long = max(height(row.value, largest, room), Decimal(1))
        parts += _bar(row, top + 22 * position + 5, long, name_room, colour, at)
    parts += [svg.line(name_room, top, name_room, tall), svg.line(at, 16, at, tall, "mark")]
    words = f"{target.name} {target.words}"
    half = 3 * len(words)
    anchor = "middle" if half <= at <= width - half else "end" if at >= 2 * half else "start"
    parts.append(svg.quiet(at, 11, words, anchor))
    return svg.figure(prefix, title, width, tall, parts)


def _bar(
    row: Bar, top: int, long: Decimal, name_room: int, colour: tuple[str, str], mark: Decimal | None = None
) -> list[str]:
    """A bar with its name and words; words that would lie across the line at `mark` go into the bar."""
    end, words_long = name_room + long, 8 * len(row.words)
    words = svg.label(end + 7, top + 11, row.words, bold=True)
    if mark is not None and end + 2 < mark < end + 7 + words_long and long > words_long + 12:
        ink, css = (svg.ON_MIDDLE, "i2") if colour == svg.MIDDLE else (svg.ON_DARK, "inv")
        words = svg.label(end - 6, top + 11, row.words, size=12, anchor="end", fill=ink, css=css, bold=True)
    return [
        svg.label(name_room - 10, top + 11, svg.clipped(row.name, name_room // 7), anchor="end"),
        svg.rect(name_room, top, long, 13, colour),
        words,
    ]


def _grid(axis: Sequence[Decimal], left: int, right: int, base: int, sign: str, top: int = TOP) -> list[str]:
    parts: list[str] = []
    for tick in axis:
        y = base - height(tick, axis[-1], base - top)
        parts.append(svg.line(left, y, right, y, "grid" if tick else "axis"))
        parts.append(svg.quiet(left - 7, y + Decimal("4.5"), brief(tick, sign, axis[-1]), "end"))
    return parts


def _dates(first: date, until: date, left: int, right: int, tall: int) -> list[str]:
    """Five dates along the bottom, or fewer where two would say the same."""
    days = (until - first).days
    say = month_year if days > 180 else day_month
    named: dict[str, int] = {}
    for quarter in range(5):
        named.setdefault(say(first + timedelta(days=days * quarter // 4)), quarter)
    return [
        svg.quiet(left + Decimal(quarter * (right - left)) / 4, tall - 8, words, _anchor(quarter))
        for words, quarter in named.items()
    ]


def _anchor(quarter: int) -> str:
    return {0: "start", 4: "end"}.get(quarter, "middle")


def _stack_colours(count: int) -> Sequence[tuple[str, str]]:
    """Two parts stand furthest apart in harbour green and brass; three use slate blue between them."""
    first, second, third = svg.SERIES
    return (first, third)[:count] if count < 3 else (first, second, third)


def _key(names: Sequence[str], left: int) -> list[str]:
    parts, x = [], left
    for name, colour in zip(names, _stack_colours(len(names)), strict=True):
        parts += [svg.rect(x, 4, 10, 10, colour), svg.quiet(x + 16, 13, name)]
        x += 16 + 7 * len(name) + 18
    return parts


def _every(count: int) -> int:
    """How many columns share one name below: at most six names, and whole years where there are years of months."""
    return -(-count // 6) if count <= 24 else 12 * -(-count // 72)


def _divide(divider: Divider, x: Decimal, base: int, left: int, right: int) -> list[str]:
    """The line, and its words where their side has room for them: words that do not fit would lie over the axis."""
    parts = [svg.line(x, 22, x, base, "mark")]
    if x - left > _room(divider.before_words):
        parts.append(svg.quiet(x - 6, 31, divider.before_words, "end"))
    if right - x > _room(divider.after_words):
        parts.append(svg.quiet(x + 6, 31, divider.after_words))
    return parts


def _room(words: str) -> int:
    """How wide quiet words stand, and the gap before them."""
    return 6 * len(words) + 6
