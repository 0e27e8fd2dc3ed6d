"""Are covenants agreed, seen on the loan and on the home page, and their breaches let pass by two people?"""

from __future__ import annotations

import pytest

from borrowers.queries import current_accounts
from commonweal.demo.story import AMINA, PRIYA, RUTH, TOM
from tests.borrowers.builders import accounts, figures
from tests.demo import Demo, write_off
from tests.loans.covenanted import give_cash, make_covenant
from tests.pages import csv_rows, look, send

DESK = "/desk/harbour-hills/"
GEARING = {
    "kind": "gearing",
    "threshold": "60",
    "first_test_on": "2026-09-30",
    "every_months": "3",
    "over_months": "12",
    "near_margin": "10",
    "due_days": "45",
    "reason": "Offer letter, clause 7",
}


def loan_path(demo: Demo, step: str = "") -> str:
    return f"{DESK}loans/{demo.loan.pk}/{step}"


def test_a_covenant_is_agreed_and_stands_on_the_loan_with_its_value(demo: Demo) -> None:
    accounts(demo.loan.organisation, figures=figures(total_debt="32000.00", net_assets="20000.00"))
    page = send(demo.client(TOM), loan_path(demo, "covenants/new/"), **GEARING)
    assert page.text.startswith("Gearing is agreed with L-0108, first tested on 30 September 2026.")
    assert page.rows("Tests") == [
        "30 Sep 2026 | Broken | 61.54% | −1.54% | Total debt £32,000.00, Net assets £20,000.00"
    ]
    panel = look(demo.client(RUTH), loan_path(demo))
    assert "Gearing at most 60%; tested 30 Sep 2026 61.54% Broken" in panel.text
    again = send(demo.client(TOM), loan_path(demo, "covenants/new/"), **GEARING)
    assert again.problems()[0].startswith("Gearing is agreed with L-0108 already.")


def test_what_needs_somebody_is_counted_on_the_home_page_and_listed(demo: Demo) -> None:
    tom = demo.client(TOM)
    assert "Covenant that needs somebody" not in look(tom, DESK).text
    make_covenant(demo.loan, by=demo.user(TOM))
    assert "Covenant that needs somebody" in look(tom, DESK).text
    assert "Figures overdue" in look(tom, DESK).text
    give_cash(demo.loan, "5200.00", by=demo.user(PRIYA))
    page = look(tom, f"{DESK}covenants/")
    (row,) = page.rows("Covenants")
    assert row.split(" | ")[2:] == [
        "Minimum cash",
        "Near a breach",
        "at least £5,000.00",
        "£5,200.00",
        "£200.00",
        "30 Sep 2026",
    ]
    assert csv_rows(tom, f"{DESK}covenants/")[1][2:5] == ["Minimum cash", "at least £5,000.00", "£5,200.00"]
    assert "No covenant is broken" in look(tom, f"{DESK}covenants/", as_of="2026-09-29").text


def test_a_loan_that_is_over_has_no_covenants_that_need_somebody(demo: Demo) -> None:
    make_covenant(demo.loan, by=demo.user(TOM))
    write_off(demo)
    assert "Covenant that needs somebody" not in look(demo.client(TOM), DESK).text


def test_a_breach_is_let_pass_by_two_people(demo: Demo) -> None:
    covenant = make_covenant(demo.loan, by=demo.user(TOM))
    give_cash(demo.loan, "4900.00", by=demo.user(PRIYA))
    path = loan_path(demo, f"covenants/{covenant.pk}/")
    priya, tom = demo.client(PRIYA), demo.client(TOM)
    assert look(priya, path).forbidden()["End the covenant"] == "It is broken. Two people waive the breach first."
    proposed = send(priya, f"{path}waive/", reason="The grant came in October")
    assert "The waiver waits for a colleague’s decision." in proposed.text
    assert "Only a fund manager may" in proposed.forbidden()["Decide"]
    shown = look(tom, path)
    decide = next(str(form.get("action")) for form in shown.tree.iter("form") if "waivers" in str(form.get("action")))
    unclear = send(tom, decide, sha256="0" * 64, decision="approve")
    assert unclear.problems()[0].startswith("This is not the waiver that you were shown.")
    done = send(tom, decide, sha256=shown.value("sha256"), decision="approve")
    assert "The breach of 30 September 2026 is let pass, at exactly this value." in done.text
    assert "Broken, waived" in done.text
    assert "Covenant that needs somebody" not in look(tom, DESK).text


def test_staff_give_and_restate_figures_for_a_business(demo: Demo) -> None:
    path = f"{DESK}organisations/{demo.loan.organisation_id}/accounts/"
    priya = demo.client(PRIYA)
    given = {
        "start": "2026-07-01",
        "last_day": "2026-09-30",
        "kind": "management",
        "income": "31,200.00",
        "costs": "27800",
    }
    page = send(priya, f"{path}new/", **given)
    assert "Income | 31,200.00" in page.rows("Figures")
    assert "Surplus | –" in page.rows("Figures")
    restate = page.link("Restate")
    restated = send(priya, restate, income="30,100.00", reason="A wage bill came late")
    assert "A wage bill came late" in restated.text
    assert "Income £31,200.00" in restated.text, "what was said before stays"
    assert current_accounts(demo.loan.organisation).count() == 1
    assert "Give figures" in look(demo.client(AMINA), path).forbidden()


@pytest.mark.parametrize("status", ["applied", "agreed"])
def test_who_else_funds_the_project_is_kept_with_the_loan(demo: Demo, status: str) -> None:
    path = loan_path(demo, "project/")
    given = {
        "funder": "Rural Shops Fund",
        "kind": "grant",
        "amount": "15,000.00",
        "status": status,
        "status_on": "2025-04-01",
    }
    page = send(demo.client(PRIYA), path, **given)
    assert "The whole project | 50,000.00" in page.rows("What pays for the project")
    secured = "50,000.00" if status == "agreed" else "35,000.00"
    assert f"Agreed or received, with this loan | {secured}" in page.rows("What pays for the project")
    panel = look(demo.client(RUTH), loan_path(demo))
    assert "This loan 70.0% of the whole £35,000.00" in panel.text
    part = page.link("Rural Shops Fund")
    changed = send(demo.client(PRIYA), f"{path}{part}", **{**given, "status": "received", "status_on": "2026-01-05"})
    assert "Received since 5 Jan 2026" in changed.text
