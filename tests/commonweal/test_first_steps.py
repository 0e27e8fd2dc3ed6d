"""Can a fund begin with nothing but the commands, and do its days pass?"""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from commonweal.access.models import StaffMembership
from commonweal.jobs.close import close_days
from commonweal.jobs.errors import PeriodNotOver
from ledger.domain.financial_year import YearEnd
from ledger.models import Book

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def open_dales(*more: str) -> Book:
    """A new fund, by the commands alone."""
    number = "GB14HHCF20415512345678"
    run("open_book", "dales", "--name", "Dales Fund", "--opened-on", "2026-04-01", "--bank-account", number, *more)
    told = run("add_member", "ann@dales.example", "--name", "Ann Lee", "--book", "dales", "--role", "manager")
    assert "changepassword ann@dales.example" in told
    return Book.objects.get(code="dales")


def test_a_fund_begins_by_the_commands() -> None:
    book = open_dales()
    assert book.bank_accounts.get().account.code == "1010/MAIN"
    assert StaffMembership.objects.get(book=book).role == "manager"
    ann_audits = ("add_member", "ann@dales.example", "--name", "Ann Lee", "--book", "dales", "--role", "auditor")
    with pytest.raises(CommandError, match="Ann Lee is the last fund manager of Dales Fund"):
        run(*ann_audits)
    run("add_member", "ben@dales.example", "--name", "Ben Lee", "--book", "dales", "--role", "manager")
    assert "is auditor of" in run(*ann_audits)
    with pytest.raises(CommandError, match="There is a book 'dales' already"):
        open_dales()


def test_its_financial_year_ends_in_march_unless_it_says_otherwise() -> None:
    assert str(open_dales().year_end) == "31 March"
    with pytest.raises(CommandError, match="'31 June' is not a day of the year; write it like '31 March'"):
        open_dales("--year-end", "31 June")


def test_a_fund_says_when_its_financial_year_ends() -> None:
    assert open_dales("--year-end", "30 september").year_end == YearEnd(9, 30)


def test_days_pass_by_the_close_of_business_and_never_back() -> None:
    book = open_dales()
    with time_machine.travel("2026-04-10 09:00", tick=False):
        assert "the business date of Dales Fund is 2026-04-10" in run("close_of_business", "--book", "dales")
        assert "the business date of Dales Fund is 2026-04-10" in run("close_of_business", "--book", "dales")
        with pytest.raises(CommandError, match="10 April 2026 is not over"):
            run("close_of_business", "--book", "dales", "--through", "2026-04-10")
    book.refresh_from_db()
    user = StaffMembership.objects.get(book=book).user
    assert close_days(book=book, through=date(2026, 4, 5), today=date(2026, 4, 10), by=user) == 0
    with pytest.raises(PeriodNotOver):
        close_days(book=book, through=date(2026, 4, 11), today=date(2026, 4, 11), by=user)
    book.refresh_from_db()
    assert book.business_date == date(2026, 4, 10)
