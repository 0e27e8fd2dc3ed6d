"""What do the published tables of deprivation say, line by line? Columns are found by their headings.

Known are the composite index of mySociety, which carries each nation's own decile beside it, the English indices as
they are published, and a plain table of `area_code,decile[,rank]` to which any other can be cut down.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from borrowers.domain.areas import Boundaries, Nation, nation_of
from borrowers.domain.deciles import DECILES, DecileScale
from borrowers.domain.place_errors import PlaceTableBroken, PlaceTableUnclear

COMPOSITE = ["nation", "lsoa", "original_decile", "UK_IMD_E_pop_decile"]
PLAIN = (["area_code", "decile"], ["area_code", "decile", "rank"])
ENGLISH_DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
ENGLISH_RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"

OWN_INDICES: dict[Nation, tuple[str, str, str]] = {
    Nation.ENGLAND: ("imd-2019", "English IMD", "2019"),
    Nation.SCOTLAND: ("simd-2020v2", "Scottish IMD", "2020v2"),
    Nation.WALES: ("wimd-2019", "Welsh IMD", "2019"),
    Nation.NORTHERN_IRELAND: ("nimdm-2017", "Northern Ireland MDM", "2017"),
}
"""The nation's own indices behind the composite: code, name and edition."""

MYSOCIETY = (
    "mySociety, Composite UK IMD Index, https://pages.mysociety.org/composite_uk_imd/",
    "CC BY 4.0",
    "Composite UK Index of Multiple Deprivation by mySociety, CC BY 4.0",
)
GOVERNMENT = (
    "Ministry of Housing, Communities and Local Government, English indices of deprivation",
    "Open Government Licence v3.0",
    "Contains public sector information licensed under the Open Government Licence v3.0",
)


@dataclass(frozen=True, slots=True)
class TableSays:
    """What somebody says about a table that does not stand in it; empty where the table itself is known."""

    version: str = ""
    index: str = ""
    edition: str = ""
    nation: Nation | None = None
    boundaries: Boundaries | None = None
    source: str = ""
    licence: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One decile of one area, on the scale with this code; the rank where the table gives one."""

    scale: str
    area: str
    decile: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The scales of a table, and its rows as they come; the rows raise PlaceTableBroken at the first bad line."""

    scales: tuple[DecileScale, ...]
    rows: Iterator[AreaRow]


def read_table(lines: Iterable[str], says: TableSays) -> ReadTable:
    """A table of deprivation by its headings. Raises PlaceTableBroken and PlaceTableUnclear."""
    reader = csv.reader(unbroken(lines))
    headings = next(readable(reader), None)
    if headings is None:
        raise PlaceTableBroken("The file is empty. Load the whole table; nothing was loaded.")
    if headings == COMPOSITE:
        return _composite(reader, says)
    if ENGLISH_DECILE in headings:
        return _english(reader, headings, says)
    if headings in PLAIN:
        return _plain(reader, headings, says)
    raise PlaceTableBroken(
        f"Line 1 has the headings {', '.join(headings)[:200]}, which are none of a table that is known. "
        f"Load the composite index ({', '.join(COMPOSITE)}), an English index as it is published as CSV, or a plain "
        "table with area_code, decile and perhaps rank. Nothing was loaded."
    )


def _composite(reader: Reader, says: TableSays) -> ReadTable:
    version = _said(says.version, "table-version", "3.4.0; deciles were corrected between versions")
    source, licence, attribution = _sourced(says, MYSOCIETY)
    whole = f"uk-composite-{_slug(version)}"

    def scale(code: str, index: str, edition: str, column: str, nation: Nation | None) -> DecileScale:
        return DecileScale(
            code, index, edition, version, column, Boundaries.OF_2011, nation, source, licence, attribution
        )

    scales = [scale(whole, "Composite UK index", "UK_IMD_E (England-anchored)", COMPOSITE[3], None)]
    codes: dict[str, str] = {}
    for nation, (own, index, edition) in OWN_INDICES.items():
        codes[nation] = f"{own}-in-composite-{_slug(version)}"
        scales.append(scale(codes[nation], index, edition, COMPOSITE[2], nation))

    def rows() -> Iterator[AreaRow]:
        for line, (nation, area, own, composite) in _lines(reader, len(COMPOSITE)):
            if nation_of(area) is None or nation_of(area) != nation:
                raise _broken(line, f"{area!r} is no small area of the nation {nation!r}")
            yield AreaRow(whole, area, _decile(line, composite), None)
            yield AreaRow(codes[nation], area, _decile(line, own), None)

    return ReadTable(tuple(scales), rows())


def _english(reader: Reader, headings: list[str], says: TableSays) -> ReadTable:
    area_heading = next((name for name in headings if re.fullmatch(r"LSOA code \(20\d\d\)", name)), None)
    if area_heading is None:
        raise PlaceTableBroken("Line 1 has no heading such as LSOA code (2021). Load the table whole.")
    boundaries = Boundaries(area_heading[-5:-1])
    edition = says.edition or {Boundaries.OF_2011: "2019", Boundaries.OF_2021: "2025"}[boundaries]
    source, licence, attribution = _sourced(says, GOVERNMENT)
    code = "-".join(part for part in ("imd", _slug(edition), _slug(says.version)) if part)
    scale = DecileScale(
        code,
        "English IMD",
        edition,
        says.version,
        "IMD Decile",
        boundaries,
        Nation.ENGLAND,
        source,
        licence,
        attribution,
    )
    places = [headings.index(area_heading), headings.index(ENGLISH_DECILE)]
    ranked = headings.index(ENGLISH_RANK) if ENGLISH_RANK in headings else None

    def rows() -> Iterator[AreaRow]:
        for line, cells in _lines(reader, len(headings)):
            area, decile = (cells[place] for place in places)
            yield _own_row(scale, line, area, decile, cells[ranked] if ranked is not None else "")

    return ReadTable((scale,), rows())


def _plain(reader: Reader, headings: list[str], says: TableSays) -> ReadTable:
    index = _said(says.index, "index", "'Welsh IMD'")
    edition = _said(says.edition, "edition", "2019")
    if says.nation is None or says.boundaries is None:
        raise PlaceTableUnclear(
            "A plain table does not say of which nation and which boundaries it is. Say it with --nation (E, N, S or "
            "W) and --boundaries (2011 or 2021); nothing was loaded."
        )
    source, licence, attribution = (
        _said(given, name, example)
        for given, name, example in (
            (says.source, "source", "'Welsh Government, WIMD 2019'"),
            (says.licence, "licence", "'Open Government Licence v3.0'"),
            (says.attribution, "attribution", "'Contains public sector information …'"),
        )
    )
    code = "-".join(part for part in (_slug(index), _slug(edition), _slug(says.version)) if part)
    column = "decile"
    scale = DecileScale(
        code, index, edition, says.version, column, says.boundaries, says.nation, source, licence, attribution
    )

    def rows() -> Iterator[AreaRow]:
        for line, cells in _lines(reader, len(headings)):
            yield _own_row(scale, line, cells[0], cells[1], cells[2] if len(cells) > 2 else "")

    return ReadTable((scale,), rows())


def _own_row(scale: DecileScale, line: int, area: str, decile: str, rank: str) -> AreaRow:
    if not (nation_of(area) and scale.covers_area(area)):
        raise _broken(line, f"{area!r} is no small area of {scale.covers.removesuffix(' only')}")
    return AreaRow(scale.code, area, _decile(line, decile), _rank(line, rank))


Reader = Iterator[list[str]]


def _lines(reader: Reader, width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows with their line numbers, the headings being line 1; each has a cell for every heading."""
    line = 1
    for line, cells in enumerate(readable(reader), start=2):
        if len(cells) != width:
            raise _broken(line, f"{len(cells)} cells where there are {width} headings")
        yield line, [cell.strip() for cell in cells]
    if line == 1:
        raise PlaceTableBroken("The file has headings and no rows. Load the whole table; nothing was loaded.")


def readable(reader: Reader) -> Reader:
    """The rows of a CSV. Raises PlaceTableBroken where one cannot be read."""
    try:
        yield from reader
    except csv.Error as error:
        raise PlaceTableBroken(f"The file is no readable CSV: {error}. Load it as published.") from error


def unbroken(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a file. Raises PlaceTableBroken where it is cut off, no text, or no gzip that its name promises."""
    try:
        yield from lines
    except (UnicodeDecodeError, EOFError, zlib.error, OSError) as error:
        raise PlaceTableBroken(
            f"The file cannot be read to its end: {error}. Fetch it anew from its source; nothing was loaded."
        ) from error


def _decile(line: int, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 3 and int(text) in DECILES):
        raise _broken(line, f"{text!r} is no decile from 1 to 10")
    return int(text)


def _rank(line: int, text: str) -> int | None:
    plain = text.replace(",", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal() and 0 < len(plain) < 8 and int(plain)):
        raise _broken(line, f"{text!r} is no rank from 1 on")
    return int(plain)


def _broken(line: int, what: str) -> PlaceTableBroken:
    return PlaceTableBroken(
        f"Line {line}: {what}. Fetch the table anew from its source, or correct the line; nothing was loaded."
    )


def _said(given: str, option: str, example: str) -> str:
    if not given.strip():
        raise PlaceTableUnclear(
            f"The table does not say its {option.removeprefix('table-')}. Give it with --{option}, such as {example}."
        )
    return given.strip()


def _sourced(says: TableSays, usual: tuple[str, str, str]) -> tuple[str, str, str]:
    given = (says.source, says.licence, says.attribution)
    source, licence, attribution = (said.strip() or known for said, known in zip(given, usual, strict=True))
    return source, licence, attribution


def _slug(text: str) -> str:
    """Lower case, with dashes between what is not a letter, a digit or a dot."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")
