"""Do the rows of places make the whole, in money and in what may be added, and is nothing else added? By hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from borrowers.domain.deciles import DECILES, Unplaced
from borrowers.domain.outcomes import AddUp
from borrowers.domain.readings import Answer, Grade
from investors.domain.attribution import Attribution, WhyNot
from investors.domain.by_place import Category, InPlaces, PlaceRow, by_category, whole
from investors.domain.outcome_totals import Said

A_FIFTH = Attribution(Fraction(1, 5))
NOTHING_KNOWN = Attribution(None, WhyNot.NO_ACCOUNTS)


def said(value: str | None, *, average: int = 40_000, claim: Attribution = A_FIFTH, weight: str | None = None) -> Said:
    """A figure with a third party's record behind it, or no answer at all."""
    figure = {"answer": Answer.VALUE, "value": Decimal(value), "grade": Grade.THIRD_PARTY} if value else {}
    return Said("A business", Fraction(average), claim, weight=Decimal(weight) if weight else None, **figure)  # type: ignore[arg-type]


CAFE = InPlaces(1, 4_000_001, 5_000_000, said("12"))
SHOP = InPlaces(2, 1_000_000, 3_000_000, said("5", average=10_000, claim=NOTHING_KNOWN))
HALL = InPlaces(0, 0, 2_000_000, said(None, average=10_000))
TWO: list[tuple[Category, int]] = [(1, 75), (4, 25)]
PLACED = [(CAFE, TWO), (SHOP, [(1, 100)]), (HALL, [(Unplaced.UNKNOWN, 100)])]


def table(rows: list[PlaceRow]) -> list[tuple[object, ...]]:
    """Category, businesses, loans, outstanding, lent, supported, our share, reported and asked."""
    return [
        (
            *(row.category, row.businesses, row.loans, row.outstanding, row.lent),
            *(
                (row.told.supported, row.told.our_share, row.told.coverage.reported, row.told.coverage.asked)
                if row.told
                else ()
            ),
        )
        for row in rows
    ]


def test_what_adds_up_is_split_by_the_parts_and_makes_the_whole() -> None:
    """12 jobs of the café: 9 in decile 1 and 3 in decile 4; the odd penny goes to the larger remainder."""
    assert table(by_category(AddUp.SUM, PLACED)) == [
        (1, 2, 3, 4_000_001, 6_750_000, 14, Fraction("1.8"), 2, 2),
        (4, 1, 1, 1_000_000, 1_250_000, 3, Fraction("0.6"), 1, 1),
        (Unplaced.UNKNOWN, 1, 0, 0, 2_000_000, None, None, 0, 1),
    ]
    total = whole(AddUp.SUM, [CAFE, SHOP, HALL])
    assert table([total])[0][1:] == (3, 3, 5_000_001, 10_000_000, 17, Fraction("2.4"), 2, 3)
    assert total.told is not None
    assert total.told.coverage.by_value == Fraction(5, 6)


def test_people_who_are_counted_once_are_never_added_over_businesses() -> None:
    rows = {row.category: row.told for row in by_category(AddUp.UNIQUE_PEOPLE, PLACED)}
    first, fourth, total = rows[1], rows[4], whole(AddUp.UNIQUE_PEOPLE, [CAFE, SHOP, HALL]).told
    assert first is not None
    assert fourth is not None
    assert total is not None
    assert (first.supported, first.is_at_least, first.our_share) == (9, True, None)
    assert (fourth.supported, fourth.is_at_least) == (3, False)
    assert (total.supported, total.is_at_least) == (12, True)


def test_an_average_has_no_parts_but_its_weight_has() -> None:
    """£10 an hour of 40 people, half of them in decile 1, and £13 of 10 there: (20×10 + 10×13) ÷ 30 = £11."""
    one = InPlaces(1, 100, 100, said("10", weight="40"))
    other = InPlaces(1, 100, 100, said("13", weight="10"))
    first, fourth = by_category(AddUp.AVERAGE, [(one, [(1, 50), (4, 50)]), (other, [(1, 100)])])
    assert first.told is not None
    assert fourth.told is not None
    assert (first.told.supported, fourth.told.supported) == (11, 10)


def test_what_is_never_added_up_stands_only_where_one_business_said_it() -> None:
    rows = {row.category: row.told.supported for row in by_category(AddUp.NEVER, PLACED) if row.told}
    assert rows == {1: None, 4: 12, Unplaced.UNKNOWN: None}


def test_every_decile_stands_there_in_order_whether_or_not_anything_is_in_it() -> None:
    rows = by_category(None, PLACED, [*DECILES, *Unplaced])
    assert [row.category for row in rows] == [*range(1, 11), Unplaced.OTHER_NATION, Unplaced.UNKNOWN]
    assert table(rows)[1] == (2, 0, 0, 0, 0)


PARTS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@given(
    st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(0, 10**9), st.integers(0, 500), PARTS), max_size=6),
)
def test_the_rows_always_make_the_whole(given_businesses: list[tuple[int, int, int, list[int]]]) -> None:
    """To the last unit in money, exactly in what adds up; whatever the parts, and also where principal is negative."""
    businesses = []
    for outstanding, lent, value, weights in given_businesses:
        cuts = [100 * sum(weights[:place]) // sum(weights) for place in range(len(weights) + 1)]
        places: list[tuple[Category, int]] = [
            (1 + place % 3, after - before) for place, (before, after) in enumerate(pairwise(cuts))
        ]
        businesses.append((InPlaces(1, outstanding, lent, said(str(value))), places))
    rows = by_category(AddUp.SUM, businesses)
    total = whole(AddUp.SUM, [one for one, _ in businesses])
    assert sum(row.outstanding for row in rows) == total.outstanding
    assert sum(row.lent for row in rows) == total.lent
    assert total.told is not None
    assert sum((row.told.supported or 0 for row in rows if row.told), Fraction(0)) == (total.told.supported or 0)
