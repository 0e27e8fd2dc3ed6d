"""How is a holding in the fund's own capital told, on the screen and on paper alike?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from commonweal.components import Fact
from commonweal.templatetags.commonweal import ABSENT, money, percent
from investors.domain.capital_holding import NOT_YET, CapitalHolding, Earned
from investors.domain.losses import FirstLossCover


def commitment_facts(one: CapitalHolding) -> list[Fact]:
    """Drawn + not drawn − cancelled + what may be called again is the commitment, as its rows add up."""
    stands = one.commitment
    return [
        Fact("Drawn", money(stands.drawn), "paid in, less what may be called again", number=True),
        Fact("Not drawn", money(stands.undrawn), "promised and never paid in", number=True),
        *([Fact("Cancelled", money(-stands.cancelled), number=True)] if stands.cancelled else []),
        *([Fact("May be called again", money(stands.recallable), number=True)] if stands.recallable else []),
        Fact("Your commitment", money(stands.amount), total=True),
        *([Fact("Called, and not paid in yet", money(stands.called), number=True)] if stands.called else []),
        Fact("May still be called", money(stands.callable), number=True),
    ]


def earned_facts(one: CapitalHolding) -> list[Fact]:
    """What was paid in and out, what the account stands at, the multiples of it, the rate, and what it cost."""
    found = one.earned
    multiples = found.multiples
    return [
        Fact("Paid in", money(multiples.paid_in), number=True),
        Fact("Paid out to you", money(multiples.distributed), f"DPI {times(multiples.dpi)}", number=True),
        Fact("Your capital account", money(multiples.net_asset_value), f"RVPI {times(multiples.rvpi)}", number=True),
        Fact("Both, to what you paid in", times(multiples.tvpi), "TVPI", number=True),
        Fact("Rate of return", rate_words(found), found.words, number=True),
        Fact("Management fees so far", money(one.fees), "taken off your account", number=True),
    ]


def rate_words(found: Earned) -> str:
    """The rate a year, or under a year that of its days; the words beside it say which, or why there is none."""
    if found.rate is None:
        return "not yet" if found.words == NOT_YET else ABSENT
    return percent(found.rate.over_the_period if found.rate.is_under_a_year else found.rate.rate, 2)


def times(ratio: Fraction | None) -> str:
    """A multiple with two decimals: `1.10×`; "not yet" where nothing was paid in."""
    if ratio is None:
        return "not yet"
    return f"{round(Decimal(ratio.numerator) / Decimal(ratio.denominator), 2):.2f}×"


def bears_first(cover: FirstLossCover) -> str:
    """How much stands below a class, for a list: `£7,328.24 bears losses first, 4.9% of the £151,075.02 above it`."""
    if cover.ratio is None:
        return f"{money(cover.remaining)} bears losses first"
    share = percent(Decimal(cover.ratio.numerator) / Decimal(cover.ratio.denominator), 1)
    return f"{money(cover.remaining)} bears losses first, {share} of the {money(cover.exposure)} above it"


def cover_words(one: CapitalHolding) -> str:
    """What bears losses before this class does."""
    if one.cover is None:
        return f"No class stands below {one.fund_class.name}: it bears losses first."
    remaining, exposure, ratio = money(one.cover.remaining), money(one.cover.exposure), one.cover.ratio
    share = ABSENT if ratio is None else percent(Decimal(ratio.numerator) / Decimal(ratio.denominator), 1)
    used = f" {money(one.cover.used)} of what stood there has borne losses." if one.cover.used else ""
    return (
        f"{remaining} of other capital bears losses before yours does: {share} of the {exposure} that it protects, "
        f"yours among it.{used}"
    )
