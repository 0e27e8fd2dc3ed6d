"""In which nation or region of the United Kingdom does a business work?"""

from __future__ import annotations

from enum import StrEnum


class Region(StrEnum):
    """The nations, and the regions of England, by the names of the national statistics."""

    NORTH_EAST = "North East"
    NORTH_WEST = "North West"
    YORKSHIRE_AND_THE_HUMBER = "Yorkshire and the Humber"
    EAST_MIDLANDS = "East Midlands"
    WEST_MIDLANDS = "West Midlands"
    EAST_OF_ENGLAND = "East of England"
    LONDON = "London"
    SOUTH_EAST = "South East"
    SOUTH_WEST = "South West"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"


WITHOUT_ARTICLE = frozenset(
    (Region.YORKSHIRE_AND_THE_HUMBER, Region.LONDON, Region.WALES, Region.SCOTLAND, Region.NORTHERN_IRELAND)
)


def in_region(region: str) -> str:
    """Where something is, as it stands in a sentence.

    >>> in_region("North West"), in_region("Wales")
    ('in the North West', 'in Wales')
    """
    return f"in {region}" if region in WITHOUT_ARTICLE else f"in the {region}"
