"""Loading the published tables: deciles of small areas, and the postcode directory. Each whole or not at all, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import psycopg
from django.db import IntegrityError, connection, transaction

from borrowers.domain.place_errors import PlaceTableBroken, PlaceTableUnclear
from borrowers.domain.place_tables import AreaRow, TableSays, read_table
from borrowers.domain.postcode_tables import read_postcodes
from borrowers.domain.words import date_text
from borrowers.models import AreaTable, PostcodeTable, Scale

COPY_AREAS = "COPY borrowers_areadecile (scale_id, area, decile, rank) FROM STDIN"
COPY_POSTCODES = "COPY borrowers_postcodearea (table_id, postcode, area_2011, area_2021, region, settlement) FROM STDIN"

DIRECTORY = (
    "Office for National Statistics, ONS Postcode Directory",
    "Open Government Licence v3.0; Northern Ireland postcodes under their own licence",
    "Contains OS data, Royal Mail data and National Statistics data © Crown copyright and database right",
)


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as somebody fetched it: its name, the SHA-256 of its text, and its lines as they come."""

    name: str
    sha256: str
    lines: Iterable[str]


@dataclass(frozen=True, slots=True)
class LoadedPlaces:
    """What a load kept; `repeated` where the same content had been loaded before and nothing was changed."""

    table: AreaTable
    deciles: int
    scales: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class LoadedPostcodes:
    """What a load kept; `repeated` where the same content had been loaded before and nothing was changed."""

    table: PostcodeTable
    postcodes: int
    repeated: bool


@transaction.atomic
def load_places(file: PublishedFile, *, says: TableSays) -> LoadedPlaces:
    """Keep a table of deprivation, in one COPY; the same content again changes nothing.

    Raises PlaceTableBroken, naming the line, and PlaceTableUnclear.
    """
    _one_at_a_time()
    known = AreaTable.objects.filter(sha256=file.sha256).first()
    if known is not None:
        return LoadedPlaces(known, 0, known.scales.count(), repeated=True)
    read = read_table(file.lines, says)
    standing = Scale.objects.filter(code__in=[scale.code for scale in read.scales]).first()
    if standing is not None:
        raise PlaceTableUnclear(
            f"The scale {standing.code} is loaded already from {standing.table}, with other content. Give the version "
            "of this file with --table-version, or leave it; nothing was loaded."
        )
    first = read.scales[0]
    table = AreaTable.objects.create(
        name=file.name,
        version=first.version,
        source=first.source,
        licence=first.licence,
        attribution=first.attribution,
        sha256=file.sha256,
    )
    kept = {
        scale.code: Scale.objects.create(
            table=table,
            code=scale.code,
            index=scale.index,
            edition=scale.edition,
            column=scale.column,
            boundaries=scale.boundaries,
            nation=scale.nation or "",
        ).pk
        for scale in read.scales
    }
    rows = _copied(COPY_AREAS, _area_rows(kept, read.rows))
    return LoadedPlaces(table, rows, len(kept), repeated=False)


@transaction.atomic
def load_postcodes(file: PublishedFile, *, dated_on: date) -> LoadedPostcodes:
    """Keep the postcode directory of a day, in one COPY; the same content again changes nothing.

    Raises PlaceTableBroken, naming the line, and PlaceTableUnclear.
    """
    _one_at_a_time()
    known = PostcodeTable.objects.filter(sha256=file.sha256).first()
    if known is not None and known.dated_on == dated_on:
        return LoadedPostcodes(known, 0, repeated=True)
    standing = known or PostcodeTable.objects.filter(dated_on=dated_on).first()
    if standing is not None:
        same = "The same directory" if known else "Another directory"
        raise PlaceTableUnclear(
            f"{same} is loaded already, as of {date_text(standing.dated_on)}. Say the day that stands on this one "
            "with --dated, or leave it; nothing was loaded."
        )
    source, licence, attribution = DIRECTORY
    table = PostcodeTable.objects.create(
        name=file.name,
        dated_on=dated_on,
        source=source,
        licence=licence,
        attribution=attribution,
        sha256=file.sha256,
    )
    found = read_postcodes(file.lines)
    rows = ((table.pk, row.postcode, row.area_2011, row.area_2021, row.region, row.settlement) for row in found)
    return LoadedPostcodes(table, _copied(COPY_POSTCODES, rows), repeated=False)


def _area_rows(kept: dict[str, int], rows: Iterable[AreaRow]) -> Iterator[tuple[object, ...]]:
    return ((kept[row.scale], row.area, row.decile, row.rank) for row in rows)


def _copied(statement: str, rows: Iterable[tuple[object, ...]]) -> int:
    """The number of rows that went in. Raises PlaceTableBroken where one stands twice."""
    written = 0
    try:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(statement) as stream,
        ):
            for row in rows:
                stream.write_row(row)
                written += 1
    except IntegrityError as error:
        cause = error.__cause__
        said = cause.diag.message_detail if isinstance(cause, psycopg.Error) else ""
        raise PlaceTableBroken(
            f"An area or a postcode stands twice in the file: {said or error} Load the table as it is published; "
            "nothing was loaded."
        ) from error
    return written


def _one_at_a_time() -> None:
    """Two loads of one file wait for each other, so that the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('borrowers.place_tables'))")
