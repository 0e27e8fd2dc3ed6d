"""Does a recent change of bank details stand wherever money goes out to that payee?"""

from __future__ import annotations

from commonweal.demo.story import AMINA, PRIYA, TOM
from ledger.domain.bank_details import read_bank_details
from ledger.services import confirm_details, propose_details
from loans.domain.events import Refunded
from loans.services import propose, record_repayment
from tests.builders import pounds
from tests.demo import Demo
from tests.pages import look

DESK = "/desk/harbour-hills/"


def change_details(demo: Demo, subject: str, *numbers: str) -> None:
    """Bank details that were confirmed one after the other today."""
    for number in numbers:
        given = read_bank_details(account_name="Payee", sort_code="601613", account_number=number)
        made = propose_details(book=demo.book, subject=subject, details=given, by=demo.user(PRIYA))
        shown, on = made.content_sha256, demo.book.business_date
        confirm_details(details=made, shown_sha256=shown, how="Called Jo", on=on, by=demo.user(TOM))


def test_a_business_s_new_account_is_warned_of_where_it_is_given_money_back(demo: Demo) -> None:
    on, subject = demo.book.business_date, f"organisation:{demo.loan.organisation_id}"
    extra = {"amount": pounds("700.00"), "on": on, "bank_account": "MAIN", "key": "too-much"}
    record_repayment(loan=demo.loan, by=demo.user(AMINA), **extra)
    path = f"{DESK}loans/{demo.loan.pk}/propose/refund/"
    change_details(demo, subject, "31926819")
    assert "It goes to the account ending 6819." in look(demo.client(AMINA), path).text
    change_details(demo, subject, "12345674")
    assert "These bank details changed on 23 November 2026." in look(demo.client(AMINA), path).text
    refund = Refunded(on, 0, pounds("23.35"))
    proposal = propose(loan=demo.loan, event=refund, reason="They asked for it", by=demo.user(PRIYA))
    text = look(demo.client(TOM), f"{DESK}proposals/{proposal.pk}/").text
    assert "These bank details changed on 23 November 2026." in text


def test_an_investor_s_new_account_is_warned_of_on_its_page(demo: Demo) -> None:
    path = f"{DESK}investors/{demo.investor('TST').pk}/"
    change_details(demo, "investor:TST", "31926819", "12345674")
    text = look(demo.client(AMINA), path).text
    assert "These bank details changed on 23 November 2026. It goes to the account ending 5674" in text
