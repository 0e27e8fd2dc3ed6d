"""What a lender to the fund reads in its portal, and what the desk keeps of its statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from commonweal.access.models import InvestorMembership, StaffMembership, StaffRole, User
from commonweal.access.tokens import make_token
from commonweal.documents.runs import run_sha256
from commonweal.jobs.close import close_days
from commonweal.jobs.statements import period_of, prepare_statements, publish_statements
from investors.domain.borrowing_covenants import Covenants
from investors.domain.kinds import InvestorKind
from investors.services import register_investor
from ledger.queries import balances
from tests.builders import make_user, pounds
from tests.commonweal.api.client import Api
from tests.investors.borrowed import Borrowed, agreed, make_borrowed
from tests.pages import csv_rows, look

pytestmark = pytest.mark.django_db

LENT = "/investor/lent/"
PROMISES = Covenants(arrears_share=Decimal("0.1"), minimum_cash=pounds("1000000.00"))


@pytest.fixture
def borrowed() -> Borrowed:
    """£30,000.00 drawn on 1 May 2025, the first instalment paid, the second due on the book's day."""
    found = make_borrowed(agreed(covenants=PROMISES))
    found.draw("30000.00")
    days(found, "2025-06-02")
    found.repay("600.00", "2025-06-02")
    days(found, "2025-07-02")
    return found


def days(borrowed: Borrowed, to: str) -> None:
    """Days pass, and each is closed."""
    today = date.fromisoformat(to)
    close_days(book=borrowed.book, through=date.fromordinal(today.toordinal() - 1), today=today, by=borrowed.fund.tom)
    borrowed.book.refresh_from_db()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program_of(user: User) -> Api:
    return Api(make_token(user=user, label="Reports")[1])


def at_the_bank(borrowed: Borrowed) -> Client:
    """Somebody who acts for the lender."""
    gwen = make_user(name="Gwen Pryce")
    InvestorMembership.objects.create(user=gwen, investor=borrowed.bank)
    return logged_in(gwen)


def test_a_lender_reads_what_it_is_owed_to_the_penny(borrowed: Borrowed) -> None:
    client = at_the_bank(borrowed)
    assert client.get("/investor/").headers["Location"] == LENT
    page = look(client, f"{LENT}?from=2025-06-01")
    assert "On 2 July 2025 Harbour & Hills Community Fund owed you £29,697.85." in page.text
    rows = page.rows("Your account with the fund")
    assert "Opening | 1 Jun 2025 | 30,000.00" in rows
    assert "Interest due | 2 times, 1 June 2025 to 1 July 2025 | 297.85" in rows
    assert "Closing | 2 Jul 2025 | 29,570.02" in rows
    owed = balances(borrowed.book, ["2610/B-0001", "2620/B-0001"], borrowed.book.business_date)
    assert -sum(owed.values(), pounds("0.00")) == pounds("29697.85")
    assert [row.split(" | ")[1] for row in page.rows("Promises")] == ["Kept", "Broken"]
    assert "Minimum cash: not kept." in page.text
    assert page.rows("Schedule")[1].startswith("2 | 1 Jul 2025 | Part paid, 1 day late | 147.85 | 432.13 | 579.98")
    assert ["Principal", "Closing", "", "29570.02"] in csv_rows(client, f"{LENT}?from=2025-06-01")
    assert page.link("What I lend") == LENT
    before = look(client, f"{LENT}?as_of=2025-05-31")
    assert "On 31 May 2025 Harbour & Hills Community Fund owed you £30,000.00." in before.text


def test_its_statement_stands_on_its_page_and_at_the_desk(borrowed: Borrowed) -> None:
    book, fund = borrowed.book, borrowed.fund
    client = at_the_bank(borrowed)
    StaffMembership.objects.create(user=fund.tom, book=book, role=StaffRole.MANAGER)
    at_the_desk = f"/desk/{book.code}/borrowings/{borrowed.facility.pk}/"
    assert "None was issued yet" in look(client, LENT).text
    assert "None was issued yet" in look(logged_in(fund.tom), at_the_desk).text
    run = prepare_statements(book=book, period=period_of("2025-Q2", book), by=fund.priya)
    assert "None was issued yet" in look(client, LENT).text
    publish_statements(run=run, shown_sha256=run_sha256(run), by=fund.tom)
    for reader, path in ((client, LENT), (logged_in(fund.tom), at_the_desk)):
        page = look(reader, path)
        assert "2025-Q2-B-0001, issued 2 July 2025" in page.text
        found = reader.get(page.link("April to June 2025 (PDF)"))
        assert found.getvalue().startswith(b"%PDF")


def test_its_program_reads_the_same_figures(borrowed: Borrowed) -> None:
    gwen = make_user(name="Gwen Pryce")
    InvestorMembership.objects.create(user=gwen, investor=borrowed.bank)
    api, borrowings = program_of(gwen), f"books/{borrowed.book.code}/borrowings/"
    (one,) = api.get(borrowings).rows
    owed = [one[name]["amount"] for name in ("principal", "interest_due", "fees_due")]
    assert owed == ["29570.02", "127.83", "0.00"]
    assert sum(map(Decimal, owed)) == Decimal("29697.85")
    moved = api.get(f"{borrowings}{one['id']}/movements/", as_of="2025-06-30").rows
    assert sum(Decimal(row["principal"]["amount"]) for row in moved if row["principal"]) == Decimal("29570.02")
    assert moved[0]["what"] == "Drawn by the fund"
    tests = api.get(f"{borrowings}{one['id']}/tests/").rows
    assert {row["covenant"]: row["is_met"] for row in tests} == {"arrears-share": True, "minimum-cash": False}
    assert api.get(f"{borrowings}{one['id']}/terms/").status == 404


def test_another_investors_program_finds_no_facility(borrowed: Borrowed) -> None:
    other = register_investor(code="TST", name="Tideway Social Trust", kind=InvestorKind.SOCIAL_INVESTOR)
    hana = make_user(name="Hana")
    InvestorMembership.objects.create(user=hana, investor=other)
    found = program_of(hana).get(f"books/{borrowed.book.code}/borrowings/{borrowed.facility.pk}/movements/")
    assert found.status == 404


def test_nobody_else_sees_any_of_it(borrowed: Borrowed) -> None:
    other = register_investor(code="TST", name="Tideway Social Trust", kind=InvestorKind.SOCIAL_INVESTOR)
    hana = make_user(name="Hana")
    InvestorMembership.objects.create(user=hana, investor=other)
    page = look(logged_in(hana), f"{LENT}?facility={borrowed.facility.pk}")
    assert "You lend nothing to the fund itself" in page.text
    assert at_the_bank(borrowed).get(f"{LENT}?facility={borrowed.facility.pk + 1}").status_code == 404
