"""Does a close end in the same books, however often its machine falls over? Nobody helps it up but the machine itself.

Worker, web server, broker and PostgreSQL are killed (-9) at random moments while the days of two thousand loans are
closed, and started again as an operator's service manager does.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from commonweal.jobs.bringing_in import move_in
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import ask_to_close_days, close_days
from commonweal.jobs.moving_in import try_moving_in
from ledger.models import Book
from loans.domain.calendar import month_ends
from loans.services import confirm_moving_in, prepare_moving_in
from tests.commonweal.jobs.books_told import balances_told, entries_told, standings_told
from tests.databases import TestDatabase
from tests.drills.machine import REDIS, WEB, machine
from tests.drills.test_parts_away import WORKERS, installation
from tests.drills.under_fire import KILLS, kill_until_over
from tests.loans.builders import Fund, make_fund
from tests.moving_in import Row, many, sheets

pytestmark = [pytest.mark.drill, pytest.mark.committing]

LOANS = 2000
CUT_OVER_ON, TODAY = date(2025, 11, 1), date(2026, 11, 1)
"""A year ago, so that the days that are closed are over by any clock."""


def a_year_ago(row: Row) -> Row:
    return {name: value.replace("2026-", "2025-") for name, value in row.items()}


def keep_loans() -> Fund:
    """Two thousand ordinary loans, some of them overdue, moved in."""
    fund = make_fund(today=CUT_OVER_ON)
    files = sheets([a_year_ago(row) for row in many(LOANS)])
    prepared = prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=files, by=fund.tom)
    ready = try_moving_in(moving_in=prepared)
    confirmed = confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    move_in(moving_in=confirmed, by=fund.priya)
    return fund


def books_of(fund: Fund) -> tuple[object, ...]:
    book = Book.objects.get(pk=fund.book.pk)
    assert examine_everything(book) == []
    return balances_told(book), entries_told(book), standings_told(book), book.business_date


def test_a_close_that_is_killed_at_twenty_moments_ends_in_the_same_books(
    committing_database: TestDatabase,
    spare_server: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = Random(20251101)
    monkeypatch.setenv("JOB_LEASE_SECONDS", "5")
    fund, killed, through = keep_loans(), list[str](), CUT_OVER_ON
    with (
        machine(spare_server, tmp_path, broker="redis") as parts,
        installation(committing_database, parts, monkeypatch, REDIS, WEB, *WORKERS),
    ):
        for month_end in month_ends(CUT_OVER_ON, TODAY):
            through = month_end
            job = ask_to_close_days(book=fund.book, through=through, today=TODAY, by=fund.tom)
            kill_until_over(parts, job, random, killed, pause=(0.5, 6))
            if len(killed) >= KILLS:
                break
        connections.close_all()
        under_fire = books_of(fund)
        entries_before = len(under_fire[1])
        fund.book.refresh_from_db()
        assert close_days(book=fund.book, through=through, today=TODAY, by=fund.tom) == 0
        assert len(books_of(fund)[1]) == entries_before
    print(f"killed: {', '.join(killed)}; closed through {through}; {entries_before} entries")
    fund.book.refresh_from_db()
    close_days(book=fund.book, through=through, today=TODAY, by=fund.tom)
    assert books_of(fund) == under_fire
    assert len(killed) >= KILLS
