"""How are small areas and postcodes written, in which nation is each, and which of them is town or country?"""

from __future__ import annotations

import re
from enum import StrEnum

from borrowers.domain.place_errors import NoSuchPlace
from borrowers.domain.places import Region


class Nation(StrEnum):
    """The nations of the United Kingdom, by the letters of the composite index."""

    ENGLAND = "E"
    NORTHERN_IRELAND = "N"
    SCOTLAND = "S"
    WALES = "W"

    @property
    def words(self) -> str:
        """The nation as it is written."""
        return _NATIONS[self]


_NATIONS = {
    Nation.ENGLAND: "England",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
    Nation.SCOTLAND: "Scotland",
    Nation.WALES: "Wales",
}


class Boundaries(StrEnum):
    """After which census the small areas of a table were drawn; a code of one is not a code of the other."""

    OF_2011 = "2011"
    OF_2021 = "2021"


class Settlement(StrEnum):
    """Town or country, as the national statistics of each nation class a postcode."""

    URBAN = "urban"
    RURAL = "rural"


_AREAS: dict[Nation, re.Pattern[str]] = {
    Nation.ENGLAND: re.compile(r"E01\d{6}"),
    Nation.WALES: re.compile(r"W01\d{6}"),
    Nation.SCOTLAND: re.compile(r"S01\d{6}"),
    Nation.NORTHERN_IRELAND: re.compile(r"95[A-Z]{2}\d{2}[CSW]\d|N2\d{7}"),
}

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")

_REGIONS = {
    "E12000001": Region.NORTH_EAST,
    "E12000002": Region.NORTH_WEST,
    "E12000003": Region.YORKSHIRE_AND_THE_HUMBER,
    "E12000004": Region.EAST_MIDLANDS,
    "E12000005": Region.WEST_MIDLANDS,
    "E12000006": Region.EAST_OF_ENGLAND,
    "E12000007": Region.LONDON,
    "E12000008": Region.SOUTH_EAST,
    "E12000009": Region.SOUTH_WEST,
    "W99999999": Region.WALES,
    "S99999999": Region.SCOTLAND,
    "N99999999": Region.NORTHERN_IRELAND,
}
"""Regions by the codes of the national statistics; the pseudo codes stand for the other three nations."""


def nation_of(area: str) -> Nation | None:
    """The nation of a small area by its code; None where it is not written as such a code is.

    England and Wales: LSOA. Scotland: data zone. Northern Ireland: SOA of 2001, or data zone of 2021.

    >>> nation_of("E01000001"), nation_of("95GG40S1"), nation_of("E02000001")
    (<Nation.ENGLAND: 'E'>, <Nation.NORTHERN_IRELAND: 'N'>, None)
    """
    return next((nation for nation, pattern in _AREAS.items() if pattern.fullmatch(area)), None)


def area_written(text: str) -> str:
    """A small area's code in capitals, without spaces. Raises NoSuchPlace where it is not written as one."""
    code = "".join(text.split()).upper()
    if nation_of(code) is None:
        raise NoSuchPlace(
            f"{text.strip()!r} is not written as the code of a small area is, such as E01000001 or S01006506. "
            "Correct it, or give the postcode; nothing was changed."
        )
    return code


def postcode_written(text: str) -> str:
    """A postcode in capitals without its space: `CA65PZ`. Raises NoSuchPlace where it is not written as one."""
    code = "".join(text.split()).upper()
    if not _POSTCODE.fullmatch(code):
        raise NoSuchPlace(
            f"{text.strip()!r} is not written as a postcode of the United Kingdom is, such as CA6 5PZ. "
            "Correct it; nothing was changed."
        )
    return code


def postcode_shown(code: str) -> str:
    """A postcode as people write it.

    >>> postcode_shown("CA65PZ")
    'CA6 5PZ'
    """
    return f"{code[:-3]} {code[-3:]}" if code else ""


def region_coded(code: str, area: str) -> str:
    """The region for a region's code, or else for the nation of an area; "" where neither says."""
    if code in _REGIONS:
        return _REGIONS[code]
    match nation_of(area):
        case Nation.WALES:
            return Region.WALES
        case Nation.SCOTLAND:
            return Region.SCOTLAND
        case Nation.NORTHERN_IRELAND:
            return Region.NORTHERN_IRELAND
        case _:
            return ""


def settlement_coded(code: str) -> Settlement | None:
    """Town or country for a code of the postcode directory; None where it says nothing.

    England and Wales, both censuses: `A` to `C` and `UN`/`UF` are urban, `D` to `F` and `RL`/`RS` rural. Scotland:
    the eightfold classes, of which 6 to 8 are rural. Northern Ireland's bands of one letter, `A` to `H`, are rural
    from `F` on. Sources: the user guides of the ONS Postcode Directory and of the rural-urban classifications.

    >>> settlement_coded("C1"), settlement_coded("6"), settlement_coded("RLF1"), settlement_coded("")
    (<Settlement.URBAN: 'urban'>, <Settlement.RURAL: 'rural'>, <Settlement.RURAL: 'rural'>, None)
    """
    if re.fullmatch(r"[A-C]\d|U[NF]\d|[1-5]|[A-E]", code):
        return Settlement.URBAN
    if re.fullmatch(r"[D-F]\d|R[LS][NF]\d|[6-8]|[F-H]", code):
        return Settlement.RURAL
    return None
