"""The fund borrows at the desk: proposed by one person, agreed by another, drawn, repaid and taken back."""

from __future__ import annotations

from commonweal.demo.story import AMINA, TOM
from investors.models import BorrowingEvent, Facility
from tests.borrowing_demo import approved, drawn, lenders_money, proposed
from tests.demo import Demo
from tests.pages import csv_rows, look, send

DESK = "/desk/harbour-hills/"
HERE = f"{DESK}borrowings/"
AGREED = {
    "reference": "NRB/2026/17",
    "effective_on": "2026-11-20",
    "available_until": "2027-11-20",
    "security": "A charge over the loans",
    "amount": "20,000.00",
    "annual_rate": "5.5",
    "amortisation": "equal_principal",
    "every": "3M",
    "first_due_on": "2027-01-05",
    "instalments": "8",
    "interest_only_periods": "0",
    "day_count": "actual/365f",
    "arrangement_fee": "",
    "commitment_fee": "0.5",
    "advance_rate": "80",
    "days_late": "60",
    "arrears_share": "",
    "interest_cover": "",
    "minimum_cash": "1,000.00",
    "reason": "To lend more",
}


def test_a_facility_is_agreed_by_two_people_and_drawn_by_a_bank_line(demo: Demo) -> None:
    amina, tom = demo.client(AMINA), demo.client(TOM)
    assert "The fund borrows nothing" in look(amina, HERE).text
    lender = {"lender": str(demo.investor("NRB").pk)}
    page = send(amina, f"{HERE}new/", **AGREED | lender | {"available_until": "2026-11-01"})
    assert page.problems()[0].startswith(
        "The agreement counts from 20 November 2026 and could be drawn until 1 November"
    )
    page = send(amina, f"{HERE}new/", **AGREED | lender)
    facility = Facility.objects.get()
    terms = facility.terms.get()
    assert page.notices() == [
        "B-0001 with Northmoor Regional Bank is proposed. A colleague checks it; nothing counts yet."
    ]
    assert "Borrowing to check" in look(tom, DESK).text
    path, shown = f"{HERE}{facility.pk}/terms/1/decide/", {"sha256": terms.content_sha256, "decision": "approve"}
    assert "so somebody else has to check it" in send(amina, path, **shown).problems()[0]
    assert send(tom, path, **shown).notices() == ["B-0001 version 1 is approved."]
    preview = send(amina, f"{HERE}{facility.pk}/do/draw/", on="2026-11-23", amount="20,000.01")
    assert preview.problems()[0].startswith("£20,000.01 is £0.01 more than the £20,000.00 that is undrawn of B-0001")
    preview = send(amina, f"{HERE}{facility.pk}/do/draw/", on="2026-11-23", amount="1,200.00")
    assert preview.rows("Covenants after it")[0].startswith("Borrowing base")
    assert not BorrowingEvent.objects.exists()
    line = lenders_money(demo.book, "1200.00", by=demo.user(TOM))
    page = send(amina, f"{DESK}repayments/lines/{line.pk}/match/", purpose=f"facility-{facility.pk}")
    assert BorrowingEvent.objects.get().amount == 120_000, page.problems()
    assert csv_rows(amina, HERE)[1][:5] == ["B-0001", "Northmoor Regional Bank", "NRB/2026/17", "20000.00", "1200.00"]


def test_a_repayment_is_shown_recorded_and_taken_back(demo: Demo) -> None:
    amina = demo.client(AMINA)
    by = demo.user(TOM)
    facility = approved(proposed(demo.book, demo.investor("NRB"), by=demo.user(AMINA)), by=by)
    drawn(facility, "1500.00", by=by)
    here = f"{HERE}{facility.pk}/"
    asked = {"on": "2026-11-23", "amount": "500.00", "prepayment": "lower payment", "key": "one"}
    page = send(amina, f"{here}do/repay/", **asked)
    assert page.problems() == []
    (sha256,) = page.tree.xpath("//button[@name='shown']/@value")
    page = send(amina, f"{here}do/repay/", **asked, shown=sha256)
    assert page.notices() == ["Repayment of 23 November 2026 is recorded on B-0001."]
    assert send(amina, f"{here}do/repay/", **asked, shown=sha256).notices()
    assert BorrowingEvent.objects.filter(kind="repaid").count() == 1
    assert "500.00" in look(amina, f"{DESK}payments/").text
    page = send(amina, f"{here}events/2/take-back/", on="2026-11-23", reason="Not yet", key="two")
    assert page.notices() == ["Repayment 2 of B-0001 is taken back."]
    assert look(amina, f"{HERE}ladder/").rows("Ladder")
    assert [row[2] for row in csv_rows(amina, f"{here}tests/")[1:]][:2] == ["Arrears share", "Borrowing base"]
