"""In which nations and regions is my money, and how much of what is lent there is late?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from moneyed import Money

from borrowers.domain.places import Region
from commonweal.access.requests import PersonRequest
from commonweal.documents.tile_map import tile_map
from commonweal.documents.words import listed
from commonweal.investor_portal.frame import Standing
from commonweal.templatetags.commonweal import SYMBOLS, day, money, percent
from ledger.domain.money import from_minor

NAMED = 4
"""Regions without anything that a map's title names; of more it gives the number."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a running loan: where its borrower is, the investor's principal, and how late the loan is."""

    region: str
    principal: Money
    days_late: int


@dataclass(frozen=True, slots=True)
class Place:
    """A nation or region with what is lent there; `query` narrows the list of loans to it."""

    name: str
    loans: int
    late: int
    principal: Money
    share: Decimal | None
    query: str


def region_asked(request: PersonRequest) -> str:
    """The region that `?region=` narrows a list to; nothing where it names none."""
    asked = request.GET.get("region", "")
    return asked if asked in set(Region) else ""


def places(about: Standing, parts: Sequence[Part]) -> list[Place]:
    """Each region in which something is lent, the most principal first."""
    whole = _principal(parts, about)
    found = [_place(about, region, [one for one in parts if one.region == region], whole) for region in Region]
    return sorted((one for one in found if one.loans), key=lambda one: (-one.principal, one.name))


def _place(about: Standing, region: str, parts: Sequence[Part], whole: Money) -> Place:
    principal = _principal(parts, about)
    share = principal.amount / whole.amount if whole else None
    query = f"{about.query}&{urlencode({'region': str(region)})}"
    return Place(str(region), len(parts), sum(1 for one in parts if one.days_late), principal, share, query)


def places_map(about: Standing, parts: Sequence[Part]) -> SafeString | str:
    """The tiles, whose title says where most is and where nothing is; nothing while nothing is lent."""
    found = [one for one in places(about, parts) if one.principal.amount > 0]
    if not found:
        return ""
    most, empty = found[0], [str(region) for region in Region if str(region) not in {one.name for one in found}]
    nowhere = listed(empty) if len(empty) <= NAMED else f"{len(empty)} of the {len(Region)} nations and regions"
    title = f"Most of your principal on {day(about.as_of)}, {money(most.principal)}, is in {_the(most.name)}"
    title += f"; none is in {nowhere}" if empty else ""
    amounts = {one.name: one.principal.amount for one in found}
    sign = SYMBOLS.get(about.book.base_currency, about.book.base_currency)
    return tile_map(f"where-{about.investor.pk}", title=title, amounts=amounts, sign=sign)


def _the(region: str) -> str:
    """`the North West`, but `Wales` and `London`."""
    plain = {Region.WALES, Region.SCOTLAND, Region.NORTHERN_IRELAND, Region.LONDON, Region.YORKSHIRE_AND_THE_HUMBER}
    return region if region in plain else f"the {region}"


def late_loans(late: int, loans: int) -> str:
    """How many of an investor's running loans are late: `2 of your 11 running loans are late`."""
    if loans == 1:
        return f"Your one running loan is {'late' if late else 'not late'}"
    if not late:
        return f"None of your {loans:,} running loans is late"
    return f"{late:,} of your {loans:,} running loans {'is' if late == 1 else 'are'} late"


def late_words(parts: Sequence[Part]) -> str:
    """How many loans are late, and what stands behind them, in a sentence; nothing where none runs."""
    late = [one.principal for one in parts if one.days_late]
    said = late_loans(len(late), len(parts))
    if not parts or not late:
        return f"{said}." if parts else ""
    behind = sum(late[1:], late[0])
    whole = sum((one.principal for one in parts), 0 * behind)
    share = f", {percent(behind.amount / whole.amount, 1)} of all that is lent for you" if whole else ""
    return f"{said}; behind {'it' if len(late) == 1 else 'them'} stand {money(behind)} of your principal{share}."


def _principal(parts: Iterable[Part], about: Standing) -> Money:
    return sum((one.principal for one in parts), from_minor(0, about.book.base_currency))
