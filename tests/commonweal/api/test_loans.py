"""A loan through the API: drawn down, repaid out of bank lines, taken back; and where it stands on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ledger.models import Book
from ledger.queries import balances
from tests.commonweal.api.client import Api, Said, pounds_out
from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"


def standing(*codes: str, on: date = date(2026, 11, 23)) -> list[str]:
    """What accounts stand at, as plain amounts."""
    found = balances(Book.objects.get(code=CODE), codes, on)
    return [f"{found[code].amount:.2f}" for code in codes]


def test_a_loan_is_drawn_down_with_its_lenders_side(story: Story, manager: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['undrawn']}/"
    own = {"annual_rate": "0.055", "servicing_fee": "0.0025", "principal_from": "2026-05-01"}
    plain = {"annual_rate": None, "servicing_fee": "0", "principal_from": None}
    parts = [
        {"investor": "NRB", "rank": 1, "amount": pounds_out("25000.00"), **plain},
        {"investor": "LOT", "rank": 2, "amount": pounds_out("10000.00"), **own},
    ]
    body = {"effective_on": "2025-05-12", "rule": "senior first", "participations": parts}
    made = manager.post(f"{loan}participations/", body)
    assert (made.status, made.body["rule"], made.body["participations"]) == (201, "senior first", parts)
    said = manager.post(f"{loan}drawdowns/", {"amount": pounds_out("35000.00"), "on": "2025-05-12"})
    assert (said.status, said.code) == (409, "money_short")
    body = {"amount": pounds_out("35000.00"), "on": "2025-05-12", "shortfall_reason": "Their money comes tomorrow"}
    said = manager.post(f"{loan}drawdowns/", body)
    assert said.body["reason"] == "Their money comes tomorrow"
    assert (said.status, said.body["kind"], said.body["amount"]) == (201, "drawn", pounds_out("35000.00"))
    assert standing("1310/L-0109", "2410/L-0109/NRB", "2410/L-0109/LOT") == ["35000.00", "-25000.00", "-10000.00"]
    lenders = manager.get(f"{loan}participations/", as_of="2025-05-31").rows
    assert [(row["rule"], row["annual_rate"]) for row in lenders] == [("senior first", None), ("senior first", "0.055")]
    assert [(row["investor"]["code"], row["principal"]["amount"]) for row in lenders] == [
        ("NRB", "25000.00"),
        ("LOT", "10000.00"),
    ]


def test_a_drawdown_above_what_was_approved_is_refused(story: Story, manager: Api) -> None:
    path = f"{BOOK}loans/{story.ids['undrawn']}/drawdowns/"
    said = manager.post(path, {"amount": pounds_out("35000.01"), "on": "2025-05-12"})
    assert (said.status, said.code) == (409, "drawdown_refused")
    assert said.message.startswith("£35,000.01 is £0.01 more than is approved and undrawn of L-0109")
    closed = manager.post(path, {"amount": pounds_out("1.00"), "on": "2025-04-30"})
    assert (closed.status, closed.code) == (409, "act_refused")


def test_a_bank_line_repays_a_loan_and_is_taken_back(story: Story, finance: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['loan']}/"
    before = standing("1310/L-0108", "2410/L-0108/NRB", "2510/NRB")
    said = finance.post(f"{loan}repayments/", {"bank_line": story.ids["bank_line"]})
    assert (said.body["kind"], said.body["effective_on"], said.body["amount"]) == (
        "repaid",
        "2025-08-01",
        pounds_out("676.65"),
    )
    row = finance.get(f"{loan}schedule/", as_of="2025-08-01").rows[2]
    assert (row["no"], row["status"], row["paid_on"]) == (3, "paid", "2025-08-01")
    assert standing("1310/L-0108", "2410/L-0108/NRB", "2510/NRB") != before
    back = finance.post(f"{loan}events/{said.body['id']}/reverse/", {"on": "2025-08-01", "reason": "Not theirs"})
    assert (back.body["kind"], back.body["reverses"]) == ("reversed", said.body["id"])
    assert standing("1310/L-0108", "2410/L-0108/NRB", "2510/NRB") == before
    again = finance.post(f"{loan}repayments/", {"bank_line": story.ids["bank_line"]})
    assert again.status == 201


def test_a_line_that_is_matched_waits_no_more(story: Story, finance: Api) -> None:
    path = f"{BOOK}loans/{story.ids['loan']}/repayments/"
    assert finance.post(path, {"bank_line": story.ids["bank_line"]}).status == 201
    said = finance.post(path, {"bank_line": story.ids["bank_line"]})
    assert (said.status, list(said.fields)) == (400, ["bank_line"])


def test_money_that_went_out_repays_nothing(story: Story, finance: Api) -> None:
    said = finance.post(f"{BOOK}loans/{story.ids['loan']}/repayments/", {"bank_line": story.ids["outgoing_line"]})
    assert (said.status, said.code) == (409, "repayment_refused")


def test_the_bank_confirms_a_drawdown(story: Story, finance: Api) -> None:
    path = f"{BOOK}loans/{story.ids['loan']}/drawdowns/confirm/"
    said = finance.post(path, {"bank_line": story.ids["outgoing_line"]})
    assert [(line["code"], (line["debit"] or line["credit"])["amount"]) for line in said.body["postings"]] == [
        ("1020/L-0108", "12.00"),
        ("2010/MAIN", "12.00"),
    ]
    came_in = finance.post(path, {"bank_line": story.ids["bank_line"]})
    assert (came_in.status, came_in.code) == (409, "drawdown_refused")
    undrawn = f"{BOOK}loans/{story.ids['undrawn']}/drawdowns/confirm/"
    assert finance.post(undrawn, {"bank_line": story.ids["outgoing_line"]}).fields == {
        "bank_line": ["There is nothing under this name, or it is not yours to use."]
    }


def test_what_was_lent_before_lenders_were_named_is_shared_at_once(story: Story, manager: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['undrawn']}/"
    body = {"amount": pounds_out("35000.00"), "on": "2025-05-12", "shortfall_reason": "The bank lends it overnight"}
    manager.post(f"{loan}drawdowns/", body)
    parts = [{"investor": "NRB", "rank": 1, "amount": pounds_out("35000.00")}]
    said = manager.post(f"{loan}participations/", {"participations": parts})
    assert (said.status, said.body["effective_on"]) == (201, "2025-04-22")
    assert standing("2410/L-0109/NRB") == ["-35000.00"]


def test_a_drawdown_on_its_way_is_taken_back(story: Story, finance: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['undrawn']}/"
    body = {"amount": pounds_out("35000.00"), "on": "2025-05-12", "shortfall_reason": "The bank lends it overnight"}
    drawn = finance.post(f"{loan}drawdowns/", body).body
    said = finance.post(f"{loan}events/{drawn['id']}/reverse/", {"on": "2025-05-14", "reason": "The lease fell"})
    assert (said.status, said.body["kind"], said.body["reverses"]) == (201, "reversed", drawn["id"])
    assert standing("1310/L-0109", "1020/L-0109") == ["0.00", "0.00"]


def test_a_drawdown_that_was_repaid_on_is_not_taken_back(story: Story, finance: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['loan']}/"
    drawn = finance.get(f"{loan}events/").rows[0]
    said = finance.post(f"{loan}events/{drawn['id']}/reverse/", {"reason": "Wrong"})
    assert (said.status, said.code) == (409, "reversal_refused")


def test_a_loan_stands_as_it_stood_on_any_day(story: Story, manager: Api) -> None:
    loan = f"{BOOK}loans/{story.ids['loan']}/"
    stood = {day: manager.get(loan, as_of=day).body["position"] for day in ("2025-05-31", "2025-06-30", "2025-07-31")}
    assert [one["principal_outstanding"]["amount"] for one in stood.values()] == ["35000.00", "34498.35", "33994.19"]
    assert stood["2025-06-30"]["next_payment"]["due_on"] == "2025-07-01"


def test_the_schedule_says_what_is_paid_and_late(
    story: Story, manager: Api, golden: Callable[[str, Said], None]
) -> None:
    golden("loan-schedule", manager.get(f"{BOOK}loans/{story.ids['loan']}/schedule/", as_of="2025-08-15"))


def test_participations_make_the_whole(story: Story, manager: Api) -> None:
    path = f"{BOOK}loans/{story.ids['undrawn']}/participations/"
    parts = [{"investor": "NRB", "rank": 1, "amount": pounds_out("34999.99")}]
    said = manager.post(path, {"effective_on": "2025-05-12", "participations": parts})
    assert (said.status, said.code) == (409, "not_the_whole")
    fixed = manager.post(
        f"{BOOK}loans/{story.ids['loan']}/participations/", {"effective_on": "2025-05-12", "participations": parts}
    )
    assert fixed.status == 409


def test_a_promise_is_made_once(story: Story, manager: Api) -> None:
    path = f"{BOOK}loans/{story.ids['loan']}/targets/"
    promise = {
        "indicator": "people-in-work",
        "baseline": "4",
        "baseline_on": "2025-04-01",
        "target": "7.5",
        "target_by": "2027-04-01",
    }
    assert [row["target"] for row in manager.get(path).rows] == ["7"]
    said = manager.post(path, promise)
    assert (said.status, said.code) == (409, "target_refused")
    unknown = manager.post(path, {**promise, "indicator": "nothing"})
    assert (unknown.status, list(unknown.fields)) == (400, ["indicator"])


def test_a_loan_is_found_by_its_reference(story: Story, manager: Api) -> None:
    assert [row["id"] for row in manager.get(f"{BOOK}loans/", reference="L-0108").rows] == [story.ids["loan"]]
    assert manager.get(f"{BOOK}loans/", reference="L-9999").rows == []
