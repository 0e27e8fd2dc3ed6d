"""What residents want and which loans answer it; what the public reads of that, by a table worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from pytest_django import DjangoAssertNumQueries

from borrowers.domain.benefit import PlaceGiven
from borrowers.domain.outcomes import Use
from borrowers.domain.place_errors import NoSuchPlace
from borrowers.models import Organisation
from borrowers.services import record_places, say_consents
from loans.domain.errors import NeighbourhoodRefused
from loans.models import Loan, Neighbourhood
from loans.neighbourhoods import neighbourhood_page, neighbourhoods, priorities_of, shown_as_of, shown_neighbourhoods
from loans.queries import loans
from loans.services import draw_down, name_neighbourhood, record_priority, say_answer, show_neighbourhood, tell_story
from tests.borrowers.builders import community_shop
from tests.builders import pounds
from tests.loans.builders import DRAWN_ON, TODAY, Fund, asked, make_fund, make_loan
from tests.loans.neighbours import TOLD_ON, make_neighbourhood, told

pytestmark = pytest.mark.django_db

NORTH, SOUTH, MOOR = "E01900001", "E01900002", "E01900003"


def lend(fund: Fund, number: int, places: Sequence[tuple[str, int]], amount: str = "1000.00") -> Loan:
    """A shop that does good in these areas, with so much lent to it."""
    shop = community_shop(f"Shop {number}", f"{9000 + number}")
    loan = make_loan(fund, asked(amount, months=12), shop=shop)
    draw_down(loan=loan, amount=pounds(amount), on=DRAWN_ON, by=fund.priya, key=f"drawn {number}")
    given = [PlaceGiven(percent, area=area) for area, percent in places]
    record_places(organisation=shop, places=given, source="A visit", effective_on=DRAWN_ON, on=TODAY, by=fund.priya)
    return loan


def agree(business: Organisation, fund: Fund, *, is_given: bool = True) -> None:
    """It lets its loan be published, or takes that back."""
    say_consents(organisation=business, given={Use.OPEN_DATA: is_given}, on=TODAY, by=fund.priya)


def shown(fund: Fund, name: str, area: str) -> Neighbourhood:
    """A neighbourhood that anybody may read of."""
    made = name_neighbourhood(book=fund.book, name=name, areas=[area], by=fund.priya)
    told(made, "A warm room", by=fund.priya)
    show_neighbourhood(neighbourhood=made, is_shown=True, by=fund.tom)
    return made


def read(found: Neighbourhood) -> tuple[int, int, int, int, bool]:
    """What stands inside it: named and lent to them, others and lent to them, and whether the others are hidden."""
    page = neighbourhood_page(found, shown_as_of(found.book))
    inside = page.inside
    return inside.named, inside.lent_named, inside.others, inside.lent_others, page.is_hidden


def test_small_numbers_are_hidden_and_so_is_what_would_give_them_away() -> None:
    """By hand. Not named: 5 in the north, 6 in the south, 1 elsewhere; the fund's whole of 12 is public.

    North and south alone are large enough. But 12 − 5 − 6 = 1 would tell of the one elsewhere, so the smaller of the
    two, the north, is hidden as well, and what is left is 6. Once five are elsewhere nothing has to be hidden.
    """
    fund = make_fund()
    for number in range(5):
        lend(fund, number, [(NORTH, 100)])
    for number in range(5, 11):
        lend(fund, number, [(SOUTH, 100)])
    lend(fund, 11, [(MOOR, 100)])
    north, south = shown(fund, "North", NORTH), shown(fund, "South", SOUTH)
    assert read(north) == (0, 0, 5, 500_000, True)
    assert read(south) == (0, 0, 6, 600_000, False)
    for number in range(12, 16):
        lend(fund, number, [(MOOR, 100)])
    assert (read(north)[-1], read(south)[-1]) == (False, False)


def test_a_business_in_two_places_is_lent_to_by_parts_and_a_named_one_is_no_secret() -> None:
    """£1,000.01 for the north and the moor, 70 to 30: £700.01 and £300.00."""
    fund = make_fund()
    loan = lend(fund, 0, [(NORTH, 70), (MOOR, 30)], amount="1000.01")
    north = shown(fund, "North", NORTH)
    assert read(north) == (0, 0, 1, 70_001, True)
    agree(loan.organisation, fund)
    assert read(north) == (1, 70_001, 0, 0, False)
    agree(loan.organisation, fund, is_given=False)
    assert read(north) == (0, 0, 1, 70_001, True)


def test_the_others_that_answer_a_priority_are_a_part_that_tells_of_nobody() -> None:
    """Ten are not named in the north. Of them 4 answer A, 6 answer B (which leaves 4), 5 answer C, all answer D."""
    fund = make_fund()
    north = shown(fund, "North", NORTH)
    every = [lend(fund, number, [(NORTH, 100)]) for number in range(10)]
    for text, count in (("A", 4), ("B", 6), ("C", 5), ("D", 10), ("E", 0)):
        priority = told(north, text, by=fund.priya)
        for loan in every[:count]:
            say_answer(priority=priority, loan=loan, how="Open later", by=fund.priya)
    page = neighbourhood_page(north, shown_as_of(fund.book))
    assert {one.priority.text: one.others for one in page.priorities} == {
        "A warm room": 0,
        "A": None,
        "B": None,
        "C": 5,
        "D": 10,
        "E": 0,
    }


def test_a_loan_is_named_only_with_consent_and_its_story_only_with_that() -> None:
    fund = make_fund()
    loan = lend(fund, 0, [(NORTH, 100)])
    priority = make_neighbourhood(loan, by=fund.priya)
    of = {"book": fund.book, "organisation": loan.organisation, "on": TODAY, "by": fund.priya}
    story = tell_story(title="The fridge", text="It hums.", **of)

    def first() -> tuple[bool, object, int]:
        (answer,) = neighbourhood_page(priority.neighbourhood, TODAY).priorities[0].loans
        return answer.is_named, answer.story, answer.lent

    assert first() == (False, None, 100_000)
    agree(loan.organisation, fund)
    assert first() == (True, None, 100_000)
    say_consents(organisation=loan.organisation, given={Use.STORY: True}, on=TODAY, by=fund.priya)
    assert first() == (True, story, 100_000)


def test_what_is_said_later_counts_and_the_earlier_stays_on_record() -> None:
    fund = make_fund()
    loan = lend(fund, 0, [(NORTH, 100)])
    priority = make_neighbourhood(loan, by=fund.priya)
    say_answer(priority=priority, loan=loan, how="It closed", is_answer=False, by=fund.tom)
    place = priority.neighbourhood
    assert neighbourhood_page(place, TODAY).priorities[0].loans == ()
    of = {"neighbourhood": place, "source": "A survey", "told_on": TOLD_ON, "on": TODAY, "by": fund.priya}
    later = record_priority(text="A bus", replaces=priority, **of)
    assert list(priorities_of([place])) == [later]
    with pytest.raises(NeighbourhoodRefused, match="replaced by somebody else"):
        record_priority(text="A van", replaces=priority, **of)
    with pytest.raises(NeighbourhoodRefused, match="was replaced"):
        say_answer(priority=priority, loan=loan, how="Late", by=fund.priya)


def test_a_page_is_opened_and_closed_and_two_that_overlap_are_never_open_together() -> None:
    fund = make_fund()
    north = name_neighbourhood(book=fund.book, name="North", areas=[NORTH, SOUTH], by=fund.priya)
    with pytest.raises(NeighbourhoodRefused, match="Nobody has recorded yet"):
        show_neighbourhood(neighbourhood=north, is_shown=True, by=fund.tom)
    told(north, "A warm room", by=fund.priya)
    show_neighbourhood(neighbourhood=north, is_shown=True, by=fund.tom)
    other = name_neighbourhood(book=fund.book, name="South", areas=[SOUTH], by=fund.priya)
    told(other, "A shop", by=fund.priya)
    with pytest.raises(NeighbourhoodRefused, match=f"North share {SOUTH}"):
        show_neighbourhood(neighbourhood=other, is_shown=True, by=fund.tom)
    assert [one.name for one in shown_neighbourhoods()] == ["North"]
    show_neighbourhood(neighbourhood=north, is_shown=False, by=fund.tom)
    with pytest.raises(NeighbourhoodRefused, match="is not shown"):
        show_neighbourhood(neighbourhood=north, is_shown=False, by=fund.tom)
    show_neighbourhood(neighbourhood=other, is_shown=True, by=fund.tom)
    assert [(one.name, bool(one.is_shown)) for one in neighbourhoods(fund.book)] == [("North", False), ("South", True)]


@pytest.mark.parametrize(
    ("areas", "why"),
    [([], "0 are given"), ([NORTH, NORTH.lower()], "2 are given, 1 of them different")],
)
def test_a_neighbourhood_has_each_area_once(areas: list[str], why: str) -> None:
    fund = make_fund()
    with pytest.raises(NeighbourhoodRefused, match=why):
        name_neighbourhood(book=fund.book, name="North", areas=areas, by=fund.priya)
    assert not Neighbourhood.objects.exists()


def test_what_makes_no_sense_is_refused() -> None:
    fund = make_fund()
    loan = lend(fund, 0, [(NORTH, 100)])
    priority = make_neighbourhood(loan, by=fund.priya)
    place = priority.neighbourhood
    with pytest.raises(NoSuchPlace):
        name_neighbourhood(book=fund.book, name="Nowhere", areas=["E99"], by=fund.priya)
    with pytest.raises(NeighbourhoodRefused, match="is a neighbourhood already"):
        name_neighbourhood(book=fund.book, name=place.name, areas=[MOOR], by=fund.priya)
    of = {"neighbourhood": place, "on": TODAY, "by": fund.priya}
    with pytest.raises(NeighbourhoodRefused, match="Nobody has told anything on 24 November 2026 yet"):
        record_priority(text="A bus", source="A survey", told_on=date(2026, 11, 24), **of)
    with pytest.raises(NeighbourhoodRefused, match="and never who"):
        record_priority(text="A bus, says ann@example.org", source="A survey", told_on=TOLD_ON, **of)
    with pytest.raises(NeighbourhoodRefused, match="in at most 300 characters"):
        record_priority(text="A bus", source=" ", told_on=TOLD_ON, **of)
    with pytest.raises(NeighbourhoodRefused, match="how the loan answers it"):
        say_answer(priority=priority, loan=loan, how="", by=fund.priya)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM loans_priority", "UPDATE loans_neighbourhoodshowing SET is_shown = true"]
)
def test_nothing_of_it_changes(statement: str) -> None:
    fund = make_fund()
    shown(fund, "North", NORTH)
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("count", [1, 4])
def test_the_cost_does_not_grow(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fund = make_fund()
    north = shown(fund, "North", NORTH)
    for number in range(count):
        loan = lend(fund, number, [(NORTH, 100)])
        for priority in (told(north, f"Wish {number}", by=fund.priya), *priorities_of([north])):
            say_answer(priority=priority, loan=loan, how="Open later", by=fund.priya)
    found = shown_neighbourhoods().get(pk=north.pk)
    with django_assert_num_queries(13):
        page = neighbourhood_page(found, shown_as_of(fund.book))
    assert len(page.priorities) == count + 1
    assert loans(fund.book).count() == count
