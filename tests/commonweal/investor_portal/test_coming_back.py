"""Does an investor see what comes back, when and from where, what is late, and the entries behind its account?"""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus

import pytest

from borrowers.domain.places import Region
from commonweal.demo.story import HANA, PRIYA
from commonweal.documents.tile_map import TILES, tile_map
from commonweal.investor_portal.account import Movement
from commonweal.investor_portal.places import late_loans
from investors.services import apportion
from tests.demo import Demo, write_off
from tests.demo_more import lend_more
from tests.pages import csv_rows, look

HERE = "/investor/coming-back/"
HERS = "?investor=TST&fund=harbour-hills"


def test_the_year_ahead_stands_in_a_sentence_and_leads_to_its_months(demo: Demo) -> None:
    page = look(demo.client(HANA), HERE)
    assert "In the year to 23 November 2027 £2,435.94 should come back to you." in page.text
    assert "£2,030.82 of principal and £405.12 of interest from 1 loan" in page.text
    rows = page.rows("What comes back, month by month")
    assert rows[0] == "Dec 2026 | 1 | 164.63 | 38.36 | 202.99"
    assert rows[-1] == "All that is to come |  | 7,672.84 | 852.92 | 8,525.76"
    month = look(demo.client(HANA), HERE + page.link("202.99"))
    assert month.rows("Payments of the month") == [
        "1 Dec 2026 | Netherby Corner Shop Society L-0108 | 164.63 | 38.36 | 202.99"
    ]
    headings, *payments = csv_rows(demo.client(HANA), HERE)
    assert headings[4:6] == ["State", "Principal"]
    assert sum(Decimal(row[5]) for row in payments) == Decimal("7672.84")


def test_maturity_and_what_is_late_make_the_principal(demo: Demo) -> None:
    page = look(demo.client(HANA), HERE)
    *rungs, whole = (row.split(" | ")[1] for row in page.rows("When your principal is back"))
    assert sum(Decimal(rung.replace(",", "")) for rung in rungs) == Decimal(whole.replace(",", ""))
    assert "Your one running loan is not late on 23 November 2026." in page.text
    assert look(demo.client(HANA), HERE, as_of="2025-04-15").text.count("nothing was planned to come back") == 1


@pytest.mark.parametrize(
    ("late", "loans", "words"),
    [
        (0, 1, "Your one running loan is not late"),
        (1, 1, "Your one running loan is late"),
        (0, 11, "None of your 11 running loans is late"),
        (1, 11, "1 of your 11 running loans is late"),
        (2, 1100, "2 of your 1,100 running loans are late"),
    ],
)
def test_lateness_is_said_in_words(late: int, loans: int, words: str) -> None:
    assert late_loans(late, loans) == words


def test_places_lead_to_their_loans(demo: Demo) -> None:
    lend_more(demo, 1)
    page = look(demo.client(HANA), "/investor/")
    assert page.rows("Your principal by nation and region") == [
        "North West | 2 | 0 | 100.0% | 10,672.84",
        "Held for you paid in or come back, and not lent | – | – | – | 653.91",
        "Lent and held | 11,326.75",
    ]
    title = "Most of your principal on 23 November 2026, £10,672.84, is in the North West; none is in 11 of the 12"
    assert title in page.source
    there = look(demo.client(HANA), f"/investor/{HERS}", region="North West")
    assert there.rows("Where your money is") == page.rows("Where your money is")
    elsewhere = look(demo.client(HANA), f"/investor/{HERS}", region="Wales")
    assert elsewhere.rows("Where your money is")[-1].startswith("No participations")


def test_the_map_has_a_tile_for_each_region_and_says_each_amount() -> None:
    assert set(TILES) == set(Region)
    assert len({(x, y) for _, x, y in TILES.values()}) == len(TILES)
    amounts = {"Wales": Decimal("26299.40"), "London": Decimal("900.00")}
    drawn = tile_map("m", title="Most is in Wales", amounts=amounts, sign="£")
    assert drawn.count('class="empty-tile"') == 10
    for words in ("£26k", "£900", ">WAL<", '<title id="m-t">Most is in Wales</title>'):
        assert words in drawn
    with pytest.raises(KeyError):
        tile_map("m", title="Nowhere", amounts={"Atlantis": Decimal(1)}, sign="£")


@pytest.mark.parametrize("is_lost", [False, True])
def test_each_figure_of_the_account_leads_to_entries_that_make_it(demo: Demo, is_lost: bool) -> None:
    if is_lost:
        write_off(demo)
        apportion(loan=demo.loan, by=demo.user(PRIYA))
    client = demo.client(HANA)
    facts = look(client, "/investor/").facts("What moved since the beginning")
    shown = [movement for movement in Movement if any(label.startswith(movement.label) for label in facts)]
    assert (Movement.AFTER_LOSS in shown) is is_lost
    for movement in shown:
        rows = look(client, f"/investor/account/{movement}/").rows("Entries")
        (amount,) = (amount for label, amount in facts.items() if label.startswith(movement.label))
        assert rows[-1].split(" | ")[1] == amount.replace("£", "")
    for path in ("everything/", "lent/?investor=NRB"):
        assert client.get(f"/investor/account/{path}").status_code == HTTPStatus.NOT_FOUND
