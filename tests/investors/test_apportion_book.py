"""A book is gone through by what is new in it: no loan is read again for nothing, and none is missed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from investors.checks import CHECKS
from investors.models import ApportionmentMark
from investors.services import apportion, apportion_book, apportionment
from ledger.checks import examine
from ledger.services import settled_before
from loans.models import Loan
from tests.investors.shared_loan import DRAWN_ON, SharedLoan, approve_another, approve_netherby

pytestmark = pytest.mark.django_db

FIRST_DUE = date(2025, 6, 2)
ELSEWHERE = "SELECT pg_advisory_lock_shared(7411, %s)"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The references of the loans that were read, in order."""
    references: list[str] = []

    def recorded(*, loan: Loan, **given: Any) -> tuple[int, ...]:
        references.append(loan.reference)
        return apportion(loan=loan, **given)

    monkeypatch.setattr(apportionment, "apportion", recorded)
    return references


def three_drawn() -> list[SharedLoan]:
    """Three loans of one book, shared by the same lenders and drawn."""
    netherby = approve_netherby()
    loans = [netherby, *(replace(netherby, loan=approve_another(netherby), _acts=100 * n) for n in (1, 2))]
    for shared in loans:
        shared.share()
        shared.draw()
    return loans


def go_through(shared: SharedLoan) -> int:
    return apportion_book(book=shared.book, by=shared.tom)


@contextmanager
def somebody_posts(book: int) -> Iterator[None]:
    """Another connection shares the book, as whoever posts does until the end of its transaction."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(ELSEWHERE, [book])
    try:
        yield
    finally:
        other.close()


def test_only_the_loans_with_something_new_are_read(read: list[str]) -> None:
    first, second, third = three_drawn()
    assert (go_through(first), read) == (3, [str(one.loan.reference) for one in (first, second, third)])
    read.clear()
    second.repay("676.65", on=FIRST_DUE)
    assert (go_through(first), read) == (2, [second.loan.reference])
    read.clear()
    assert (go_through(first), read) == (0, [])
    assert examine(first.book, CHECKS) == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_what_is_not_new_costs_no_query(django_assert_num_queries: Any, how_many: int) -> None:
    loans = three_drawn()
    go_through(loans[0])
    for shared in loans[:how_many]:
        shared.repay("676.65", on=FIRST_DUE)
    go_through(loans[0])
    with django_assert_num_queries(8):
        assert go_through(loans[0]) == 0


def test_a_run_that_was_cut_off_is_gone_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_, last = three_drawn()

    def cut_off(*, loan: Loan, **given: Any) -> tuple[int, ...]:
        if loan.reference == last.loan.reference:
            raise KeyboardInterrupt
        return apportion(loan=loan, **given)

    with monkeypatch.context() as patched:
        patched.setattr(apportionment, "apportion", cut_off)
        with pytest.raises(KeyboardInterrupt):
            go_through(first)
    assert go_through(first) == 1
    assert examine(first.book, CHECKS) == []


def test_while_somebody_posts_the_mark_stays(read: list[str]) -> None:
    first, *_ = three_drawn()
    go_through(first)
    before = ApportionmentMark.objects.get(book=first.book).settled_before
    first.repay("676.65", on=FIRST_DUE)
    with somebody_posts(first.book.pk):
        assert settled_before(book=first.book) is None
        assert go_through(first) == 2
    assert ApportionmentMark.objects.get(book=first.book).settled_before == before
    read.clear()
    assert (go_through(first), read) == (0, [first.loan.reference])
    assert ApportionmentMark.objects.get(book=first.book).settled_before > before


def test_what_was_posted_before_anybody_shared_the_loan_is_shared_when_somebody_does(read: list[str]) -> None:
    netherby = approve_netherby()
    netherby.draw()
    assert (go_through(netherby), read) == (0, [])
    netherby.share(on=DRAWN_ON)
    assert examine(netherby.book, CHECKS) == []
    assert go_through(netherby) == 0
