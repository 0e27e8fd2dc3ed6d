"""What is said about places and the tables that say how deprived they are."""

from __future__ import annotations

from datetime import date

from borrowers.domain import place_errors as errors
from borrowers.domain.benefit import PlaceGiven, refuse_parts
from borrowers.domain.deciles import refuse_mixed
from borrowers.places import scale_called
from borrowers.services import record_places
from borrowers.services.places import refuse_disagreement
from tests.borrowers.builders import community_shop, person
from tests.borrowers.place_tables import COMPOSITE, OWN, UK, loaded, postcodes
from tests.refusals.scenes import ends_in

ON = date(2026, 11, 23)


@ends_in(errors.PlaceTableBroken)
def an_eleventh_decile() -> object:
    return loaded(COMPOSITE.replace("E01900001,1,1", "E01900001,1,11"))


@ends_in(errors.PlaceTableUnclear)
def no_version() -> object:
    return loaded(version="")


@ends_in(errors.NoSuchPlace)
def a_postcode_that_is_not_there() -> object:
    postcodes()
    shop, by = community_shop(), person("Priya Nair")
    given = {"places": [PlaceGiven(100, postcode="ZZ1 1ZZ")], "source": "A letter", "effective_on": ON, "on": ON}
    return record_places(organisation=shop, by=by, **given)


@ends_in(errors.PlacesMalformed)
def ten_per_cent_are_missing() -> object:
    return refuse_parts([PlaceGiven(60, postcode="CA6 5PZ"), PlaceGiven(30, postcode="CA6 5PY")])


@ends_in(errors.PlacesDisagree)
def another_area_than_the_postcodes() -> object:
    loaded()
    postcodes()
    return refuse_disagreement("CA65PZ", "E01900002")


@ends_in(errors.ScalesMixed)
def two_scales_in_one_chart() -> object:
    loaded()
    return refuse_mixed([scale_called(UK), scale_called(OWN)])
