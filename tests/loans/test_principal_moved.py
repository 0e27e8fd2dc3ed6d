"""How a fund's principal moved ties to the ledger and to where its loans stand; what stands behind it is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from moneyed import Money
from pytest_django.fixtures import DjangoAssertNumQueries

from ledger.domain.money import from_minor
from loans.domain.provision import part_of
from loans.losses import provision_movement
from loans.portfolio import standings, summary
from loans.principal_moved import loss_cover, principal_moved
from tests.demo import Demo

FIRST, LAST = date(2025, 10, 1), date(2026, 9, 30)


def test_a_year_of_the_demo(living_demo: Demo, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    book = living_demo.book
    with django_assert_num_queries(4):
        moved = principal_moved(book, FIRST, LAST)
    assert {line.words: line.amount.amount for line in moved.lines} == {
        "Lent to community businesses": Decimal("15000.00"),
        "Interest and fees made principal": Decimal("342.62"),
        "Repaid by them": Decimal("-35825.32"),
        "Written off": Decimal("-38851.02"),
    }
    stands = (summary(book, on).principal for on in (date(2025, 9, 30), LAST))
    assert (moved.opening, moved.closing) == tuple(from_minor(minor, "GBP") for minor in stands)


def test_before_anything_was_lent_nothing_moved(living_demo: Demo) -> None:
    moved = principal_moved(living_demo.book, date(2024, 1, 1), date(2024, 12, 31))
    assert (moved.opening, moved.lines, moved.closing) == (Money(0, "GBP"), (), Money(0, "GBP"))


def test_what_is_set_aside_is_the_ledger_s_and_a_guarantee_counts_while_its_loan_runs(living_demo: Demo) -> None:
    book = living_demo.book
    assert loss_cover(book, LAST).set_aside == provision_movement(book, FIRST, LAST).closing > 0
    before = date(2025, 9, 30)
    laundrette = standings(book, before).get(loan__reference="L-0106").principal
    found = loss_cover(book, before)
    assert (found.guaranteed_loans, found.guaranteed) == (1, part_of(laundrette, Decimal("0.70")))
    after = loss_cover(book, LAST)
    assert (after.guaranteed, after.asked) == (0, 0)
