"""A part of a loan is sold at the desk: proposed by one person, checked by another, and told to both lenders."""

from __future__ import annotations

from commonweal.demo.story import AMINA, OWEN, TOM
from investors.domain.kinds import InvestorKind
from investors.models import ParticipationTransfer
from investors.services import register_investor
from tests.demo import Demo
from tests.pages import csv_rows, look, send

DESK = "/desk/harbour-hills/"


def test_a_part_is_sold_by_two_people(demo: Demo) -> None:
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    here = f"{DESK}loans/{demo.loan.pk}/transfers/"
    assert look(demo.client(AMINA), f"{DESK}loans/{demo.loan.pk}/").link("Parts that were sold") == here
    sale = {
        "seller": str(demo.investor("NRB").pk),
        "buyer": str(oak.pk),
        "amount": "21,000.01",
        "on": "2026-11-16",
        "paid_how": "directly",
        "reason": "The bank lends less",
    }
    page = send(demo.client(AMINA), f"{here}new/", **sale)
    assert page.problems()[0].startswith("NRB takes part in L-0108 with £21,000.00 on 16 November 2026, £0.01 less")
    page = send(demo.client(AMINA), f"{here}new/", **sale | {"amount": "7,000.00"})
    made = ParticipationTransfer.objects.get()
    assert page.notices() == [f"{made} is proposed. A colleague checks it; nothing has moved yet."]
    assert page.table("Before and after")[1:] == [
        ["Northmoor Regional Bank", "21,000.00", "14,000.00", "15,345.67", "10,230.45"],
        ["Tideway Social Trust", "10,500.00", "10,500.00", "7,672.84", "7,672.84"],
        ["Lottery first-loss grant", "3,500.00", "3,500.00", "2,557.61", "2,557.61"],
        ["Oak Foundation", "0.00", "7,000.00", "0.00", "5,115.22"],
    ]
    assert "Sale of a part to check" in look(demo.client(TOM), DESK).text
    path, shown = f"{DESK}transfers/{made.pk}/", {"sha256": made.content_sha256, "decision": "approve"}
    assert "so somebody else has to check it" in send(demo.client(AMINA), f"{path}decide/", **shown).problems()[0]
    page = send(demo.client(TOM), f"{path}decide/", **shown)
    assert page.notices() == [f"{made} is approved: Oak Foundation has the part from 16 November 2026."]
    assert "What was posted" in page.text
    (row,) = csv_rows(demo.client(TOM), here)[1:]
    assert row[2:6] == ["Northmoor Regional Bank", "Oak Foundation", "7000.00", "5115.22"]


def test_the_seller_reads_what_it_sold(demo: Demo) -> None:
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    here = f"{DESK}loans/{demo.loan.pk}/transfers/new/"
    sale = {"seller": demo.investor("NRB").pk, "buyer": oak.pk, "amount": "7,000.00", "on": "2026-11-16"}
    more = {"paid_how": "directly", "reason": "The bank lends less"}
    send(demo.client(AMINA), here, **{name: str(value) for name, value in (sale | more).items()})
    made = ParticipationTransfer.objects.get()
    path = f"{DESK}transfers/{made.pk}/decide/"
    send(demo.client(TOM), path, sha256=made.content_sha256, decision="approve")
    owen = demo.client(OWEN)
    assert look(owen, "/investor/").rows("Where your money is")[-1] == (
        "Total | 14,000.00 | 0.00 | 5,654.33 | 0.00 | 0.00 | 10,230.45"
    )
    rows = look(owen, f"/investor/holdings/{demo.loan.pk}/").rows("Entries")
    assert any("Sold to another lender" in row for row in rows)
    assert not any("OAK" in row or "Oak" in row for row in rows)
