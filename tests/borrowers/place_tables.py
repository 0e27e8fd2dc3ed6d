"""Tables of places to test with, in the shapes in which they are published; every code is made up."""

from __future__ import annotations

import hashlib
from datetime import date

from borrowers.domain.place_tables import TableSays
from borrowers.services import PublishedFile, load_places, load_postcodes
from borrowers.services.place_tables import LoadedPlaces, LoadedPostcodes

COMPOSITE = """nation,lsoa,original_decile,UK_IMD_E_pop_decile
E,E01900001,1,1
E,E01900002,3,2
E,E01900009,10,10
S,S01900001,1,4
W,W01900001,1,3
N,95GG99S1,2,5
"""

ENGLISH_2025 = """LSOA code (2021),LSOA name (2021),\
Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),\
Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)
E01900001,Harbour 001A,"1,204",1
E01900022,Harbour 002B,"12,300",4
"""

DIRECTORY = """pcd,pcds,doterm,rgn,lsoa11,lsoa21,ru11ind
CA6 5PZ,CA6 5PZ,,E12000002,E01900001,E01900001,A1
CA6 5PY,CA6 5PY,,E12000002,E01900002,E01900022,E1
EH999ZZ,EH99 9ZZ,,S99999999,S01900001,S01900001,3
JE2 3AB,JE2 3AB,,L99999999,L99999999,L99999999,
"""

UK, OWN, NEWER = "uk-composite-3.4.0", "imd-2019-in-composite-3.4.0", "imd-2025"


def published(text: str, name: str = "table.csv") -> PublishedFile:
    """A file with this text."""
    return PublishedFile(name, hashlib.sha256(text.encode()).hexdigest(), iter(text.splitlines(keepends=True)))


def loaded(text: str = COMPOSITE, version: str = "3.4.0") -> LoadedPlaces:
    """A table of deprivation, loaded."""
    return load_places(published(text), says=TableSays(version=version))


def postcodes(text: str = DIRECTORY, dated_on: date = date(2026, 8, 1)) -> LoadedPostcodes:
    """A postcode directory, loaded."""
    return load_postcodes(published(text), dated_on=dated_on)
