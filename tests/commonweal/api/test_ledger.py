"""The books through the API: accounts, trial balance, statement, entries, seals and months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from commonweal.jobs.worker import work
from ledger import queries
from ledger.domain.entry import REVERSIBLE, Kind
from ledger.models import Book, JournalEntry
from tests.builders import make_user, post_entry
from tests.commonweal.api.client import Api, Said
from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"


def test_a_book_says_whom_to_ask_and_what_day_it_is(manager: Api) -> None:
    said = manager.get(BOOK)
    assert (said.status, said.body["fund_name"]) == (200, "Harbour & Hills Community Fund")
    assert said.body["business_date"] == "2026-11-23"
    assert (said.body["year_end_day"], said.body["year_end_month"]) == (31, 5)
    assert [row["code"] for row in manager.get("books/").rows] == [CODE]


def test_the_trial_balance_is_that_of_the_ledger(manager: Api, golden: Callable[[str, Said], None]) -> None:
    said = manager.get(BOOK + "trial-balance/", as_of="2025-12-31")
    golden("trial-balance", said)
    rows = queries.trial_balance(Book.objects.get(code=CODE), date(2025, 12, 31))
    shown = {row["code"]: row["debit"] or row["credit"] for row in said.body["rows"]}
    assert {code: side and side["amount"] for code, side in shown.items()} == {
        row.code: f"{abs(row.balance.amount):.2f}" if row.minor else None for row in rows
    }
    assert said.body["totals"][0]["debit"] == said.body["totals"][0]["credit"]


def test_the_trial_balance_under_a_seal_knows_less(manager: Api) -> None:
    """The arrangement fee was posted after the first seal, and reached the books before the second."""
    codes = {
        seal: {row["code"] for row in manager.get(BOOK + "trial-balance/", seal=seal).body["rows"]} for seal in (1, 2)
    }
    assert codes[2] - codes[1] == {"1010/MAIN", "4030"}
    assert manager.get(BOOK + "trial-balance/", seal=2).body["seal"].startswith(f"{CODE}:2:")
    assert manager.get(BOOK + "trial-balance/", seal=99).fields == {
        "seal": ["There is nothing under this name, or it is not yours to use."]
    }


def test_an_account_statement_runs_from_opening_to_closing(
    story: Story, manager: Api, golden: Callable[[str, Said], None]
) -> None:
    path = f"{BOOK}accounts/{story.ids['account']}/"
    said = manager.get(path, **{"from": "2025-03-01", "to": "2025-08-31"})
    golden("account-statement", said)
    assert said.body["rows"][-1]["balance"] == said.body["closing"]
    assert manager.get(path, **{"from": "2026-01-01", "to": "2026-12-31"}).body["opening"] == said.body["closing"]


def test_accounts_are_found_by_line_and_subject(manager: Api) -> None:
    codes = [row["code"] for row in manager.get(BOOK + "accounts/", subject="L-0108").rows]
    assert codes == ["1020/L-0108", "1310/L-0108", "1320/L-0108", "1390/L-0108", "2110/L-0108"]
    assert {row["line"] for row in manager.get(BOOK + "accounts/", line="1310").rows} == {"1310"}


def test_entries_are_found_by_date_kind_and_source(manager: Api) -> None:
    drawn = manager.get(BOOK + "entries/", source="loan:L-0108", kind="drawdown").rows
    assert [(row["effective_on"], row["narrative"]) for row in drawn] == [("2025-05-01", "Drawdown of L-0108")]
    narrow = manager.get(BOOK + "entries/", **{"from": "2025-06-01", "to": "2025-06-30"}).rows
    assert {row["effective_on"] for row in narrow} == {"2025-06-02"}


def test_an_entry_made_by_hand_is_reversed_once(story: Story, manager: Api, finance: Api) -> None:
    path = f"{BOOK}entries/{story.ids['entry']}/reverse/"
    said = manager.post(path, {"on": "2026-11-20", "reason": "Charged twice"})
    assert (said.status, said.body["reverses"]) == (201, story.ids["entry"])
    assert said.body["narrative"] == f"Reversal of E-{story.ids['entry']}: Charged twice"
    assert [(line["code"], line["debit"] is not None) for line in said.body["postings"]] == [
        ("1010/MAIN", False),
        ("4030", True),
    ]
    assert manager.get(f"{BOOK}entries/{story.ids['entry']}/").body["reversed_by"] == said.body["id"]
    again = finance.post(path, {"on": "2026-11-20", "reason": "Charged twice"})
    assert (again.status, again.code) == (409, "already_reversed")


@pytest.mark.parametrize("kind", sorted(set(Kind) - REVERSIBLE - {Kind.REVERSAL, Kind.CONTRIBUTION}))
def test_an_entry_that_something_else_caused_is_corrected_there(kind: Kind, story: Story, manager: Api) -> None:
    book = Book.objects.get(code=CODE)
    entry = JournalEntry.objects.filter(book=book, kind=kind).first()
    entry = entry or post_entry(book=book, by=make_user(), on=date(2025, 8, 1), kind=kind)
    said = manager.post(f"{BOOK}entries/{entry.pk}/reverse/", {"reason": "Wrong"})
    assert (said.status, said.code) == (409, "corrected_elsewhere")
    assert f"it follows from {entry.source or 'something else'}" in said.message


def test_an_entry_is_not_reversed_into_a_closed_month(story: Story, manager: Api) -> None:
    said = manager.post(f"{BOOK}entries/{story.ids['entry']}/reverse/", {"on": "2025-04-30", "reason": "Wrong"})
    assert (said.status, said.code) == (409, "period_closed")
    assert "Date it on or after 1 May 2025" in said.message


def test_seals_are_listed_and_one_is_given_again_while_nothing_is_new(manager: Api) -> None:
    listed = manager.get(BOOK + "seals/").rows
    assert [row["number"] for row in listed] == [3, 2, 1]
    assert listed[0]["text"] == f"{CODE}:3:{listed[0]['position']}:{listed[0]['head']}"
    assert manager.post(BOOK + "seals/").body == listed[0]


def test_a_month_is_closed_and_the_latest_is_reopened(manager: Api) -> None:
    refused = manager.post(BOOK + "periods/close/", {"through": "2025-05-31"})
    assert (refused.status, refused.code) == (409, "not_ready_to_close")
    assert "Provisions made: not yet, made on 31 July 2025 already" in refused.message
    said = manager.post(BOOK + "periods/close/", {"through": "2025-05-31", "reasons": {"check": "No time"}})
    assert (said.status, said.code) == (400, "invalid")
    reasons = {"later-provisions": "They were made for July", "year-end": "Carried with the next year"}
    may = {"through": "2025-05-31", "reasons": reasons | {"bank-lines": "Kept only where it is open"}}
    asked = [manager.post(BOOK + "periods/close/", may, key=None) for _ in range(2)]
    assert [(one.status, one.body["id"], one.body["state"]) for one in asked] == [
        (202, asked[0].body["id"], "queued")
    ] * 2
    work(worker="test")
    job = manager.get(f"jobs/{asked[0].body['id']}/").body
    assert (job["state"], job["error"]) == ("done", "")
    assert (job["result"]["starts_on"], job["result"]["last_day"]) == ("2025-05-01", "2025-05-31")
    again = manager.post(BOOK + "periods/close/", may, key=None).body["id"]
    work(worker="test")
    assert manager.get(f"jobs/{again}/").body["result"] == job["result"]
    said = manager.post(BOOK + "periods/close/", {"through": "2025-04-30"})
    assert (said.status, said.code) == (409, "period_out_of_order")
    left = manager.get(BOOK + "periods/").rows[0]["events"][0]["left_open"]
    assert {one["matter"]: one["reason"] for one in left} == reasons
    opened = manager.post(BOOK + "periods/reopen/", {"reason": "A late invoice"})
    assert [(event["kind"], event["reason"]) for event in opened.body["events"]] == [
        ("closed", ""),
        ("reopened", "A late invoice"),
    ]
    assert [row["last_day"] for row in manager.get(BOOK + "periods/").rows] == ["2025-05-31", "2025-04-30"]


def test_a_month_that_is_not_over_is_not_closed(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    said = manager.post(BOOK + "periods/close/", {"through": "2026-11-30"})
    assert (said.status, said.code) == (409, "not_ready_to_close")
    items = {
        row["matter"]: (row["standing"], row["may_be_left"])
        for row in manager.get(BOOK + "periods/readiness/", through="2026-11-30").rows
    }
    assert (items["period-over"], items["bank-lines"]) == (("open", False), ("open", True))
    assert as_("finance").post(BOOK + "periods/reopen/", {"reason": "x"}).status == 403
