"""What is open refuses a close, saying what; some of it may stay open with a reason, which is kept with the close."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from commonweal.access.models import StaffMembership, StaffRole
from commonweal.jobs.close import close_month
from commonweal.jobs.errors import NotReadyToClose
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.readiness import MAY_BE_LEFT, Standing, readiness
from commonweal.jobs.worker import work
from ledger.database_errors import judged_by_database
from ledger.domain.errors import ReasonNeeded
from ledger.domain.left_open import LeftOpen
from ledger.models import JournalEntry as StoredEntry
from ledger.models import PeriodEvent
from ledger.queries import bank_reconciliation, closed_until
from ledger.services import close_period, match_bank_line, open_bank_account, reopen_period
from tests.builders import make_draft, post_entry, reverse_entry
from tests.loans.builders import Fund, bank_line, make_fund
from tests.pages import csv_rows, look, send

pytestmark = pytest.mark.django_db

MAY = date(2025, 5, 31)
WHY = "The payer is asked"


def no_statement(fund: Fund) -> None:
    opened = date(2025, 5, 1)
    open_bank_account(book=fund.book, code="MAIN", name="Current account", identification="601613 31926819", on=opened)


def an_unknown_line(fund: Fund) -> None:
    bank_line(fund, "12.00", "who knows", "2025-05-31")
    bank_line(fund, "-2.00", "charges", "2025-05-31")


def a_difference(fund: Fund) -> None:
    bank_line(fund, "5.00", "interest", "2025-05-31")
    post_entry(book=fund.book, by=fund.tom, on=MAY, amount="5.00", debited="2010/MAIN", credited="4030")


def a_journal_that_waits(fund: Fund) -> None:
    make_draft(book=fund.book, by=fund.tom, on=MAY)


def a_check_that_found_something(fund: Fund) -> None:
    _checked(fund, JobState.FAILED, "the closing of 1010 is 5.00 off.")


def checked_again(fund: Fund) -> None:
    a_check_that_found_something(fund)
    _checked(fund, JobState.DONE, "")


def _checked(fund: Fund, state: JobState, error: str) -> None:
    ended = datetime(2025, 6, 1, 2, tzinfo=UTC)
    Job.objects.create(kind="check_book", book=fund.book, state=state, error=error, finished_at=ended)


@pytest.mark.parametrize(
    ("open_", "matter", "said"),
    [
        (no_statement, "bank-statements", "Bank statements in: not yet, Current account has none. Bring in the bank's"),
        (an_unknown_line, "bank-lines", "not yet, 2 lines in suspense, £12.00 in, £2.00 out. Match them, or give the"),
        (a_difference, "reconciliation", "Current account stands at £5.00 in the books and at £0.00 at the bank. Look"),
        (a_journal_that_waits, "manual-journals", r"J-\d+ of 31 May 2025 not posted. Let a colleague post what is"),
        (a_check_that_found_something, "check", r"W-\d+ says: the closing of 1010 is 5.00 off. Put right what it"),
        (checked_again, "", ""),
    ],
)
def test_what_is_open_refuses_the_close(open_: Callable[[Fund], None], matter: str, said: str) -> None:
    fund = make_fund()
    open_(fund)
    found = {str(item.matter) for item in readiness(fund.book, MAY) if item.standing == Standing.OPEN}
    assert matter in found or not (matter or found)
    reasons = dict.fromkeys(found, WHY)
    if matter:
        with pytest.raises(NotReadyToClose, match=f"{said}.* No period was closed"):
            close_month(book=fund.book, through=MAY, by=fund.tom, reasons=reasons | {matter: " "})
    if matter in MAY_BE_LEFT or not matter:
        event = close_month(book=fund.book, through=MAY, by=fund.tom, reasons=reasons | {"provisions": "Not kept"})
        assert [(one.matter, one.reason) for one in event.left] == [(one, WHY) for one in MAY_BE_LEFT if one in found]
    else:
        with pytest.raises(NotReadyToClose, match=said):
            close_month(book=fund.book, through=MAY, by=fund.tom, reasons=reasons)
        assert closed_until(fund.book) is None


def test_a_line_is_open_where_it_was_in_suspense_on_the_last_day_as_the_auditor_reads_it() -> None:
    fund, june = make_fund(), date(2025, 6, 1)

    def matched(amount: str, *, on: date) -> StoredEntry:
        line = bank_line(fund, amount, "who knows", "2025-05-31")
        entry = post_entry(book=fund.book, by=fund.tom, on=on, amount=amount, debited="2010/MAIN", credited="4030")
        match_bank_line(line_id=line.pk, entry_id=entry.pk)
        return entry

    reverse_entry(matched("12.00", on=MAY), by=fund.tom, on=june)
    matched("5.00", on=june)
    said = {on: [i.note for i in readiness(fund.book, on) if i.matter == "bank-lines"] for on in (MAY, june)}
    assert said == {MAY: ["1 line in suspense, £5.00 in"], june: ["1 line in suspense, £12.00 in"]}
    bank = fund.book.bank_accounts.get()
    assert [bank_reconciliation(bank, on).suspense for on in (MAY, june)] == [500, 1200]


def test_the_reason_is_asked_for_at_the_desk_and_stays_with_the_close() -> None:
    fund = make_fund()
    bank_line(fund, "12.00", "who knows", "2025-05-31")
    bank_line(fund, "-12.00", "who knows", "2025-05-31")
    StaffMembership.objects.create(user=fund.tom, book=fund.book, role=StaffRole.MANAGER)
    client, page = Client(), f"/desk/{fund.book.code}/month-end/"
    client.force_login(fund.tom)
    close_period(book=fund.book, through=date(2025, 4, 30), by=fund.tom)
    matter, state = "Bank lines matched", "2 lines in suspense, £12.00 in, £12.00 out"
    assert look(client, page).facts("What has to be done first")[f"{matter} {state}. Match them."] == "Open"
    refused = send(client, f"{page}close/", through="2025-05-31", **{"bank-lines": " "})
    (problem,) = refused.problems()
    assert f"{matter}: not yet, {state}. Match them, or give the reason why it may stay open." in problem
    send(client, f"{page}close/", through="2025-05-31", **{"bank-lines": WHY})
    assert work(worker="test") == 1
    told = f"{matter}: {state}; left open because: {WHY}"
    assert f"May 2025 | Closed {told} | Tom Ashworth" in look(client, page).rows("Periods")[0]
    assert csv_rows(client, page)[1][5] == told
    reopen_period(book=fund.book, reason="The payer wrote", by=fund.tom)
    assert told in look(client, page).text


def test_the_command_closes_with_reasons_and_says_what_was_left() -> None:
    fund, said = make_fund(), io.StringIO()
    no_statement(fund)
    asked = {"book": fund.book.code, "through": MAY, "by": fund.tom.email}
    with pytest.raises(CommandError, match="Current account has none"):
        call_command("close_month", **asked)
    with pytest.raises(CommandError, match="write WHAT=REASON, where WHAT is one of bank-statements, "):
        call_command("close_month", "--leave-open", "check=no time", **asked)
    call_command("close_month", "--leave-open", "bank-statements=It is on its way", stdout=said, **asked)
    left, closed = said.getvalue().splitlines()
    assert left == "Bank statements in: Current account has none; left open because: It is on its way"
    assert closed.startswith("2025-01-01 to 2025-05-31 is closed; its trial balance has sha256 ")


@pytest.mark.parametrize(
    ("closes_before", "content"),
    [(0, [{"reason": " "}]), (0, [{"reason": WHY}, {"matter": "bank-lines"}]), (1, [{"reason": WHY}])],
)
def test_the_database_keeps_no_close_that_leaves_something_open_without_a_reason(
    closes_before: int, content: list[dict[str, str]]
) -> None:
    fund = make_fund()
    period = close_period(book=fund.book, through=MAY, by=fund.tom).period
    if not closes_before:
        reopen_period(book=fund.book, reason="Again", by=fund.tom)
    kind = "reopened" if closes_before else "closed"
    event = PeriodEvent(
        period=period, number=period.events.count() + 1, kind=kind, left_open=content, recorded_by=fund.tom
    )
    said = r"from 1 January 2025 is left open without a reason. Say why"
    with pytest.raises(ReasonNeeded, match=said), judged_by_database(), transaction.atomic():
        event.save()


def test_what_is_left_open_has_a_reason() -> None:
    with pytest.raises(ReasonNeeded, match=r"Bank lines matched: 1 line. Say why"):
        LeftOpen("bank-lines", "Bank lines matched", "1 line", " ")
