"""Does a business read what paying it all off takes, and what paying more would do, before it does anything?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from commonweal.access.models import BorrowerMembership
from commonweal.demo.story import JO, SAM, TOM
from ledger.queries import details_waiting
from ledger.services import move_business_date
from loans.models import LoanEvent
from loans.queries import position_of
from tests.demo import Demo, write_off
from tests.pages import look, send

HOME = "/borrower/"


def test_what_it_takes_to_pay_it_all_off(demo: Demo) -> None:
    pay_off = f"{HOME}loans/{demo.loan.pk}/pay-off/"
    facts = look(demo.client(JO), pay_off).facts("What it takes")
    assert facts["Left on the loan"] == "£25,576.12"
    assert facts["Fee for paying early"] == "£0.00"
    quoted = position_of(demo.loan, date(2026, 11, 23)).settlement
    assert facts["You would pay"] == f"£{quoted.amount:,}"
    page = look(demo.client(JO), pay_off, on="2026-12-15")
    days = page.table("If it comes on another day")
    assert (days[1][0], days[-1][0]) == ("15 December 2026", "22 December 2026")
    assert days[1][1] == page.facts("What it takes")["You would pay"]
    assert "good until the end of 22 December 2026" in page.text
    assert "If you make the payment of £676.65 on 1 December 2026 as usual, £" in page.text
    assert "Reference HH-0108" in page.text
    assert look(demo.client(JO), pay_off, on="2026-11-01").problems() == [
        "Choose a day from 23 November 2026 to 24 November 2027"
    ]


def test_the_settlement_quote_is_downloaded_as_the_desk_gives_it(demo: Demo) -> None:
    asked = {"on": "2026-12-15", "download": "pdf"}
    own = demo.client(JO).get(f"{HOME}loans/{demo.loan.pk}/pay-off/", asked)
    assert own["Content-Disposition"] == 'attachment; filename="settlement-L-0108-2026-12-15.pdf"'
    theirs = demo.client(TOM).get(f"/desk/harbour-hills/loans/{demo.loan.pk}/settlement/", asked)
    assert own.content == theirs.content
    assert own.content.startswith(b"%PDF")
    page = look(demo.client(JO), f"{HOME}loans/{demo.loan.pk}/pay-off/", on="2026-12-15")
    assert page.link("Download as PDF") == "?on=2026-12-15&download=pdf"
    other = demo.client(SAM).get(f"{HOME}loans/{demo.loan.pk}/pay-off/", asked)
    assert other.status_code == HTTPStatus.NOT_FOUND


def test_bank_details_are_those_of_the_chosen_business(demo: Demo) -> None:
    jo, makers = demo.user(JO), BorrowerMembership.objects.get(user=demo.user(SAM)).organisation
    BorrowerMembership.objects.create(user=jo, organisation=makers)
    path, query = f"{HOME}bank-details/", f"?fund=harbour-hills&business={makers.pk}"
    page = look(demo.client(JO), path)
    assert "Where Harbour & Hills Community Fund pays Netherby Corner Shop Society" in page.text
    assert page.link("Millrace Makers Co-operative, Harbour & Hills Community Fund") == query
    given = {"account_name": "Millrace", "sort_code": "60-16-13", "account_number": "31926819"}
    done = send(demo.client(JO), f"{path}{query}", **given)
    assert "Your account ending 6819 waits for our call." in done.text
    assert details_waiting(demo.book).get().subject == f"organisation:{makers.pk}"
    assert "waits for our call" not in look(demo.client(JO), path).text
    assert demo.client(JO).get(f"{path}?business=999999").status_code == HTTPStatus.NOT_FOUND


def test_paying_more_is_shown_under_each_choice_and_nothing_is_recorded(demo: Demo) -> None:
    events = LoanEvent.objects.count()
    more = f"{HOME}loans/{demo.loan.pk}/pay-more/"
    page = look(demo.client(JO), more, amount="5,000", on="2026-12-01")
    assert "Keep it for the next payments What your agreement does by itself" in page.text
    assert "Be done sooner" in page.text
    assert "Pay less each time" in page.text
    (kept, sooner, less) = [
        [" ".join(cell.itertext()) for cell in table.iter("td")] for table in page.tree.xpath("//table[@class='facts']")
    ][:3]
    assert kept[3] == "£0.00"
    assert less[1].startswith("41")
    assert sooner[1] < less[1]
    assert LoanEvent.objects.count() == events
    assert "That would pay it all off." in look(demo.client(JO), more, amount="26000", on="2026-11-23").text
    assert look(demo.client(JO), more, amount="nonsense", on="").problems()


def test_a_loan_that_is_written_off_is_said_to_be_owed_and_offers_nothing(demo: Demo) -> None:
    write_off(demo)
    lost = position_of(demo.loan, demo.book.business_date).lost
    for path in (
        "",
        *(f"loans/{demo.loan.pk}/{step}/" for step in ("pay-off", "pay-more", "pause", "smaller-payments")),
    ):
        page = look(demo.client(JO), f"{HOME}{path}")
        assert "written off" in page.text
        assert f"has written off £{lost.amount:,} in its books. That does not forgive the debt" in page.text
        assert "Your loan is paid" not in page.text
    assert "What you can do" not in look(demo.client(JO), HOME).text
    assert "£0.00 is left" not in look(demo.client(JO), HOME).text


def test_late_money_comes_first(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2026, 12, 8))
    page = look(demo.client(JO), f"{HOME}loans/{demo.loan.pk}/pay-more/", amount="5000", on="2026-12-08")
    assert "£676.65 is late. What you pay goes there first" in page.text


def test_less_than_is_late_saves_nothing_and_payments_are_counted_alike(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2026, 12, 8))
    own = f"{HOME}loans/{demo.loan.pk}/"
    page = look(demo.client(JO), f"{own}pay-more/", amount="100", on="2026-12-08")
    assert "All of £100.00 goes there." in page.text
    assert "−£" not in page.text
    assert "41 without it" in page.text
    assert "over 41 more payments" in look(demo.client(JO), HOME).text
    smaller = look(demo.client(JO), f"{own}smaller-payments/", payments="12")
    assert smaller.facts("Your answers")["What is left, over"] == "53 payments instead of 41"
