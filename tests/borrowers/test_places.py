"""Places are looked up in dated tables, keep their scale, and say so when they are unknown or cannot be compared."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from borrowers.domain.benefit import PlaceGiven
from borrowers.domain.deciles import Decile, Placed, Unplaced
from borrowers.domain.place_errors import (
    NoSuchPlace,
    PlacesDisagree,
    PlacesMalformed,
    PlaceTableBroken,
    PlaceTableUnclear,
    ScalesMixed,
)
from borrowers.domain.place_tables import TableSays
from borrowers.models import AreaDecile, AreaTable, BenefitPlace, Organisation, PlaceSet, PostcodeArea
from borrowers.places import deciles_of, place_set_of, places_of, scale_called, scales
from borrowers.services import amend_organisation, load_places, record_places
from borrowers.services.organisations import Address
from loans.domain.by_place import spread
from tests.borrowers.builders import NETHERBY, community_shop, person
from tests.borrowers.place_tables import (
    COMPOSITE,
    DIRECTORY,
    ENGLISH_2025,
    NEWER,
    OWN,
    UK,
    loaded,
    postcodes,
    published,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def recorded(organisation: Organisation, *places: PlaceGiven, effective_on: date = TODAY) -> PlaceSet:
    return record_places(
        organisation=organisation,
        places=places,
        source="The business's return",
        effective_on=effective_on,
        on=TODAY,
        by=person("Priya Nair"),
    )


def test_the_composite_table_keeps_five_scales_and_where_they_are_from() -> None:
    kept = loaded()
    assert (kept.deciles, kept.scales, kept.repeated) == (12, 5, False)
    again = loaded()
    assert (again.deciles, again.repeated, again.table) == (0, True, kept.table)
    assert AreaDecile.objects.count() == 12
    uk = scale_called(UK)
    assert uk.shown == (
        "Composite UK index UK_IMD_E (England-anchored), version 3.4.0, column UK_IMD_E_pop_decile, for the United "
        "Kingdom, small areas of 2011; decile 1 is the most deprived tenth"
    )
    assert (uk.licence, "mySociety" in uk.attribution, len(kept.table.sha256)) == ("CC BY 4.0", True, 64)
    assert scales()[0] == uk


def test_a_table_goes_in_by_one_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    copies, copy = [], psycopg.Cursor.copy

    def counted(self: Any, statement: Any, *args: Any, **kwargs: Any) -> Any:
        copies.append(statement)
        return copy(self, statement, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "copy", counted)
    with CaptureQueriesContext(connection) as queries:
        loaded()
    assert len(copies) == 1
    assert not [query for query in queries if 'INTO "borrowers_areadecile"' in query["sql"]]


def test_an_english_table_and_a_plain_one() -> None:
    loaded(ENGLISH_2025, version="")
    assert (scale_called(NEWER).name, scale_called(NEWER).boundaries) == ("English IMD 2025", "2021")
    assert AreaDecile.objects.get(area="E01900001").rank == 1204


BROKEN: dict[str, tuple[str, str]] = {
    "a decile of 11": (COMPOSITE.replace("E01900001,1,1", "E01900001,1,11"), "Line 2: '11' is no decile"),
    "a decile that is a word": (COMPOSITE.replace("E01900009,10,10", "E01900009,ten,10"), "Line 4: 'ten'"),
    "an area of another nation": (COMPOSITE.replace("W,W019", "E,W019"), "Line 6: 'W01900001' is no small area"),
    "a cell too few": (COMPOSITE.replace("1,4\n", "1\n"), "Line 5: 3 cells where there are 4"),
    "an area twice": (COMPOSITE + "E,E01900001,1,1\n", "E01900001"),
    "no rows": (COMPOSITE.splitlines(keepends=True)[0], "no rows"),
    "nothing": ("", "empty"),
    "other headings": ("lsoa,imd\nE01900001,1\n", "headings lsoa, imd"),
    "a NUL": (COMPOSITE.replace("E01900002", "E0190\0002"), "Line 3"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused_whole_and_names_the_line(name: str) -> None:
    text, said = BROKEN[name]
    with pytest.raises(PlaceTableBroken, match=said):
        loaded(text)
    assert not AreaTable.objects.exists()


def test_a_table_that_does_not_say_what_it_is() -> None:
    with pytest.raises(PlaceTableUnclear, match="--table-version"):
        loaded(version="")
    with pytest.raises(PlaceTableUnclear, match="--index"):
        loaded("area_code,decile\nW01900001,1\n", version="")
    loaded()
    with pytest.raises(PlaceTableUnclear, match="loaded already"):
        loaded(COMPOSITE.replace(",10,10", ",9,9"))


def test_postcodes_go_in_once_and_the_latest_directory_counts() -> None:
    assert (postcodes().postcodes, postcodes().repeated) == (4, True)
    assert PostcodeArea.objects.get(postcode="EH999ZZ").region == "Scotland"
    assert PostcodeArea.objects.get(postcode="JE23AB").area_2011 == ""
    with pytest.raises(PlaceTableUnclear, match="as of 1 August 2026"):
        postcodes(dated_on=date(2026, 11, 1))
    with pytest.raises(PlaceTableBroken, match="Line 3: 'CA6 5P' is not written as a postcode"):
        postcodes(DIRECTORY.replace("CA6 5PY,CA6 5PY", "CA6 5P,CA6 5P"), date(2026, 11, 1))
    postcodes(DIRECTORY.replace("E01900001,E01900001", "E01900002,E01900022"), date(2026, 11, 1))
    shop = community_shop()
    assert places_of([shop.pk], TODAY)[shop.pk][0].area_2021 == "E01900022"


def placed(organisation: Organisation, code: str) -> list[tuple[int, Any]]:
    found = deciles_of([organisation.pk], scale_called(code), TODAY)[organisation.pk]
    return [(one.percent, one.stands.number if isinstance(one.stands, Decile) else one.stands) for one in found]


def test_a_business_stands_where_it_is_registered_until_its_places_are_recorded() -> None:
    loaded()
    loaded(ENGLISH_2025, version="")
    postcodes()
    shop = community_shop()
    assert placed(shop, UK) == [(100, 1)]
    recorded(
        shop,
        PlaceGiven(60, postcode="ca6 5py", name="Mill"),
        PlaceGiven(30, area="S01900001"),
        PlaceGiven(10, area="E01900009"),
    )
    assert placed(shop, UK) == [(60, 2), (30, 4), (10, 10)]
    assert placed(shop, OWN) == [(60, 3), (30, Unplaced.OTHER_NATION), (10, 10)], (
        "a Scottish tenth is not an English one"
    )
    assert placed(shop, NEWER) == [(60, 4), (30, Unplaced.OTHER_NATION), (10, Unplaced.UNKNOWN)], "never decile 10"
    assert place_set_of(shop, date(2026, 1, 1)) is None, "what is recorded counts from its day on"


def test_the_queries_do_not_grow_with_the_businesses() -> None:
    loaded()
    postcodes()
    scale = scale_called(UK)
    shops = [community_shop(f"Shop {number}", f"81{number}0") for number in range(6)]
    for shop in shops[:3]:
        recorded(shop, PlaceGiven(50, postcode="CA6 5PZ"), PlaceGiven(50, postcode="CA6 5PY"))
    for some in (shops[2:4], shops):
        with CaptureQueriesContext(connection) as queries:
            deciles_of([shop.pk for shop in some], scale, TODAY)
        assert len(queries) == 6


REFUSED: dict[str, tuple[list[tuple[int, str, str]], str]] = {
    "not the whole": ([(60, "CA6 5PZ", ""), (30, "CA6 5PY", "")], "make 90 per cent and not 100: 10 are missing"),
    "more than the whole": ([(60, "CA6 5PZ", ""), (50, "CA6 5PY", "")], "10 are too many"),
    "the same place twice": ([(60, "CA6 5PZ", ""), (40, "ca65pz", "")], "CA6 5PZ is given twice"),
    "no place": ([], "Give 1 to 20 places"),
    "both or neither": ([(100, "", "")], "by its postcode or by its area"),
    "a part of nought": ([(0, "CA6 5PZ", "")], "0 per cent"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_places_that_do_not_make_the_whole_are_refused(name: str) -> None:
    loaded()
    postcodes()
    given, said = REFUSED[name]
    shop = community_shop()
    with pytest.raises(PlacesMalformed, match=said):
        recorded(shop, *(PlaceGiven(percent, postcode, area) for percent, postcode, area in given))
    assert not PlaceSet.objects.exists()


def test_a_code_that_does_not_exist_is_refused() -> None:
    loaded()
    postcodes()
    shop = community_shop()
    for place, said in (
        (PlaceGiven(100, area="E01999999"), "No loaded table has the small area E01999999"),
        (PlaceGiven(100, postcode="ZZ1 1ZZ"), "1 August 2026 has no ZZ1 1ZZ"),
    ):
        with pytest.raises(NoSuchPlace, match=said):
            recorded(shop, place)
    with pytest.raises(NoSuchPlace, match="not written as the code"):
        PlaceGiven(100, area="Netherby")
    with pytest.raises(NoSuchPlace, match="There is no scale"):
        scale_called("imd-1066")


def test_a_registered_address_agrees_with_its_area() -> None:
    loaded()
    postcodes()
    shop = community_shop()
    address = {"place": "Netherby", "region": NETHERBY.region, "postcode": "CA6 5PZ"}
    amend_organisation(organisation=shop, address=Address(**address, small_area_code="E01900001"))
    with pytest.raises(PlacesDisagree, match="CA6 5PZ lies in E01900001, and not in E01900002"):
        amend_organisation(organisation=shop, address=Address(**address, small_area_code="E01900002"))
    with pytest.raises(NoSuchPlace):
        amend_organisation(organisation=shop, address=Address(**address, small_area_code="E01999999"))


def test_two_scales_cannot_stand_in_one_spread() -> None:
    loaded()
    uk, own = scale_called(UK), scale_called(OWN)
    rows = [(100, [Placed(100, Decile(uk, 1))]), (50, [Placed(100, Decile(own, 1))])]
    with pytest.raises(ScalesMixed, match="different scales"):
        spread(uk, rows)


def test_parts_make_the_whole_to_the_last_penny() -> None:
    loaded()
    uk = scale_called(UK)
    three = [Placed(33, Decile(uk, 1)), Placed(33, Decile(uk, 10)), Placed(34, Unplaced.UNKNOWN)]
    found = spread(uk, [(100_01, three), (1, three)])
    by = {share.stands: (share.units, share.businesses) for share in found.shares}
    assert (by[1], by[10], by[Unplaced.UNKNOWN]) == ((33_00, 2), (33_00, 2), (34_02, 2))
    assert (found.whole, found.placed, found.within(3)) == (100_02, 66_00, 33_00)


def test_the_database_takes_no_part_of_a_set() -> None:
    loaded()
    shop = community_shop()
    head = recorded(shop, PlaceGiven(100, area="E01900001"))
    with pytest.raises(DatabaseError, match="places arrived where 1 were due"), transaction.atomic():
        BenefitPlace.objects.create(place_set=head, percent=100, area_given="E01900002")
    with pytest.raises(DatabaseError, match="has no places"):
        a_head_alone(head)


@transaction.atomic
def a_head_alone(like: PlaceSet) -> None:
    like.pk = None
    like.save(force_insert=True)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_file_that_ends_too_early_is_refused() -> None:
    def cut() -> Any:
        yield COMPOSITE.splitlines(keepends=True)[0]
        raise EOFError("Compressed file ended before the end-of-stream marker was reached")

    file = published("")
    with pytest.raises(PlaceTableBroken, match="cannot be read to its end"):
        load_places(type(file)("cut.csv.gz", "0" * 64, cut()), says=TableSays(version="1"))
