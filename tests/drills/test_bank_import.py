"""Does every line of a bank file come in once, however often the worker that brings it in is killed?"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import date

import pytest
from django.db import connections
from django.utils import timezone

from commonweal.jobs.models import Job, JobState
from commonweal.jobs.services import enqueue
from commonweal.jobs.worker import work
from ledger.checks import examine
from ledger.models import BankStatementLine, JournalEntry
from ledger.queries import bank_lines_with_rest
from ledger.services import keep_bank_file
from loans.models import LoanEvent
from tests.builders import bank_file, make_bank_account
from tests.commonweal.access.people import make_staff
from tests.databases import TestDatabase
from tests.loans.builders import make_drawn_loan, make_fund

LINES, LOANS = 5_000, 60
WORKER = "import django; django.setup(); from commonweal.jobs.worker import work; work(worker='{name}')"


@pytest.mark.drill
@pytest.mark.committing
def test_a_file_comes_in_whole_however_often_its_worker_is_killed(committing_database: TestDatabase) -> None:
    fund, chance = make_fund(), random.Random(20261122)
    make_bank_account(book=fund.book)
    loans = [make_drawn_loan(fund, shop=str(8200 + number)) for number in range(LOANS)]
    named = [loan.payment_reference for loan in loans for _ in range(5)]
    lines = [(date(2026, 11, 2 + number % 20), "1.00", reference) for number, reference in enumerate(named)]
    rest = [(date(2026, 11, 2 + number % 20), "1.00", f"nobody {number}") for number in range(LINES - len(lines))]
    file = keep_bank_file(name="bank.xml", content=bank_file(*lines, *rest), by=fund.priya)
    person = make_staff(fund.book, "finance")
    given = {"book": fund.book.code, "attachment": file.pk, "name": "bank.xml"}
    job = enqueue(kind="import_bank", arguments=given, by=person, book=fund.book)
    for time in range(job.attempt_limit - 1):
        _work_and_be_killed(f"doomed-{time}", chance.uniform(2, 25), committing_database)
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(lease_until=timezone.now())
    work(worker="last")
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert BankStatementLine.objects.count() == LINES
    assert JournalEntry.objects.filter(kind="bank").count() == LINES
    assert LoanEvent.objects.filter(kind="repaid").count() == len(lines)
    assert bank_lines_with_rest().exclude(rest=0).count() == len(rest)
    assert examine(fund.book) == []


def _work_and_be_killed(name: str, seconds: float, database: TestDatabase) -> None:
    """A worker of its own, killed with -9 after so long, or done before."""
    connections.close_all()
    command = [sys.executable, "-c", WORKER.format(name=name)]
    worker = subprocess.Popen(command, env=database.environment)
    try:
        worker.wait(seconds)
    except subprocess.TimeoutExpired:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
