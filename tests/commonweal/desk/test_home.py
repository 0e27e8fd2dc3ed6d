"""Does the desk's home say what waits, what stands where, and as at which date; and whose books are one's own?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from commonweal.access.models import StaffMembership
from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.jobs.services import enqueue
from ledger.domain.bank_details import read_bank_details
from ledger.services import move_business_date, propose_details
from loans.services import bring_up_to_date
from tests.builders import make_book
from tests.demo import Demo
from tests.pages import look, send

HOME = "/desk/harbour-hills/"


def test_the_home_says_what_waits_and_where_it_is(demo: Demo) -> None:
    page = look(demo.client(TOM), HOME)
    assert page.title == "What needs you · Harbour & Hills Community Fund"
    waiting = [
        "1 Application waiting for a decision Millrace Makers Co-operative, £20,000.00 since 19 Nov 2026",
        "1 Bank line not matched £250.00 in suspense since 20 Nov 2026",
        "1 Month to close October 2026 is over and still open",
    ]
    assert [words for words in waiting if words not in page.text] == []
    quiet = ("Loans in arrears Nothing", "Manual journal", "Failed run", "Proposals and requests to decide")
    assert [words for words in quiet if words in page.text] == []
    assert page.link("Application waiting for a decision") == "/desk/harbour-hills/applications/"
    assert page.link("Bank line not matched") == "/desk/harbour-hills/repayments/"
    assert page.link("Month to close") == "/desk/harbour-hills/month-end/"


def test_a_home_where_nothing_waits_says_so_and_when_the_month_closes(demo: Demo) -> None:
    book = make_book(code="quiet", opened_on=date(2026, 11, 1))
    StaffMembership.objects.create(
        user=demo.user(TOM), book=move_business_date(book=book, to=demo.book.business_date), role="manager"
    )
    text = look(demo.client(TOM), "/desk/quiet/").text
    assert "Nothing waits for you." in text
    assert "November 2026 can be closed from 1 December 2026." in text


def test_what_waits_for_a_call_back_is_named(demo: Demo) -> None:
    given = read_bank_details(account_name="Netherby Shop", sort_code="601613", account_number="31926819")
    subject = f"organisation:{demo.loan.organisation_id}"
    propose_details(book=demo.book, subject=subject, details=given, by=demo.user(PRIYA))
    page = look(demo.client(TOM), HOME)
    assert "1 Account to call back about Netherby Corner Shop Society, by Priya Nair" in page.text
    assert page.link("Account to call back about") == "/desk/harbour-hills/payees/"


def test_the_navigation_counts_what_waits(demo: Demo) -> None:
    page = look(demo.client(TOM), HOME)
    assert page.link("Applications 1 waiting") == "/desk/harbour-hills/applications/"
    assert page.link("Repayments 1 waiting") == "/desk/harbour-hills/repayments/"


def test_cash_adds_up_to_the_fund_s_own(demo: Demo) -> None:
    assert look(demo.client(TOM), HOME).facts("Cash") == {
        "Collections account agreed with the bank to 20 November 2026": "£12,429.70",
        "In suspense not matched yet": "−£250.00",
        "Held for investors paid in or come back": "−£10,961.73",
        "The fund’s own": "£1,217.97",
    }


def test_what_is_held_for_investors_leads_to_the_list_that_says_the_same(demo: Demo) -> None:
    page = look(demo.client(TOM), HOME)
    there = look(demo.client(TOM), page.link("−£10,961.73"))
    assert there.rows("Investors")[-3:] == [
        "Of others | 23,018.51 | 10,961.73",
        "The fund’s own | 2,557.61 | 1,217.97",
        "Total | 25,576.12 | 12,179.70",
    ]


def test_the_portfolio_and_its_arrears_by_age(demo: Demo) -> None:
    page = look(demo.client(TOM), HOME)
    assert page.figures() == {
        "Principal outstanding": "£25,576.12",
        "In arrears": "£0.00",
        "Over 30 days late (PAR 30)": "0.0%",
        "Average nominal rate": "6.00%",
        "Agreed, not drawn": "£0.00",
    }
    assert page.table("Arrears by age")[1:] == [
        ["Paid to date", "1", "0.00", "25,576.12", "100.0%"],
        ["1–30 days late", "0", "0.00", "0.00", "0.0%"],
        ["31–60 days late", "0", "0.00", "0.00", "0.0%"],
        ["61–90 days late", "0", "0.00", "0.00", "0.0%"],
        ["Over 90 days late", "0", "0.00", "0.00", "0.0%"],
        ["Total", "1", "0.00", "25,576.12", "100.0%"],
    ]
    assert page.table("Instalments due")[1:] == [
        ["Netherby Corner Shop Society", "1 Dec 2026", "676.65"],
        ["Expected by 21 Dec 2026", "676.65"],
    ]


def test_a_loan_that_nobody_pays_grows_late_band_by_band(demo: Demo) -> None:
    client = demo.client(TOM)
    for today, waits, band in (
        (date(2026, 12, 31), "£676.65 1–30 days late", 1),
        (date(2027, 1, 1), "£676.65 31–60 days late", 2),
        (date(2027, 2, 1), "£1,353.30 61–90 days late", 3),
        (date(2027, 3, 2), "£2,706.60 Over 90 days late", 4),
    ):
        move_business_date(book=demo.book, to=today)
        bring_up_to_date(loan=demo.loan, on=today, by=demo.user(TOM))
        page = look(client, HOME)
        assert f"1 Loan in arrears Netherby Corner Shop Society, {waits}" in page.text
        bands = page.table("Arrears by age")[1:6]
        assert [row[1] for row in bands] == ["1" if place == band else "0" for place in range(5)]
        assert page.figures()["Over 30 days late (PAR 30)"] == ("0.0%" if band == 1 else "100.0%")
        assert page.link("Loan in arrears") == "/desk/harbour-hills/loans/arrears/"


def test_figures_go_back_to_any_date_and_keep_it(demo: Demo) -> None:
    page = look(demo.client(TOM), HOME, as_of="2025-05-01")
    assert page.figures()["Principal outstanding"] == "£35,000.00"
    assert page.facts("Cash")["Collections account agreed with the bank to 30 April 2025"] == "£0.00"
    early = look(demo.client(TOM), HOME, as_of="2025-04-05")
    assert "Collections account no bank statement by then" in early.facts("Cash")
    assert page.value("as_of") == "2025-05-01"
    assert page.link("Netherby Corner Shop Society") == f"/desk/harbour-hills/loans/{demo.loan.pk}/?as_of=2025-05-01"


def test_a_date_that_is_none_means_the_business_date(demo: Demo) -> None:
    for nonsense in ("yesterday", "2026-13-01", "0"):
        assert look(demo.client(TOM), HOME, as_of=nonsense).value("as_of") == "2026-11-23"


def test_a_failed_run_leads_to_it(demo: Demo) -> None:
    asked = {"book": demo.book.code, "period": "2026-Q3"}
    job = enqueue(kind="issue_statements", arguments=asked, by=demo.user(AMINA), book=demo.book)
    job.change(state="failed", error="The disk is full. Nothing was issued.", finished_at=job.requested_at)
    page = look(demo.client(TOM), HOME)
    assert "1 Failed run The disk is full. Nothing was issued. look at it" in page.text
    assert page.link("Failed run") == f"/desk/harbour-hills/jobs/{job.pk}/"


def test_a_failed_run_that_somebody_is_done_with_waits_no_more(demo: Demo) -> None:
    asked = {"book": demo.book.code, "period": "2026-Q3"}
    job = enqueue(kind="issue_statements", arguments=asked, by=demo.user(AMINA), book=demo.book)
    job.change(state="failed", error="The disk is full. Nothing was issued.", finished_at=job.requested_at)
    path = f"/desk/harbour-hills/jobs/{job.pk}/"
    assert "Done with" in look(demo.client(AMINA), path).text
    page = send(demo.client(AMINA), f"{path}stop/")
    assert "Stopped The disk is full. Nothing was issued." in page.text
    assert "Done with" not in page.text
    assert "Failed run" not in look(demo.client(TOM), HOME).text


def test_one_is_sent_to_the_first_of_one_s_books(demo: Demo) -> None:
    assert demo.client(TOM).get("/desk/").headers["Location"] == HOME


def test_somebody_else_s_book_answers_like_one_that_does_not_exist(demo: Demo) -> None:
    make_book(code="other")
    for path in ("/desk/other/", "/desk/nowhere/"):
        assert demo.client(TOM).get(path).status_code == HTTPStatus.NOT_FOUND
    StaffMembership.objects.create(
        user=demo.user(TOM), book=demo.book.__class__.objects.get(code="other"), role="auditor"
    )
    page = look(demo.client(TOM), "/desk/other/")
    assert page.figures()["Principal outstanding"] == "£0.00"
    assert "No loans by" in page.text
