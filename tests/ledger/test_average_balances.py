"""The mean of daily balances is one sum over postings, exact, and as known under a seal."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.queries import average_balances
from ledger.services import seal
from tests.builders import make_book, make_user, post_entry, reverse_entry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

YEAR = (date(2021, 6, 1), date(2022, 5, 31))


def test_half_a_year_at_ten_thousand_and_half_at_eight() -> None:
    """The vector of `docs/maths/citr.md`: 183 days and 182 days come to £9,002.74."""
    book, by = make_book(opened_on=date(2021, 1, 1), today=date(2022, 6, 30)), make_user()
    post_entry(book=book, by=by, on=date(2021, 3, 1), amount="10000.00")
    post_entry(book=book, by=by, on=date(2021, 12, 1), amount="2000.00", debited="4030", credited="1010/MAIN")
    post_entry(book=book, by=by, on=date(2022, 6, 1), amount="500.00")
    found = average_balances(book, ["1010", "4030", "2110"], *YEAR)
    assert found == {"1010/MAIN": (mean := Fraction(1_000_000 * 183 + 800_000 * 182, 365)), "4030": -mean}
    assert round(found["1010/MAIN"]) == 900_274


def test_a_seal_knows_what_it_covers() -> None:
    book, by = make_book(opened_on=date(2021, 1, 1), today=date(2022, 6, 30)), make_user()
    entry = post_entry(book=book, by=by, on=date(2021, 6, 1), amount="365.00")
    sealed = seal(book=book)
    reverse_entry(entry, by=by, on=date(2021, 6, 2))
    assert average_balances(book, ["1010"], *YEAR, known_under=sealed)["1010/MAIN"] == 36_500
    assert average_balances(book, ["1010"], *YEAR)["1010/MAIN"] == 100
