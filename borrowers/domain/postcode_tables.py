"""In which small area does a postcode lie? The dated postcode directory, line by line, by its headings."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from borrowers.domain.areas import nation_of, postcode_written, region_coded, settlement_coded
from borrowers.domain.place_errors import NoSuchPlace, PlaceTableBroken
from borrowers.domain.place_tables import readable, unbroken

POSTCODES = ("pcds", "pcd", "pcd7", "pcd8", "postcode")
AREAS_2011 = ("lsoa11", "lsoa11cd")
AREAS_2021 = ("lsoa21", "lsoa21cd")
REGIONS = ("rgn", "rgn20cd", "rgn25cd")
SETTLEMENTS = ("ru11ind", "ruc11ind", "ruc21ind", "ruc21")


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode without its space, its small areas by both boundaries, its region, town or country; "" if unknown."""

    postcode: str
    area_2011: str
    area_2021: str
    region: str
    settlement: str


def read_postcodes(lines: Iterable[str]) -> Iterator[PostcodeRow]:
    """The rows of a postcode directory as they come. Raises PlaceTableBroken, naming the line."""
    rows = readable(csv.reader(unbroken(lines)))
    headings = [heading.strip().lower() for heading in next(rows, [])]
    columns = _Columns(
        *(_place(headings, names) for names in (POSTCODES, AREAS_2011, AREAS_2021, REGIONS, SETTLEMENTS))
    )
    if columns.postcode is None or (columns.area_2011 is None and columns.area_2021 is None):
        raise PlaceTableBroken(
            "Line 1 has no heading for the postcode (pcds), or none for its small area (lsoa11, lsoa21). "
            "Load the ONS Postcode Directory as it is published; nothing was loaded."
        )
    return _rows(rows, len(headings), columns)


class _Columns(NamedTuple):
    """Where each column stands; None where the directory has none such."""

    postcode: int | None
    area_2011: int | None
    area_2021: int | None
    region: int | None
    settlement: int | None

    def of(self, cells: Sequence[str]) -> Iterator[str]:
        """The cells in this order; "" for a column that is not there."""
        return ("" if place is None else cells[place].strip() for place in self)


def _place(headings: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _rows(rows: Iterator[list[str]], width: int, columns: _Columns) -> Iterator[PostcodeRow]:
    line = 1
    for line, cells in enumerate(rows, start=2):
        if len(cells) != width:
            raise _broken(line, f"{len(cells)} cells where there are {width} headings")
        postcode, old, new, region, settlement = columns.of(cells)
        old, new = _area(line, old), _area(line, new)
        in_region, kind = region_coded(region, old or new), settlement_coded(settlement) or ""
        yield PostcodeRow(_postcode(line, postcode), old, new, in_region, kind)
    if line == 1:
        raise PlaceTableBroken("The file has headings and no rows. Load the whole directory; nothing was loaded.")


def _postcode(line: int, text: str) -> str:
    try:
        return postcode_written(text)
    except NoSuchPlace:
        raise _broken(line, f"{text!r} is not written as a postcode is") from None


def _area(line: int, text: str) -> str:
    """A small area's code; "" where the directory has none, as for the Channel Islands."""
    if not text or text.endswith("99999999") or text == "ZZ99ZZZZ":
        return ""
    if nation_of(text) is None:
        raise _broken(line, f"{text!r} is not written as the code of a small area is")
    return text


def _broken(line: int, what: str) -> PlaceTableBroken:
    return PlaceTableBroken(
        f"Line {line}: {what}. Fetch the directory anew from its source, or correct the line; nothing was loaded."
    )
