"""Does a lender to the fund get a statement whose figures are the ledger's, by two people, and nobody else's?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from commonweal.documents.issuing import content, verify
from commonweal.documents.models import Document
from commonweal.documents.runs import run_sha256
from commonweal.documents.statements import render_facility_statement
from commonweal.jobs.close import close_days
from commonweal.jobs.statements import period_of, prepare_statements, publish_statements
from investors.domain.borrowing_covenants import Covenants
from investors.facility_figures import build_facility_statement
from investors.facility_statement import FacilityStatement
from ledger.domain.errors import SameTwoEyes
from ledger.queries import balances, seals
from ledger.services import seal_text
from loans.domain.terms import annuity
from loans.statements import Earlier, StatementDoesNotAdd, StatementHead, StatementStatus
from tests.builders import pounds
from tests.commonweal.documents import builders
from tests.investors.borrowed import Borrowed, agreed, make_borrowed

pytestmark = pytest.mark.django_db

PROMISES = Covenants(arrears_share=Decimal("0.1"), minimum_cash=pounds("1000000.00"))


@pytest.fixture
def borrowed() -> Borrowed:
    """£30,000.00 of £35,000.00 drawn on 1 May 2025, the first instalment paid, the second due and not paid."""
    found = make_borrowed(agreed(covenants=PROMISES))
    found.draw("30000.00")
    days(found, "2025-06-02")
    found.repay("600.00", "2025-06-02")
    days(found, "2025-07-03")
    return found


def days(borrowed: Borrowed, to: str) -> None:
    """Days pass, and each is closed."""
    today = date.fromisoformat(to)
    close_days(book=borrowed.book, through=date.fromordinal(today.toordinal() - 1), today=today, by=borrowed.fund.tom)
    borrowed.book.refresh_from_db()


def statement(borrowed: Borrowed, start: date, end: date, *, earlier: tuple[Earlier, ...] = ()) -> FacilityStatement:
    """The statement of some days, end exclusive, as all is known now."""
    known = seals(borrowed.book).order_by("number").last()
    assert known is not None
    head = builders.head(
        "2025-Q2-B-0001", period_start=start, period_end=end, issued_on=end, seal=str(seal_text(known))
    )
    return build_facility_statement(borrowed.facility, head, known_under=known, earlier=earlier)


def test_its_figures_are_those_of_the_ledger(borrowed: Borrowed) -> None:
    told = statement(borrowed, date(2025, 6, 1), date(2025, 7, 2))
    assert (told.principal.opening, told.interest.opening) == (pounds("30000.00"), pounds("0.00"))
    for table, node in ((told.principal, "2610"), (told.interest, "2620"), (told.fees, "2630")):
        code = f"{node}/{borrowed.facility}"
        for on, amount in ((date(2025, 5, 31), table.opening), (date(2025, 7, 1), table.closing)):
            assert -balances(borrowed.book, [code], on)[code] == amount
    owed = {(line.words, str(line.amount.amount)) for line in told.principal.lines + told.interest.lines}
    assert owed == {
        ("Paid by the fund", "-429.98"),
        ("Paid by the fund", "-150.00"),
        ("Interest due", "297.85"),
        ("Paid from money in advance", "-20.02"),
    }, "£600.00 is £20.02 more than the £579.98 due; in July 0.5% of £29,570.02 is due, £147.85 beside £150.00"
    assert told.in_advance.closing == pounds("0.00")
    assert [(row.what, str(row.balance.amount)) for row in told.transactions] == [
        ("Interest due", "30150.00"),
        ("Paid by the fund", "29550.00"),
        ("Interest due", "29697.85"),
        ("Paid from money in advance", "29697.85"),
    ]
    assert (str(told.owed_before.amount), str(told.owed.amount)) == ("30000.00", "29697.85")
    assert told.undrawn == pounds("5000.00")


def test_it_says_how_the_promises_stood_and_what_comes_next(borrowed: Borrowed) -> None:
    told = statement(borrowed, date(2025, 4, 1), date(2025, 7, 1))
    assert [line.words for line in told.principal.lines] == ["Drawn by the fund", "Paid by the fund"]
    assert [(one.promise, one.is_met, one.on <= date(2025, 6, 30)) for one in told.covenants] == [
        ("Arrears share", True, True),
        ("Minimum cash", False, True),
    ]
    assert [one.promise for one in told.broken] == ["Minimum cash"]
    assert told.next_payment is not None
    assert told.next_payment.on == date(2025, 7, 1)
    codes = [f"{node}/{borrowed.facility}" for node in ("2625", "2635")]
    accrued = balances(borrowed.book, codes, date(2025, 6, 30))
    assert told.accrued == -sum(accrued.values(), pounds("0.00")) != pounds("0.00")
    assert len(told.schedule) == 60


def test_what_does_not_tie_is_no_statement(borrowed: Borrowed) -> None:
    told = statement(borrowed, date(2025, 4, 1), date(2025, 7, 1))
    with pytest.raises(StatementDoesNotAdd, match="principal by the engine"):
        replace(told, engine=replace(told.engine, principal=pounds("29550.01")))
    with pytest.raises(StatementDoesNotAdd, match="opening balance and transactions"):
        replace(told, transactions=told.transactions[1:])


def test_two_people_issue_it_with_the_others(borrowed: Borrowed) -> None:
    book, fund = borrowed.book, borrowed.fund
    run = prepare_statements(book=book, period=period_of("2025-Q2", book), by=fund.priya)
    assert ["facility-statement", "B-0001"] in run.planned
    with pytest.raises(SameTwoEyes):
        publish_statements(run=run, shown_sha256=run_sha256(run), by=fund.priya)
    publish_statements(run=run, shown_sha256=run_sha256(run), by=fund.tom)
    made = Document.objects.get(kind="facility-statement")
    assert (made.number, made.investor, made.title) == ("2025-Q2-B-0001", borrowed.bank, "Lender’s statement")
    assert verify(made) == []
    assert content(made).startswith(b"%PDF-1.7")
    assert prepare_statements(book=book, period=period_of("2025-Q2", book), by=fund.tom) == run
    forged = Document.objects.get(pk=made.pk)
    forged.pk, forged.number, forged.prepared = None, "2025-Q2-B-0002", None
    with pytest.raises(DatabaseError, match="not as a published run prepared it"), transaction.atomic():
        forged.save(force_insert=True)


def test_what_became_known_later_is_listed_on_the_next(borrowed: Borrowed) -> None:
    first = statement(borrowed, date(2025, 4, 1), date(2025, 7, 1))
    known = Earlier(first.head.number, first.head.last_day, first.head.seal)
    borrowed.repay("100.00", "2025-06-20")
    days(borrowed, "2025-07-04")
    (since,) = statement(borrowed, date(2025, 7, 1), date(2025, 7, 3), earlier=(known,)).since
    assert (since.statement, since.sums) == (first.head.number, (pounds("-100.00"),))


def test_the_pdf_carries_every_figure(borrowed: Borrowed) -> None:
    told = statement(borrowed, date(2025, 4, 1), date(2025, 7, 1))
    made = render_facility_statement(told)
    assert made == render_facility_statement(told), "the same knowledge gives the same bytes"
    assert "Drawn by the fund" in made.html
    assert "1</strong> of 2 promises were not kept" in made.html
    assert made.csv.count("promise,") == 10
    assert told.head.status is StatementStatus.FINAL
    assert isinstance(told.head, StatementHead)


def test_the_rate_is_printed_as_it_was_agreed() -> None:
    terms = annuity(pounds("35000.00"), Decimal("0.04125"), 60, date(2025, 6, 1))
    found = make_borrowed(agreed(terms))
    found.draw("30000.00")
    days(found, "2025-05-10")
    told = dict(statement(found, date(2025, 4, 1), date(2025, 5, 10)).terms)
    assert told["Interest"] == "4.125% a year, 30E/360"
