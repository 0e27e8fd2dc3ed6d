"""The few SVG elements that charts are made of: print colours in attributes, class names for the screen.

WeasyPrint's page styles do not reach inline SVG, so every element carries its print colour as a presentation
attribute; on the screen the class wins over the attribute, so the same text serves paper, light and dark.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from html import escape

from django.utils.safestring import SafeString

INK, MUTED, EDGE, LINE = "#17241f", "#505e58", "#74827b", "#d3dacf"
ON_DARK, ON_MIDDLE = "#ffffff", "#0f1f1b"
SERIES = (("#0f4c47", "f1"), ("#4f8098", "f2"), ("#c98f2d", "f3"))
SOFT = ("#cfe3db", "t1")
MIDDLE = ("#6fa89c", "t2")
FONT = "Source Sans 3, Source Sans 3 Ext, Source Sans Pro, sans-serif"


def coordinate(value: Decimal | int) -> str:
    """A length to a tenth of a pixel, without needless zeros: `44`, `114.5`."""
    text = f"{Decimal(value).quantize(Decimal('0.1'), rounding=ROUND_HALF_EVEN):f}".removesuffix(".0")
    return "0" if text == "-0" else text


def clipped(text: str, limit: int) -> str:
    """A label that fits; the whole name stands in the table beside the chart."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def line(x1: Decimal | int, y1: Decimal | int, x2: Decimal | int, y2: Decimal | int, css: str = "axis") -> str:
    """A hairline: `axis` is the visible one at nought, `grid` the faint ones, `mark` a dashed one that says where."""
    stroke = LINE if css == "grid" else EDGE
    dashes = ' stroke-dasharray="3 3"' if css == "mark" else ""
    css = "axis" if css == "mark" else css
    ends = f'x1="{coordinate(x1)}" y1="{coordinate(y1)}" x2="{coordinate(x2)}" y2="{coordinate(y2)}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="1"{dashes} class="{css}"/>'


def rect(
    x: Decimal | int, y: Decimal | int, width: Decimal | int, height: Decimal | int, colour: tuple[str, str]
) -> str:
    """A filled rectangle; `colour` is its print colour and its class."""
    box = f'x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(width)}" height="{coordinate(height)}"'
    return f'<rect {box} fill="{colour[0]}" class="{colour[1]}"/>'


def rounded(
    x: Decimal | int, y: Decimal | int, width: Decimal | int, height: Decimal | int, colour: tuple[str, str]
) -> str:
    """The same with round corners."""
    return rect(x, y, width, height, colour).replace("<rect ", '<rect rx="5" ', 1)


def label(
    x: Decimal | int,
    y: Decimal | int,
    words: str,
    *,
    size: int = 13,
    anchor: str = "start",
    fill: str = INK,
    css: str = "",
    bold: bool = False,
) -> str:
    """A line of text, escaped. Quiet text on an axis is `fill=MUTED, css="q"`."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' class="{css}"' if css else ""
    more += ' font-weight="700"' if bold else ""
    place = f'x="{coordinate(x)}" y="{coordinate(y)}"'
    return f'<text {place} font-size="{size}" fill="{fill}"{more}>{escape(words)}</text>'


def quiet(x: Decimal | int, y: Decimal | int, words: str, anchor: str = "start") -> str:
    """Text on an axis."""
    return label(x, y, words, size=12, anchor=anchor, fill=MUTED, css="q")


def figure(prefix: str, title: str, width: int, height: Decimal | int, parts: Sequence[str]) -> SafeString:
    """The whole chart. The title comes first and states the finding: it is the alternative text, also in the PDF.

    Raises ValueError without a title, because a chart that says nothing to a screen reader is not finished.
    """
    if not title.strip():
        raise ValueError(f"the chart {prefix!r} has no title; say its finding in a sentence")
    tall = coordinate(height)
    identity = escape(prefix)
    head = (
        f'<svg class="chart" role="img" aria-labelledby="{identity}-t" viewBox="0 0 {width} {tall}" '
        f'width="{width}" height="{tall}" font-family="{FONT}" xmlns="http://www.w3.org/2000/svg">'
    )
    body = "\n".join(f"  {part}" for part in (f'<title id="{identity}-t">{escape(title)}</title>', *parts))
    return SafeString(f"{head}\n{body}\n</svg>")
