"""Does a run of statements end in the same documents, each told once, however often its machine falls over?

Worker, web server, broker and PostgreSQL are killed (-9) at random moments while the statements of forty loans and
seven investors are prepared, and while their readers are told; an undisturbed run over the same books is beside it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from commonweal.documents.models import StatementRun
from commonweal.documents.runs import run_sha256
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from commonweal.jobs.statements import issued_in, period_of, prepare_statements, publish_statements, tell_readers
from commonweal.letters.models import Letter
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation
from investors.services import apportion_book, register_investor, set_participations
from ledger.models import Book
from tests.builders import pounds
from tests.commonweal.access.people import make_borrower, make_investor_person
from tests.databases import TestDatabase
from tests.drills.machine import REDIS, WEB, machine
from tests.drills.test_parts_away import WORKERS, installation
from tests.drills.under_fire import KILLS, kill_until_over
from tests.loans.builders import DRAWN_ON, Fund, make_drawn_loan, make_fund

pytestmark = [pytest.mark.drill, pytest.mark.committing]

LOANS, LENDERS, PERIOD = 40, 7, "2026-Q3"


def keep_books() -> Fund:
    """Loans that seven lenders share alike, each of all these with somebody who is told; nothing is left to post."""
    fund = make_fund()
    lenders = [
        register_investor(code=f"L{number}", name=f"Lender {number}", kind=InvestorKind.SOCIAL_INVESTOR)
        for number in range(LENDERS)
    ]
    for lender in lenders:
        make_investor_person(lender)
    for number in range(LOANS):
        loan = make_drawn_loan(fund, shop=str(8200 + number))
        make_borrower(loan.organisation)
        parts = [Participation(one.code, 1, pounds("5000.00")) for one in lenders]
        set_participations(loan=loan, effective_on=DRAWN_ON, participations=parts, by=fund.tom)
    apportion_book(book=fund.book, by=fund.tom)
    bring_book_up_to_date(book=fund.book, through=fund.book.business_date, by=fund.tom)
    return fund


def documents_of(run: StatementRun) -> list[tuple[str, str, str]]:
    """What a run made: each subject once, under its number, with the fingerprint of its file."""
    return sorted((one.subject, one.number, one.file_id) for one in issued_in(run))


def told_of(run: StatementRun) -> Counter[tuple[str, int]]:
    """How many letters each person has about each document of a run."""
    numbers = [number for _, number, _ in documents_of(run)]
    return Counter(Letter.objects.filter(about__in=numbers).values_list("about", "person_id"))


def test_a_run_of_statements_that_is_killed_at_twenty_moments_makes_the_same_documents(
    committing_database: TestDatabase,
    spare_server: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random, killed = Random(20260930), list[str]()
    monkeypatch.setenv("JOB_LEASE_SECONDS", "5")
    fund = keep_books()
    with (
        machine(spare_server, tmp_path, broker="redis") as parts,
        installation(committing_database, parts, monkeypatch, REDIS, WEB, *WORKERS),
    ):
        asked = {"book": fund.book.code, "period": PERIOD}
        job = enqueue(kind="issue_statements", arguments=asked, by=fund.tom, book=fund.book, attempts=2 * KILLS)
        kill_until_over(parts, job, random, killed, pause=(0.5, 3))
        run = StatementRun.objects.get()
        publish_statements(run=run, shown_sha256=run_sha256(run), by=fund.priya)
        telling = Job.objects.get(kind="tell_statements")
        kill_until_over(parts, telling, random, killed, pause=(0.1, 0.5))
        connections.close_all()
        assert examine_everything(Book.objects.get(pk=fund.book.pk)) == []
        under_fire, told = documents_of(run), told_of(run)
        assert tell_readers(run=run) == 0
    print(f"killed: {', '.join(killed)}; {len(under_fire)} documents, {told.total()} letters")
    assert set(told.values()) == {1}
    assert len(told) == LOANS + LENDERS, "of the fund’s own impact nobody is told"
    assert len(under_fire) == LOANS + LENDERS + 1
    undisturbed = prepare_statements(book=fund.book, period=period_of(PERIOD, fund.book), by=fund.tom)
    publish_statements(run=undisturbed, shown_sha256=run_sha256(undisturbed), by=fund.priya)
    assert documents_of(undisturbed) == under_fire
    assert len(killed) >= KILLS
