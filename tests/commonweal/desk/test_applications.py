"""Are applications prepared, shown with their schedule, and decided by somebody else on exactly the terms shown?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commonweal.demo.story import AMINA, PRIYA, RUTH, TOM
from loans.models import Application, Loan
from tests.demo import Demo
from tests.pages import Shown, csv_rows, look, send, xlsx_sheet

LIST = "/desk/harbour-hills/applications/"
NEW = f"{LIST}new/"


def millrace() -> Application:
    """The application of the story that waits."""
    return Application.objects.get(reference="A-0132")


def page_of(application: Application, step: str = "") -> str:
    return f"{LIST}{application.pk}/{step}"


def asked(demo: Demo, **changes: Any) -> dict[str, Any]:
    """What the form of a new application sends."""
    application = millrace()
    return {
        "organisation": application.organisation_id,
        "product": application.product_id,
        "purpose": "A second-hand kiln",
        "amount": "5,000.00",
        "annual_rate": "6",
        "months": "12",
        "first_due_on": "2027-01-04",
        **changes,
    }


def decide(client: Client, decision: str, reason: str = "", sha256: str | None = None) -> Shown:
    """Decide the waiting application, on the terms that its page shows unless others are named."""
    shown = look(client, page_of(millrace())).value("sha256") if sha256 is None else sha256
    return send(client, page_of(millrace(), "decide/"), decision=decision, reason=reason, sha256=shown)


def test_the_list_has_what_waits_first(demo: Demo) -> None:
    page = look(demo.client(TOM), LIST)
    waits = "A-0132 | Millrace Makers Co-operative | Waiting for a decision | Priya Nair"
    assert page.rows("Applications") == [
        f"{waits} | 19 Nov 2026 | 20,000.00 | 6.25% | 48",
        "A-0121 | Netherby Corner Shop Society | Approved | Priya Nair | 10 Apr 2025 | 35,000.00 | 6.00% | 60",
    ]


def test_the_list_as_a_file(demo: Demo) -> None:
    rows = csv_rows(demo.client(RUTH), LIST)
    assert rows[0] == [
        "Application",
        "Business",
        "Amount",
        "Annual rate",
        "Months",
        "Status",
        "Prepared by",
        "Applied on",
    ]
    assert rows[1][:6] == ["A-0132", "Millrace Makers Co-operative", "20000.00", "0.062500", "48", "Submitted"]
    assert "<v>20000" in xlsx_sheet(demo.client(RUTH), LIST)


def test_an_application_shows_its_terms_and_the_schedule_they_make(demo: Demo) -> None:
    page = look(demo.client(TOM), page_of(millrace()))
    facts = page.facts("Terms asked for")
    assert facts["Nominal rate"] == "6.25% a year, fixed, 30E/360"
    assert facts["Term"] == "48 months, first due 14 January 2027"
    assert facts["Place"] == "Hebden Bridge, Yorkshire and the Humber"
    rows = page.table("First instalments")
    assert rows[1] == ["14 Jan 2027", "104.17", "367.83", "472.00"]
    assert rows[-1] == ["All 48", "2,655.79", "20,000.00", "22,655.79"]
    assert "The last instalment takes the rounding: £471.79 instead of £472.00." in page.text
    assert "19 November 2026 Submitted by Priya Nair" in page.text
    calculator = look(demo.client(TOM), page.link("rates to compare"))
    assert "You would pay £472.00 a month for 48 months." in calculator.text
    assert calculator.table("Repayment schedule")[1] == ["14 Jan 2027", "104.17", "367.83", "472.00", "19,632.17"]


def test_working_out_the_schedule_makes_nothing(demo: Demo) -> None:
    before = Application.objects.count()
    page = send(demo.client(PRIYA), NEW, **asked(demo, work_out="1"))
    assert page.table("First instalments")[-1] == ["All 12", "163.98", "5,000.00", "5,163.98"]
    assert page.value("amount") == "5,000.00"
    assert Application.objects.count() == before


def test_a_new_application_is_a_draft_that_its_maker_submits(demo: Demo) -> None:
    page = send(demo.client(PRIYA), NEW, **asked(demo))
    made = Application.objects.latest("pk")
    assert page.notices() == ["A-0133 is prepared. Look at its schedule, then submit it for a decision."]
    assert (made.status, made.prepared_by) == ("draft", demo.user(PRIYA))
    page = send(demo.client(PRIYA), page_of(made, "submit/"))
    assert page.notices() == ["A-0133 waits for a decision by a colleague."]
    assert "Submitted by Priya Nair" in page.text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount": ""}, "Enter the amount"),
        ({"amount": "5.000,00"}, "Enter the amount as pounds and pence, like 12,500.00"),
        ({"amount": "4,999.99"}, "Community business loan is from £5,000.00 to £150,000.00; £4,999.99 is outside."),
        ({"annual_rate": "six"}, "Enter the nominal rate as a percentage, like 6.25"),
        ({"months": "6"}, "Community business loan runs from 12 to 120 months; 6 is outside."),
        ({"first_due_on": "2027-02-30"}, "Enter the first due date as a real date, like 1 December 2026"),
        (
            {"first_due_on": "2026-11-23"},
            "The first instalment on 23 November 2026 would be due before there is a loan.",
        ),
        ({"purpose": " "}, "Say what the money is for"),
        ({"organisation": ""}, "Choose an answer under “Business”"),
    ],
)
def test_a_refused_application_keeps_what_was_typed(demo: Demo, changes: dict[str, str], problem: str) -> None:
    before = Application.objects.count()
    page = send(demo.client(PRIYA), NEW, **asked(demo, **changes))
    assert len(page.problems()) == 1
    assert problem in page.problems()[0]
    assert page.title.startswith("Error: New application")
    (name, typed), *_ = changes.items()
    assert page.value(name) == typed
    assert Application.objects.count() == before


def test_whoever_changes_the_terms_has_prepared_them(demo: Demo) -> None:
    tom = demo.client(TOM)
    page = send(tom, page_of(millrace(), "edit/"), **asked(demo, amount="18,000.00"))
    assert page.notices() == ["A-0132 has new terms, prepared by you. A decision about the old ones is void."]
    assert page.facts("Terms asked for")["Amount"] == "£18,000.00"
    assert page.forbidden() == {"Decide": "You prepared this application, so a colleague has to decide."}
    refused = decide(tom, "approve", sha256="")
    assert refused.problems()[0].startswith("You prepared A-0132 yourself, so somebody else has to decide.")
    assert not Loan.objects.filter(application=millrace()).exists()


def test_approving_makes_the_loan_and_moves_nothing(demo: Demo) -> None:
    page = decide(demo.client(TOM), "approve", "It pays for itself in a year.")
    assert page.notices() == ["A-0132 is approved and is now the loan L-0109. No money has moved yet."]
    assert page.figures() == {
        "Principal outstanding": "£0.00",
        "In arrears": "£0.00",
        "Next instalment": "–",
        "Interest paid": "£0.00",
        "Agreed, not drawn": "£20,000.00",
    }
    assert "Nothing is drawn by 23 November 2026, so nothing is posted." in page.text
    loan = Loan.objects.get(application=millrace())
    assert look(demo.client(TOM), page_of(millrace())).link("L-0109") == f"/desk/harbour-hills/loans/{loan.pk}/"


@pytest.mark.parametrize(
    ("decision", "told", "status"),
    [
        ("send_back", "A-0132 is sent back. Nothing was lent.", "sent_back"),
        ("decline", "A-0132 is declined. Nothing was lent.", "declined"),
    ],
)
def test_other_decisions_need_a_reason(demo: Demo, decision: str, told: str, status: str) -> None:
    tom = demo.client(TOM)
    assert decide(tom, decision).problems()[0].startswith("Say why you ")
    assert millrace().status == "submitted"
    page = decide(tom, decision, "The laser is dearer than the work it brings.")
    assert page.notices() == [told]
    assert "The laser is dearer than the work it brings." in page.text
    assert millrace().status == status


def test_terms_that_changed_since_they_were_shown_are_not_approved(demo: Demo) -> None:
    tom = demo.client(TOM)
    shown = look(tom, page_of(millrace())).value("sha256")
    send(demo.client(PRIYA), page_of(millrace(), "edit/"), **asked(demo, amount="90,000.00"))
    page = decide(tom, "approve", sha256=shown)
    assert page.problems()[0].startswith("The terms of A-0132 are no longer those that you were shown:")
    assert page.facts("Terms asked for")["Amount"] == "£90,000.00"
    assert not Loan.objects.filter(application=millrace()).exists()


def test_nothing_chosen_is_refused_by_the_field(demo: Demo) -> None:
    assert decide(demo.client(TOM), "").problems() == ["Choose an answer under “Decide”"]


def test_decided_terms_are_not_changed(demo: Demo) -> None:
    decide(demo.client(TOM), "approve")
    page = look(demo.client(PRIYA), page_of(millrace()))
    assert "Change the terms" not in page.text
    page = send(demo.client(PRIYA), page_of(millrace(), "edit/"), **asked(demo))
    assert page.notices() == ["A-0132 is approved; its terms stand. Nothing was changed."]
    assert millrace().amount.amount == 20000


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    only = "Only a fund manager may decide an application that a colleague prepared. You are"
    page = look(demo.client(PRIYA), page_of(millrace()))
    assert page.forbidden() == {"Decide": f"{only} a loan officer. Ask Tom Ashworth."}
    page = look(demo.client(RUTH), page_of(millrace()))
    assert set(page.forbidden()) == {"Change the terms", "Decide"}
    assert set(look(demo.client(AMINA), LIST).forbidden()) == {"New application"}
