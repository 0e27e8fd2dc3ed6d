"""Does the desk say which places the portfolio reaches, on one scale, with what cannot be said beside it?"""

from __future__ import annotations

from commonweal.access.models import StaffRole
from commonweal.demo.story import PRIYA, RUTH, TOM
from tests.borrowers.place_tables import COMPOSITE, DIRECTORY, OWN, loaded, postcodes
from tests.demo import Demo
from tests.pages import csv_rows, look, send

PLACES = "/desk/harbour-hills/loans/portfolio/places/"


def shop_places(demo: Demo) -> str:
    return f"/desk/harbour-hills/organisations/{demo.loan.organisation_id}/places/"


def in_two_places(demo: Demo) -> dict[str, str]:
    head = {"places-TOTAL_FORMS": "3", "places-INITIAL_FORMS": "0", "effective_on": "2026-11-23"}
    first = {"places-0-where": "ca6 5py", "places-0-percent": "75", "places-0-name": "The shop"}
    return head | first | {"places-1-where": "S01900001", "places-1-percent": "25", "source": "Its return"}


def test_without_a_table_nothing_is_claimed(demo: Demo) -> None:
    page = look(demo.client(TOM), PLACES)
    assert "No table of deprivation is loaded" in page.text
    assert "In deciles 1 to 3" not in page.figures()
    assert page.rows("By region")[0].startswith("North West | 1 | 25,576.12 | 100.0%")


def test_the_portfolio_by_place(demo: Demo) -> None:
    loaded(COMPOSITE)
    postcodes(DIRECTORY)
    priya = demo.client(PRIYA)
    assert look(priya, shop_places(demo)).text.count("Not recorded yet") == 1
    send(priya, shop_places(demo), **in_two_places(demo))
    page = look(demo.client(TOM), PLACES)
    assert page.figures()["In deciles 1 to 3"] == "75.0%"
    tenths = page.rows("By decile")
    assert tenths[1] == "Decile 2 | 1 | 19,182.09 | 75.0%"
    assert tenths[3] == "Decile 4 | 1 | 6,394.03 | 25.0%"
    assert tenths[-1] == "Total | 1 | 25,576.12 | 100.0%"
    assert "column UK_IMD_E_pop_decile, for the United Kingdom" in page.text
    own = look(demo.client(TOM), PLACES, scale=OWN)
    assert own.rows("By decile")[10] == "In another nation, whose own scale cannot be compared | 1 | 6,394.03 | 25.0%"
    assert "column original_decile, for England only" in own.text
    assert page.rows("Town or country")[:2] == ["Rural | 1 | 19,182.09 | 75.0%", "Unknown here | 1 | 6,394.03 | 25.0%"]
    rows = csv_rows(demo.client(TOM), PLACES)
    assert [row[:4] for row in rows if row[0] == "By region"] == [
        ["By region", "North West", "1", "19182.09"],
        ["By region", "Scotland", "1", "6394.03"],
    ]


def test_what_is_wrong_is_said_beside_the_form_and_an_auditor_only_reads(demo: Demo) -> None:
    postcodes(DIRECTORY)
    body = in_two_places(demo) | {"places-1-percent": "20"}
    answer = demo.client(PRIYA).post(shop_places(demo), body)
    assert "The parts make 95 per cent and not 100: 5 are missing" in answer.content.decode()
    assert demo.client(RUTH).post(shop_places(demo), body).status_code == 403
    assert StaffRole.AUDITOR in demo.user(RUTH).staff_memberships.values_list("role", flat=True)
