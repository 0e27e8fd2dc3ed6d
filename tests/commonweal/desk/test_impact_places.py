"""Do the desk and a program read the same loans and outcomes by place, one scale at a time, tied to the ledger?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from borrowers.domain.indicators import Range
from borrowers.domain.outcomes import AddUp
from borrowers.places import scale_called
from commonweal.demo.story import JO, PRIYA, TOM
from investors.impact_by_place import Cut, impact_by_place
from ledger.queries import trial_balance
from loans.ledger_answers import ledger_answers
from loans.services import promise_impact
from loans.services.impact import Promise
from tests.borrowers.builders import people_in_work, reading
from tests.borrowers.place_tables import COMPOSITE, DIRECTORY, OWN, UK, loaded, postcodes
from tests.commonweal.desk.test_places import in_two_places, shop_places
from tests.demo import Demo
from tests.demo_more import tell_more
from tests.pages import csv_rows, look, send

PAGE = "/desk/harbour-hills/impact/places/"
API = "/api/v1/books/harbour-hills/impact/places/"


def placed(demo: Demo) -> None:
    """Tables are loaded, and the shop works in two places: three quarters in decile 2, a quarter in decile 4."""
    loaded(COMPOSITE)
    postcodes(DIRECTORY)
    send(demo.client(PRIYA), shop_places(demo), **in_two_places(demo))


def test_without_a_table_regions_stand_and_no_decile_is_claimed(demo: Demo) -> None:
    page = look(demo.client(TOM), PAGE)
    assert "No table of deprivation is loaded" in page.text
    assert "In deciles 1 to 3" not in page.figures()
    assert page.rows("By region")[0].startswith("North West | 1 | 1 | 35,000.00 | 25,576.12 | 100.0%")


def test_each_decile_says_what_was_lent_and_what_was_said(demo: Demo) -> None:
    placed(demo)
    page = look(demo.client(TOM), PAGE, indicator="people-in-work")
    tenths = page.rows("By decile")
    assert tenths[1] == "Decile 2 | 1 | 1 | 26,250.00 | 19,182.09 | 75.0% | 3.8 | – | 1 of 1 100% by value"
    assert tenths[3] == "Decile 4 | 1 | 1 | 8,750.00 | 6,394.03 | 25.0% | 1.2 | – | 1 of 1 100% by value"
    assert tenths[11].startswith("Unknown here | 0 | 0 | 0.00 | 0.00 | 0.0% | – | – | not asked")
    assert tenths[-1] == "All places | 1 | 1 | 35,000.00 | 25,576.12 | 100.0% | 5 | – | 1 of 1 100% by value"
    assert "75.0% of the principal outstanding on 23 November 2026 is in deciles 1 to 3" in page.text
    assert "People in work: 3.8 of 5 people in deciles 1 to 3" in page.text
    assert "two nations’ own scales, cannot be compared and never stand in one chart" in page.text


def test_on_a_nations_own_scale_what_lies_elsewhere_is_a_row_of_its_own(demo: Demo) -> None:
    placed(demo)
    page = look(demo.client(TOM), PAGE, scale=OWN, indicator="people-in-work")
    tenths = page.rows("By decile")
    assert tenths[2].startswith("Decile 3 | 1 | 1 | 26,250.00")
    assert tenths[10].startswith("In another nation, whose own scale cannot be compared | 1 | 1 | 8,750.00 | 6,394.03")
    assert "column original_decile, for England only" in page.text
    rows = csv_rows(demo.client(TOM), PAGE, scale=OWN)
    assert {row[-1].split(",")[0] for row in rows[1:] if row[0] == "By decile"} == {"English IMD 2019"}
    assert {row[-1] for row in rows[1:] if row[0] != "By decile"} == {""}


def test_people_who_are_counted_once_are_not_added_and_the_page_says_so(demo: Demo) -> None:
    placed(demo)
    visitors = people_in_work(code="visitors", name="Visitors", adds_up=AddUp.UNIQUE_PEOPLE, range=Range(decimals=0))
    promise = Promise(Decimal(100), date(2025, 9, 30), Decimal(150), date(2027, 9, 30))
    promise_impact(loan=demo.loan, indicator=visitors, promise=promise, by=demo.user(TOM))
    reading(demo.loan.organisation, visitors, value=Decimal(120))
    page = look(demo.client(TOM), PAGE, indicator="visitors")
    assert page.rows("By decile")[1].startswith("Decile 2 | 1 | 1 | 26,250.00 | 19,182.09 | 75.0% | 90 |")
    assert "counts people once, so it is never added up over businesses" in page.text
    assert "the rows do not make the total: somebody may be counted in several" in page.text
    assert "Visitors: 90 people in decile 2, the largest row" in page.text


@pytest.mark.parametrize("on", [date(2025, 6, 30), date(2026, 11, 23)])
def test_the_totals_are_those_of_the_ledger(demo: Demo, on: date) -> None:
    placed(demo)
    found = impact_by_place(demo.book, on, scale=scale_called(UK))
    principal = sum(row.minor for row in trial_balance(demo.book, on) if row.code.startswith("1310"))
    assert (found.outstanding.apart, found.lent.apart, found.outstanding.ledger) == (0, 0, principal)
    for cut in Cut:
        assert sum(row.outstanding for row in found.cuts[cut]) == principal
        assert sum(row.lent for row in found.cuts[cut]) == found.lent.ledger
    lent = next(one for one in ledger_answers(demo.book, date(2025, 1, 1), on) if one.iris == "PI5476")
    assert lent.amount[0] * 100 == found.lent.ledger


def test_a_program_reads_the_same(demo: Demo) -> None:
    placed(demo)
    client = demo.client(TOM)
    answer = client.get(API, {"scale": OWN, "indicator": "people-in-work"}).json()
    assert answer["scale"]["code"] == OWN
    third, other = answer["deciles"][2], answer["deciles"][10]
    assert (third["category"], third["outstanding"]["amount"], third["supported"]) == ("3", "19182.09", "3.8")
    assert (other["category"], other["no_category_because"], other["share"]) == ("", "other-nation", "0.250000")
    assert answer["whole"]["outstanding"] == answer["outstanding_in_ledger"]
    assert client.get(API, {"scale": "imd-1901"}).status_code == 400
    assert demo.client(JO).get(API).status_code == 404


def test_the_cost_does_not_grow_with_the_loans(demo: Demo, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    placed(demo)
    scale = scale_called(UK)
    with django_assert_num_queries(19):
        one = impact_by_place(demo.book, demo.book.business_date, scale=scale)
    tell_more(demo)
    with django_assert_num_queries(19):
        more = impact_by_place(demo.book, demo.book.business_date, scale=scale)
    assert (one.whole.loans, more.whole.loans) == (1, 3)
