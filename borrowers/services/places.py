"""Recording where a business does good. Nothing is edited: what is known later is another set of places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from borrowers.domain.areas import postcode_shown, region_coded
from borrowers.domain.benefit import PlaceGiven, refuse_parts
from borrowers.domain.names import refuse_hidden_signs
from borrowers.domain.place_errors import NoSuchPlace, PlacesDisagree, PlacesMalformed
from borrowers.domain.words import date_text
from borrowers.models import BenefitPlace, Organisation, PlaceSet, PostcodeArea
from borrowers.places import area_is_known, latest_directory, looked_up


@transaction.atomic
def record_places(
    *,
    organisation: Organisation,
    places: Sequence[PlaceGiven],
    source: str,
    effective_on: date,
    on: date,
    by: AbstractBaseUser,
) -> PlaceSet:
    """Record where a business does good from a day on, all places together; `source` says who said so.

    Raises PlacesMalformed where the parts do not make the whole, NoSuchPlace where a code is in no loaded table, and
    NameMalformed.
    """
    refuse_parts(places)
    if effective_on > on:
        raise PlacesMalformed(
            f"Places are recorded as they are, and {date_text(effective_on)} is after {date_text(on)}. "
            "Correct the day; nothing was changed."
        )
    if not source.strip():
        raise PlacesMalformed("Say who told where the business works, or from what it is known. Nothing was changed.")
    for text in (source.strip(), *(place.name.strip() for place in places)):
        refuse_hidden_signs(text)
    found = looked_up([place.postcode for place in places if place.postcode])
    rows = [_row(place, found) for place in places]
    head = PlaceSet.objects.create(
        organisation=organisation,
        effective_on=effective_on,
        line_count=len(rows),
        source=source.strip(),
        recorded_by_id=by.pk,
    )
    for row in rows:
        row.place_set = head
    BenefitPlace.objects.bulk_create(rows)
    return head


def refuse_unknown_area(area: str) -> None:
    """Raise NoSuchPlace where tables of areas are loaded and none of them has this one."""
    if not area_is_known(area):
        raise NoSuchPlace(
            f"No loaded table has the small area {area}. Correct the code, or load the table that has it; "
            "nothing was changed."
        )


def refuse_disagreement(postcode: str, area: str) -> None:
    """Raise PlacesDisagree where the directory puts a postcode elsewhere, and NoSuchPlace for an unknown area."""
    if not area:
        return
    refuse_unknown_area(area)
    found = looked_up([postcode]).get(postcode)
    known = {found.area_2011, found.area_2021} - {""} if found else set()
    if known and area not in known:
        raise PlacesDisagree(
            f"{postcode_shown(postcode)} lies in {' or '.join(sorted(known))}, and not in {area}. Correct one of the "
            "two, or leave the area’s code empty; nothing was changed."
        )


def _row(place: PlaceGiven, found: dict[str, PostcodeArea]) -> BenefitPlace:
    if place.area:
        refuse_unknown_area(place.area)
        return BenefitPlace(
            percent=place.percent,
            name=place.name.strip(),
            area_given=place.area,
            region=region_coded("", place.area) or _region_of(place.area),
        )
    row = found.get(place.postcode)
    if row is None:
        raise _unknown_postcode(place)
    return BenefitPlace(
        percent=place.percent,
        name=place.name.strip(),
        postcode=place.postcode,
        area_2011=row.area_2011,
        area_2021=row.area_2021,
        region=row.region,
        settlement=row.settlement,
        looked_up_in=row.table,
    )


def _unknown_postcode(place: PlaceGiven) -> NoSuchPlace:
    directory = latest_directory()
    if directory is None:
        return NoSuchPlace(
            f"No postcode directory is loaded, so nobody can say where {place.shown} is. Load one with manage.py "
            "load_postcodes, or give the code of the small area; nothing was changed."
        )
    return NoSuchPlace(
        f"The postcode directory of {date_text(directory.dated_on)} has no {place.shown}. Correct it, or load a later "
        "directory; nothing was changed."
    )


def _region_of(area: str) -> str:
    """The region of an English area by any postcode in it; "" where the directory does not have it."""
    directory = latest_directory()
    inside = PostcodeArea.objects.filter(table=directory)
    row = inside.filter(area_2021=area).first() or inside.filter(area_2011=area).first() if directory else None
    return row.region if row else ""
