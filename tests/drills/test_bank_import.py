"""Does every line of a bank file come in once, however often the machine falls over? Nobody helps it up but itself.

Worker, web server, broker and PostgreSQL are killed (-9) at random moments while files of five thousand lines are
brought in, and started again as an operator's service manager does.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from commonweal.access.models import User
from commonweal.jobs.banking import ask_to_bring_in
from commonweal.jobs.checks import examine_everything
from commonweal.jobs.models import Job
from ledger.models import BankStatementLine, Book, JournalEntry
from ledger.queries import bank_lines_with_rest
from ledger.services import keep_bank_file
from loans.models import LoanEvent
from tests.builders import bank_file, make_bank_account
from tests.commonweal.access.people import make_staff
from tests.databases import TestDatabase
from tests.drills.machine import REDIS, WEB, machine
from tests.drills.test_parts_away import WORKERS, installation
from tests.drills.under_fire import KILLS, kill_until_over
from tests.loans.builders import make_drawn_loan, make_fund

pytestmark = [pytest.mark.drill, pytest.mark.committing]

LINES, LOANS, EACH = 5_000, 60, 5
MOST_FILES, DAYS = 6, 3
"""Files at most, and the days of each: one after the other."""


def ask_for_a_file(book: Book, number: int, references: list[str], by: User) -> Job:
    """One file: some lines repay loans, the others name nobody."""
    named = [reference for reference in references for _ in range(EACH)]
    said = [*named, *(f"nobody {line}" for line in range(LINES - len(named)))]
    days = [date(2026, 11, 2 + DAYS * number + place % DAYS) for place in range(LINES)]
    lines = [(day, "1.00", reference) for day, reference in zip(days, said, strict=True)]
    name, opening = f"bank-{number}.xml", f"{number * LINES}.00"
    content = bank_file(*lines, opening=opening, statement_id=str(number))
    file = keep_bank_file(name=name, content=content, by=by)
    return ask_to_bring_in(book=book, attachment=file.pk, name=name, by=by)


def test_files_come_in_whole_however_often_the_machine_falls_over(
    committing_database: TestDatabase, spare_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, killed, files = Random(20261122), list[str](), 0
    monkeypatch.setenv("JOB_LEASE_SECONDS", "5")
    fund = make_fund()
    make_bank_account(book=fund.book)
    references = [make_drawn_loan(fund, shop=str(8200 + number)).payment_reference for number in range(LOANS)]
    person = make_staff(fund.book, "finance")
    with (
        machine(spare_server, tmp_path, broker="redis") as parts,
        installation(committing_database, parts, monkeypatch, REDIS, WEB, *WORKERS),
    ):
        while len(killed) < KILLS and files < MOST_FILES:
            job = ask_for_a_file(fund.book, files, references, person)
            kill_until_over(parts, job, chance, killed, pause=(0.2, 2.5))
            files += 1
        connections.close_all()
        print(f"killed: {', '.join(killed)}; {files} files")
        matched = files * LOANS * EACH
        assert BankStatementLine.objects.count() == files * LINES
        assert JournalEntry.objects.filter(kind="bank").count() == files * LINES
        assert LoanEvent.objects.filter(kind="repaid").count() == matched
        assert bank_lines_with_rest().exclude(rest=0).count() == files * LINES - matched
        assert examine_everything(Book.objects.get(pk=fund.book.pk)) == []
    assert len(killed) >= KILLS
