"""Acts on a loan through the API: what a preview showed is what is then read back, by one person or by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from commonweal.access.models import User
from loans.models import Loan, LoanEvent
from loans.queries import entries_of
from loans.services.act_refusals import COSTS_MONEY
from tests.commonweal.api.client import Api, Said, pounds_out
from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"
WHY = {"reason": "The road is closed all winter"}
ACTS: dict[str, dict[str, Any]] = {
    "fee_charged": {"amount": "120.00", "kind": "late", "settlement": "paid"},
    "rate_changed": {"annual_rate": "0.065"},
    "suspended": {},
    "holiday_granted": {"instalments": 3, "interest": "deferred", "extends": True},
    "restructured": {"first_due_on": "2027-02-05", "instalments": 60, "capitalises": True, "fee": "150.00"},
    "waived": {"component": "interest", "amount": "10.00"},
    "written_off": {"amount": "1000.00"},
}
"""What is said of each act that the loan of the story allows."""

ALONE, OFF = ("fee_charged", "rate_changed", "suspended"), {"event": "written_off"}


def paths(story: Story) -> tuple[str, str]:
    """The loan of the story, and the proposals."""
    return f"{BOOK}loans/{story.ids['loan']}/", f"{BOOK}proposals/"


def plain(entry: dict[str, Any]) -> tuple[Any, ...]:
    """An entry as it is compared: day, what it says, and what it moves."""
    lines = [(line["code"], line["debit"], line["credit"]) for line in entry["postings"]]
    return entry["effective_on"], entry["kind"], entry["narrative"], lines


def read_back(api: Api, story: Story, before: set[int]) -> tuple[Any, Any, list[Any]]:
    """Where the loan stands, its schedule, and the entries of its own that are new."""
    loan = paths(story)[0]
    new = entries_of(Loan.objects.get(pk=story.ids["loan"])).exclude(pk__in=before).exclude(kind="apportionment")
    entries = [plain(api.get(f"{BOOK}entries/{pk}/").body) for pk in new.order_by("pk").values_list("pk", flat=True)]
    return api.get(loan).body["position"], api.get(f"{loan}schedule/", page_size=200).rows, entries


def promised(seen: dict[str, Any]) -> tuple[Any, Any, list[Any]]:
    """The same as a preview had it."""
    after = dict(seen["after"])
    rows = after.pop("instalments")
    return after, rows, [plain(entry) for entry in seen["entries"]]


def entries_now(story: Story) -> set[int]:
    """The numbers of the loan's entries."""
    return set(entries_of(Loan.objects.get(pk=story.ids["loan"])).values_list("pk", flat=True))


@pytest.mark.parametrize("act", list(ACTS))
def test_what_a_preview_shows_is_what_is_then_read_back(
    act: str, story: Story, manager: Api, as_: Callable[[str], Api]
) -> None:
    loan, proposals = paths(story)
    said = {"event": {"event": act, **ACTS[act]}, **WHY}
    before = entries_now(story)
    seen = as_("officer").post(f"{loan}acts/preview/", said, key=None).body
    assert entries_now(story) == before
    if act in ALONE:
        recorded = manager.post(f"{loan}acts/", said)
    else:
        made = as_("officer").post(f"{loan}proposals/", said)
        assert (made.status, made.body["state"], made.body["sha256"]) == (201, "waiting", seen["sha256"])
        shown = manager.get(f"{proposals}{made.body['id']}/").body
        assert (shown["preview"], shown["refused"]) == (seen, "")
        assert entries_now(story) == before
        recorded = manager.post(f"{proposals}{made.body['id']}/approve/", {"sha256": shown["sha256"]})
        decided = manager.get(f"{proposals}{made.body['id']}/").body
        assert (decided["state"], decided["recorded"]) == ("approved", recorded.body["id"])
        assert decided["preview"] is None
    assert (recorded.status, recorded.body["kind"], recorded.body["event"]) == (201, act, seen["event"])
    assert recorded.body["reason"] == WHY["reason"]
    assert read_back(manager, story, before) == promised(seen)


def test_a_program_proposes_a_pause_that_was_asked_for_and_a_colleague_grants_it(
    story: Story, manager: Api, as_: Callable[[str], Api]
) -> None:
    loan, proposals = paths(story)
    pause = {"event": {"event": "holiday_granted", "instalments": 3}, "request": story.ids["asked"], **WHY}
    made = as_("officer").post(f"{loan}proposals/", pause).body
    assert (made["request"], made["cost"], made["effective_on"]) == (
        story.ids["asked"],
        pounds_out("0.00"),
        "2026-11-23",
    )
    own = as_("officer").post(f"{proposals}{made['id']}/withdraw/")
    assert (own.status, own.body["state"]) == (200, "withdrawn")
    made = as_("officer").post(f"{loan}proposals/", pause).body
    refused = manager.post(f"{proposals}{made['id']}/approve/", {"sha256": "0" * 64})
    assert (refused.status, refused.code) == (409, "proposal_refused")
    said = manager.post(f"{proposals}{made['id']}/approve/", {"sha256": made["sha256"], "words": "Gladly."})
    assert (said.status, said.body["entry"]) == (201, None)
    answered = manager.get(f"{loan}requests/").rows[-1]
    assert (answered["answer"], answered["words"]) == ("granted", "Gladly.")
    again = as_("finance").post(f"{proposals}{made['id']}/decline/", {"reason": "Too late"})
    assert (again.status, again.code) == (409, "proposal_refused")
    found = [[row["id"] for row in manager.get(proposals, state=state).rows] for state in ("approved", "withdrawn")]
    assert made["id"] in found[0]
    assert len(found[1]) == 1


def test_what_costs_money_is_not_recorded_by_one_person(story: Story, manager: Api) -> None:
    said = manager.post(f"{paths(story)[0]}acts/", {"event": OFF, **WHY})
    assert (said.status, said.code) == (409, "two_people_needed")
    assert not LoanEvent.objects.filter(loan=story.ids["loan"], kind="written_off").exists()
    alone = manager.post(f"{paths(story)[0]}proposals/", {"event": {"event": "suspended"}, **WHY})
    assert (alone.status, list(alone.fields["event"])) == (400, ["event"])
    assert len(COSTS_MONEY) == 5


def test_an_officer_proposes_and_neither_records_nor_approves(story: Story, as_: Callable[[str], Api]) -> None:
    loan, proposals = paths(story)
    act = {"event": {"event": "suspended"}, **WHY}
    for role in ("officer", "auditor"):
        assert as_(role).post(f"{loan}acts/", act).status == 403
    shown = as_("auditor").get(f"{proposals}{story.ids['proposal']}/").body
    assert shown["preview"]["after"]["interest_due"] != shown["preview"]["before"]["interest_due"]
    assert as_("officer").post(f"{proposals}{shown['id']}/approve/", {"sha256": shown["sha256"]}).status == 403
    assert as_("borrower").get(proposals).status == 404
    own = as_("officer").post(f"{proposals}{story.ids['own_proposal']}/decline/", {"reason": "No"})
    assert own.status == 403


def test_a_write_off_above_authority_is_refused(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    loan, proposals = paths(story)
    limits = f"{BOOK}authorities/"
    assert as_("finance").post(limits, {"kind": "written_off", "limit": pounds_out("9.00")}).status == 403
    manager.post(limits, {"kind": "written_off", "limit": pounds_out("1000.00")})
    made = as_("officer").post(f"{loan}proposals/", {"event": {**OFF, "amount": "1000.01"}, **WHY}).body
    assert made["cost"] == pounds_out("1000.01")
    refused = manager.post(f"{proposals}{made['id']}/approve/", {"sha256": made["sha256"]})
    assert (refused.status, refused.code) == (409, "above_authority")
    assert "£0.01 above your authority of £1,000.00" in refused.message
    own = {"kind": "written_off", "person": _mail_of(story, "manager"), "limit": pounds_out("2000.00")}
    said = manager.post(limits, own)
    assert (said.status, said.code) == (409, "authority_refused")
    theirs = manager.post(limits, own | {"person": _mail_of(story, "finance")}).body
    assert (theirs["person"]["email"], theirs["limit"]) == (_mail_of(story, "finance"), pounds_out("2000.00"))
    assert [row["limit"]["amount"] for row in manager.get(limits, kind="written_off").rows] == ["2000.00", "1000.00"]
    assert as_("finance").post(f"{proposals}{made['id']}/approve/", {"sha256": made["sha256"]}).status == 201
    dear = manager.post(limits, {"kind": "waived", "limit": {"amount": "1.00", "currency": "EUR"}})
    assert (dear.status, dear.code) == (409, "authority_refused")


def test_taking_an_act_back_is_seen_before(story: Story, manager: Api) -> None:
    loan = paths(story)[0]
    wrong = manager.get(f"{loan}events/").rows[1]
    body = {"on": "2026-11-23", "reason": "It was another shop's"}
    manager.post(f"{loan}acts/", {"event": {"event": "suspended"}, **WHY})
    before = entries_now(story)
    seen = manager.post(f"{loan}events/{wrong['id']}/reverse/preview/", body, key=None).body
    assert (seen["event"]["of"], seen["entries"][0]["kind"]) == (wrong["number"], "reversal")
    manager.post(f"{loan}events/{wrong['id']}/reverse/", body)
    position, rows, entries = read_back(manager, story, before)
    assert (position, rows) == promised(seen)[:2]
    assert entries[1:] == promised(seen)[2][1:]
    again = manager.post(f"{loan}events/{wrong['id']}/reverse/preview/", body, key=None)
    assert (again.status, again.code) == (409, "reversal_refused")


def test_a_bank_line_repays_settles_or_comes_back(story: Story, finance: Api) -> None:
    line = {"bank_line": story.ids["bank_line"]}
    small, lost = (f"{BOOK}loans/{story.ids[name]}/" for name in ("small", "lost"))
    seen = finance.post(f"{small}settlements/preview/", line, key=None).body
    assert seen["event"] == {
        "event": "repaid",
        "currency": "GBP",
        "effective_on": "2025-08-01",
        "amount": "676.65",
        "settles": True,
    }
    assert (seen["after"]["settled"], seen["after"]["principal_outstanding"]) == (True, pounds_out("0.00"))
    came = finance.post(f"{lost}recoveries/preview/", line, key=None).body
    assert (came["before"]["recovered"], came["after"]["recovered"]) == (pounds_out("0.00"), pounds_out("676.65"))
    none = finance.post(f"{small}recoveries/preview/", line, key=None)
    short = finance.post(f"{paths(story)[0]}settlements/preview/", line, key=None)
    assert [(said.status, said.code) for said in (none, short)] == [(409, "repayment_refused")] * 2
    repaid = finance.post(f"{paths(story)[0]}repayments/preview/", line, key=None).body
    assert "settles" not in repaid["event"]
    assert finance.post(f"{small}settlements/", line).status == 201
    assert {**finance.get(small).body["position"], "instalments": seen["after"]["instalments"]} == seen["after"]
    assert finance.post(f"{lost}recoveries/", line).fields.keys() == {"bank_line"}


HOSTILE: tuple[dict[str, Any], ...] = (
    {"event": "waived"},
    {"event": "waived", "amount": "0.00", "component": "interest"},
    {"event": "waived", "amount": "-1.00", "component": "interest"},
    {"event": "waived", "amount": "0.001", "component": "interest"},
    {"event": "waived", "amount": "999999999999", "component": "principal"},
    {"event": "waived", "amount": "1.00", "component": "interest", "effective_on": "1900-01-01"},
    {"event": "waived", "amount": "1.00", "component": "interest", "effective_on": "2199-12-31"},
    {"event": "waived", "amount": "1.00", "component": "interest", "instalments": 3},
    {"event": "waived", "amount": 1, "component": "interest"},
    {"event": "fee_charged", "amount": "1.00", "settlement": "deducted"},
    {"event": "fee_charged", "amount": "1.00", "currency": "EUR"},
    {"event": "rate_changed"},
    {"event": "rate_changed", "annual_rate": "1.0"},
    {"event": "rate_changed", "annual_rate": "-0.01"},
    {"event": "holiday_granted"},
    {"event": "holiday_granted", "instalments": 0},
    {"event": "holiday_granted", "instalments": 481},
    {"event": "holiday_granted", "instalments": True},
    {"event": "restructured", "terms": {}},
    {"event": "restructured", "amount": "1.00"},
    {"event": "restructured", "first_due_on": "2020-01-01", "capitalises": True},
    {"event": "restructured", "effective_on": "1900-01-01"},
    {"event": "refunded", "amount": "1.00"},
    {"event": "resumed"},
    {"event": "drawn", "amount": "1.00"},
    {"event": "reversed", "of": 1},
    {},
)
"""Events that the loan of the story does not allow, or that are none."""


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.parametrize("which", ["loan", "undrawn", "lost"])
def test_an_event_that_is_not_possible_is_refused_in_words(number: int, which: str, story: Story, manager: Api) -> None:
    loan = f"{BOOK}loans/{story.ids[which]}/"
    for path in ("acts/preview/", "acts/", "proposals/"):
        with transaction.atomic():
            said: Said = manager.post(f"{loan}{path}", {"event": HOSTILE[number], **WHY})
            transaction.set_rollback(True)
        assert said.status in (400, 409), (HOSTILE[number], path, said.body)
        assert said.message.strip()


def test_new_terms_that_would_leave_interest_unpaid_are_not_proposed(story: Story, manager: Api) -> None:
    said = manager.post(f"{paths(story)[0]}proposals/", {"event": {"event": "restructured"}, **WHY})
    assert (said.status, said.code) == (409, "interest_left_unpaid")
    assert "would leave" in said.message


def _mail_of(story: Story, role: str) -> str:
    return User.objects.get(pk=story.ids["people"][role]).email
