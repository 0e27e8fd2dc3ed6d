"""Where do businesses do good, in which decile, region and small area? In a constant number of queries for any number.

A business's places are those recorded last by a day. Where none were recorded, it is where it is registered: its small
area's code, or else the area of its postcode by the latest directory. What neither says is unknown, and is said so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from borrowers.domain.areas import Boundaries, nation_of
from borrowers.domain.deciles import Decile, DecileScale, Placed, Unplaced
from borrowers.domain.place_errors import NoSuchPlace
from borrowers.keys import among
from borrowers.models import AreaDecile, BenefitPlace, Organisation, PlaceSet, PostcodeArea, PostcodeTable, Scale


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """One place of a business: its part in per cent, its areas by both boundaries, its region, town or country."""

    percent: int
    postcode: str
    area_given: str
    area_2011: str
    area_2021: str
    region: str
    settlement: str
    recorded: bool
    """Whether it was recorded as a place of benefit; else it is where the business is registered."""
    name: str = ""

    def area(self, boundaries: Boundaries) -> str:
        """Its small area by some boundaries; "" where it is not known."""
        looked_up = self.area_2011 if boundaries is Boundaries.OF_2011 else self.area_2021
        return looked_up or self.area_given

    @property
    def any_area(self) -> str:
        """Its small area by whichever boundaries are known, the newer first; "" where none is."""
        return self.area_given or self.area_2021 or self.area_2011


def scales() -> list[DecileScale]:
    """The scales that are loaded; those for the whole United Kingdom first, then the latest loaded."""
    found = Scale.objects.select_related("table").order_by("-table_id", "pk")
    return sorted((one.in_domain for one in found), key=lambda scale: scale.nation is not None)


def scale_called(code: str) -> DecileScale:
    """The scale with this code. Raises NoSuchPlace, which names the scales that there are."""
    found = Scale.objects.select_related("table").filter(code=code).first()
    if found is None:
        known = ", ".join(scale.code for scale in scales()) or "none yet; load one with manage.py load_places"
        raise NoSuchPlace(f"There is no scale {code!r}. The scales are: {known}.")
    return found.in_domain


def latest_directory() -> PostcodeTable | None:
    """The postcode directory of the latest day."""
    return PostcodeTable.objects.order_by("dated_on").last()


def place_set_of(organisation: Organisation, as_of: date) -> PlaceSet | None:
    """The places of benefit that stand on a day, if any were recorded."""
    found = PlaceSet.objects.filter(organisation=organisation, effective_on__lte=as_of).select_related("recorded_by")
    return found.order_by("effective_on", "pk").last()


def place_sets_of(organisation: Organisation) -> QuerySet[PlaceSet]:
    """All that was ever recorded of where a business does good, the latest first."""
    found = PlaceSet.objects.filter(organisation=organisation).select_related("recorded_by").prefetch_related("places")
    return found.order_by("-effective_on", "-pk")


def places_of(organisations: Collection[int], as_of: date) -> dict[int, tuple[PlaceOf, ...]]:
    """The places of each business, by its key; every one has at least one, whose areas may be unknown. Four queries."""
    recorded = _recorded(organisations, as_of)
    rest = [key for key in organisations if key not in recorded]
    return recorded | _registered(rest)


def deciles_of(organisations: Collection[int], scale: DecileScale, as_of: date) -> dict[int, tuple[Placed, ...]]:
    """Where each business's places stand on one scale, with their parts; five queries for any number."""
    return deciles_on(places_of(organisations, as_of), scale)


def deciles_on(places: Mapping[int, Iterable[PlaceOf]], scale: DecileScale) -> dict[int, tuple[Placed, ...]]:
    """The same for places that are known already; one query."""
    areas = {place.area(scale.boundaries) for found in places.values() for place in found} - {""}
    rows = AreaDecile.objects.filter(scale__code=scale.code, area__in=areas).values_list("area", "decile")
    deciles = {area: Decile(scale, number) for area, number in rows}
    return {
        key: tuple(Placed(place.percent, _stands(place, scale, deciles)) for place in found)
        for key, found in places.items()
    }


def _stands(place: PlaceOf, scale: DecileScale, deciles: Mapping[str, Decile]) -> Decile | Unplaced:
    found = deciles.get(place.area(scale.boundaries))
    if found is not None:
        return found
    elsewhere = nation_of(place.any_area) is not None and not scale.covers_area(place.any_area)
    return Unplaced.OTHER_NATION if elsewhere else Unplaced.UNKNOWN


def area_is_known(area: str) -> bool:
    """Whether any loaded table has a small area. True where no table is loaded at all: then nobody can say."""
    if AreaDecile.objects.filter(area=area).exists():
        return True
    directory = latest_directory()
    if directory is not None:
        return PostcodeArea.objects.filter(Q(area_2011=area) | Q(area_2021=area), table=directory).exists()
    return not Scale.objects.exists()


def looked_up(postcodes: Collection[str]) -> dict[str, PostcodeArea]:
    """Postcodes, written without their space, in the latest directory; two queries."""
    directory = latest_directory()
    if directory is None:
        return {}
    found = PostcodeArea.objects.filter(table=directory, postcode__in=set(postcodes)).select_related("table")
    return {row.postcode: row for row in found}


def _recorded(organisations: Collection[int], as_of: date) -> dict[int, tuple[PlaceOf, ...]]:
    last_first = Window(
        RowNumber(), partition_by=F("organisation"), order_by=[F("effective_on").desc(), F("pk").desc()]
    )
    sets = PlaceSet.objects.filter(among("organisation", organisations), effective_on__lte=as_of)
    heads = dict(sets.annotate(number=last_first).filter(number=1).values_list("pk", "organisation_id"))
    found: dict[int, tuple[PlaceOf, ...]] = {}
    for place in BenefitPlace.objects.filter(among("place_set", heads)).order_by("pk"):
        key = heads[place.place_set_id]
        found[key] = (*found.get(key, ()), _as_recorded(place))
    return found


def _as_recorded(place: BenefitPlace) -> PlaceOf:
    return PlaceOf(
        percent=place.percent,
        postcode=place.postcode,
        area_given=place.area_given,
        area_2011=place.area_2011,
        area_2021=place.area_2021,
        region=place.region,
        settlement=place.settlement,
        recorded=True,
        name=place.name,
    )


def _registered(organisations: Collection[int]) -> dict[int, tuple[PlaceOf, ...]]:
    fields = ("pk", "postcode", "small_area_code", "region", "place")
    rows = list(Organisation.objects.filter(among("pk", organisations)).only(*fields)) if organisations else []
    found = looked_up({_plain(row.postcode) for row in rows} - {""})
    return {row.pk: (_as_registered(row, found.get(_plain(row.postcode))),) for row in rows}


def _as_registered(organisation: Organisation, found: PostcodeArea | None) -> PlaceOf:
    """Where a business is registered; an area's code that the directory does not give for the postcode goes before."""
    code = _plain(organisation.small_area_code)
    looked = found if found and code in {"", found.area_2011, found.area_2021} else None
    return PlaceOf(
        percent=100,
        postcode=_plain(organisation.postcode),
        area_given="" if looked else code,
        area_2011=looked.area_2011 if looked else "",
        area_2021=looked.area_2021 if looked else "",
        region=organisation.region,
        settlement=looked.settlement if looked else "",
        recorded=False,
        name=organisation.place,
    )


def _plain(code: str) -> str:
    return "".join(code.split()).upper()
