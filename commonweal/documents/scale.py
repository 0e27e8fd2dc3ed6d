"""Which values stand on a chart's axis, and how are large amounts said in few letters?"""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

LADDER = (1, 2, 4, 5, 10)
THOUSAND = Decimal(1_000)
MILLION = Decimal(1_000_000)


def ticks(largest: Decimal, most: int = 3) -> tuple[Decimal, ...]:
    """Round values from nought to just above `largest`, at most `most` steps; nought alone when nothing is larger.

    >>> [int(tick) for tick in ticks(Decimal("269000"))]
    [0, 100000, 200000, 300000]
    """
    if largest <= 0:
        return (Decimal(0),)
    unit = Decimal(1).scaleb((largest / most).adjusted())
    step = next(unit * rung for rung in LADDER if unit * rung * most >= largest)
    count = int((largest / step).to_integral_value(rounding=ROUND_CEILING))
    return tuple(step * n for n in range(count + 1))


def height(value: Decimal, top: Decimal, pixels: int) -> Decimal:
    """How many pixels a value takes on an axis that ends at `top`. Raises ValueError below nought."""
    if value < 0:
        raise ValueError(f"charts start at nought, so {value} cannot be drawn; say it in words beside the chart")
    return value / top * pixels if top else Decimal(0)


def brief(value: Decimal, sign: str = "", by: Decimal | None = None) -> str:
    """An amount in few letters, half to even: `£54k`, `£1.2m`, `£677`; `by` says how large the whole axis is.

    >>> brief(Decimal("53860.82"), "£"), brief(Decimal("1240000"), "£"), brief(Decimal("676.65"), "£")
    ('£54k', '£1.2m', '£677')
    """
    size = value if by is None else by
    if value and size >= MILLION:
        return f"{sign}{_plain(value / MILLION, '0.1')}m"
    if value and size >= 10 * THOUSAND:
        return f"{sign}{_plain(value / THOUSAND, '0.1' if size < 20 * THOUSAND and by else '1')}k"
    return f"{sign}{_plain(value, '1')}"


def _plain(value: Decimal, unit: str) -> str:
    text = f"{value.quantize(Decimal(unit), rounding=ROUND_HALF_EVEN):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
