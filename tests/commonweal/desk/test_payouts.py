"""Investors are paid out at the desk: what is held, two people, tax; and what the investor sees of it."""

from __future__ import annotations

from commonweal.demo.story import AMINA, HANA, TOM
from investors.models import Payout
from tests.demo import Demo
from tests.investors.paid_out import ACCOUNTS
from tests.ledger.payment_world import confirm_account
from tests.pages import csv_rows, look, send

DESK = "/desk/harbour-hills/"
HERE = f"{DESK}payouts/"


def test_a_payout_from_what_is_held_to_what_the_investor_sees(demo: Demo) -> None:
    trust = demo.investor("TST")
    finance, manager, hana = (demo.client(person) for person in (AMINA, TOM, HANA))
    assert look(finance, f"{DESK}investors/").link("Payouts") == HERE
    assert "Nobody was paid out yet" in look(finance, HERE).text
    (row,) = [row for row in look(finance, f"{HERE}new/").rows("What is held") if "Tideway" in row]
    assert "No bank details" in row
    assert "Not said" in row
    tax = f"{DESK}investors/{trust.pk}/tax/"
    assert "until then no interest is paid out" in look(finance, tax).text
    page = send(finance, tax, rate="20", effective_on="2026-11-01", reason="A person of ordinary means")
    assert "20% is withheld from interest since 1 November 2026" in page.text
    confirm_account(demo.book, "investor:TST", *ACCOUNTS["TST"])
    asked = {f"pay_{trust.pk}": "on", f"stays_{trust.pk}": "3,653.92", "reason": "The third quarter"}
    page = send(finance, f"{HERE}new/", **asked)
    assert page.problems()[0].startswith("£3,653.92 is to be paid to Tideway Social Trust or to stay, £0.01 more")
    page = send(finance, f"{HERE}new/", **asked | {f"stays_{trust.pk}": "653.91"})
    made = Payout.objects.get()
    assert page.notices() == [f"{made} is proposed. A colleague checks it; nothing has moved yet."]
    line = "Tideway Social Trust £653.91 stays | 3,000.00 | 826.75 | 165.35 at 20% | 2,834.65 | "
    assert page.rows("Who is paid")[0] == f"{line}Waits for a second person"
    assert "Payout to check" in look(manager, DESK).text
    path, shown = f"{HERE}{made.pk}/", {"sha256": made.content_sha256, "decision": "approve"}
    assert "so somebody else has to check it" in send(finance, f"{path}decide/", **shown).problems()[0]
    page = send(manager, f"{path}decide/", **shown)
    assert page.rows("Who is paid")[0] == f"{line}To be paid"
    assert "2520 Tax withheld, owed to the tax authority" in page.text
    assert any("2,834.65" in row for row in look(manager, f"{DESK}payments/").rows("What there is to pay"))
    (row,) = csv_rows(manager, HERE)[1:]
    assert row[2:9] == ["Tideway Social Trust", "3000.00", "826.75", "165.35", "2834.65", "653.91", "To be paid"]
    page = look(hana, "/investor/payments/")
    assert page.facts("Paid, on its way and held")["On its way to you"] == "£2,834.65"
    assert page.rows("Payments")[0].endswith("On its way | 3,000.00 | 826.75 | 165.35 | 2,834.65")
    assert look(hana, "/investor/").facts("What moved since the beginning")["Paid out to you with tax withheld"] == (
        "−£3,000.00"
    )
    page = send(finance, f"{path}notices/")
    assert page.notices() == ["1 notice stands with the investors."]
    assert page.rows("Notices")[0].startswith(f"Tideway Social Trust | P-{made.pk}-TST")
    assert f"P-{made.pk}-TST" in look(hana, "/investor/documents/").text
    page = send(manager, f"{path}take-back/", lines="1", reason="It asked to wait")
    assert page.notices() == ["Taken back: the money of 1 investor is held for them again."]
    assert look(hana, "/investor/payments/").rows("Payments")[0].split(" | ")[1] == ("Did not arrive: held for you")


def test_an_investor_asks_for_another_account_and_two_people_agree(demo: Demo) -> None:
    hana, path = demo.client(HANA), "/investor/payments/bank-details/"
    assert look(hana, "/investor/payments/").link("Give us your bank details").startswith(path)
    given = {"account_name": "Tideway Trust", "sort_code": "60-16-13", "account_number": "3192681"}
    assert send(hana, path, **given).problems()
    page = send(hana, path, **given | {"account_number": "31926819"})
    assert page.notices() == ["Thank you. We call you on a number that we know, and then it counts."]
    assert "Your account ending 6819 waits for our call" in page.text
    assert "Account to call back about" in look(demo.client(TOM), DESK).text
