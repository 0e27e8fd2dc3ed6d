"""The bank through the API: lines in suspense, files brought in by a job, lines matched to investors."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.api.parsers import SmallJson
from commonweal.jobs.worker import work
from ledger.models import Book
from ledger.queries import account, balance
from ledger.services import MAX_BANK_FILE_BYTES
from tests.builders import bank_file
from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"
IBAN = "GB33BUKB20201555555555"


def next_file(**changes: Any) -> bytes:
    """A file that goes on from what the books say: a repayment of L-0108, and a line that nobody knows."""
    book = Book.objects.get(code=CODE)
    bank = account(book, "1010/MAIN")
    assert bank is not None
    opening = f"{balance(bank, date(2025, 8, 31)).amount:.2f}"
    lines = ((date(2025, 9, 1), "676.65", "HH-0108"), (date(2025, 9, 2), "10.00", "who knows"))
    return bank_file(*lines, **{"opening": opening, "identification": IBAN, "statement_id": "2025-09", **changes})


def in_json(content: bytes, name: str = "september.xml") -> dict[str, str]:
    """A file as JSON carries it."""
    return {"name": name, "content_base64": base64.b64encode(content).decode()}


def of_main(rows: list[Any]) -> list[Any]:
    """The lines of the current account; the money of a lender stands on another."""
    return [row for row in rows if row["bank_account"] == "MAIN"]


def test_a_file_is_brought_in_by_a_job_and_matched(story: Story, finance: Api) -> None:
    asked = finance.post(BOOK + "bank-imports/", in_json(next_file()))
    assert (asked.status, asked.body["state"], asked.body["kind"]) == (202, "queued", "import_bank")
    work(worker="test")
    job = finance.get(f"jobs/{asked.body['id']}/").body
    assert (job["state"], job["error"]) == ("done", "")
    assert (job["result"]["new_lines"], job["result"]["matched"]) == (2, 1)
    events = finance.get(f"{BOOK}loans/{story.ids['loan']}/events/").rows
    assert (events[-1]["kind"], events[-1]["amount"]) == ("repaid", pounds_out("676.65"))


def test_the_same_file_again_changes_nothing(story: Story, finance: Api) -> None:
    file = in_json(next_file())
    for _ in range(2):
        asked = finance.post(BOOK + "bank-imports/", file)
        work(worker="test")
    assert finance.get(f"jobs/{asked.body['id']}/").body["result"]["new_lines"] == 0


def test_a_file_comes_in_a_form_as_well(story: Story, finance: Api) -> None:
    said = finance.form(BOOK + "bank-imports/", {"file": SimpleUploadedFile("september.xml", next_file())}, key="form")
    work(worker="test")
    assert finance.get(f"jobs/{said.body['id']}/").body["state"] == "done"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not XML at all", "of no format that is read"),
        (b'<?xml version="1.0"?><!DOCTYPE a><a/>', "DOCTYPE"),
        (b"<Document><cut", ""),
    ],
)
def test_what_is_wrong_with_a_file_stands_on_its_job(content: bytes, words: str, story: Story, finance: Api) -> None:
    asked = finance.post(BOOK + "bank-imports/", in_json(content))
    work(worker="test")
    job = finance.get(f"jobs/{asked.body['id']}/").body
    assert job["state"] == "failed"
    assert words in job["error"]
    assert "othing was imported" in job["error"]


def test_a_file_of_some_megabytes_is_taken(story: Story, finance: Api) -> None:
    content = b"<a>" + b"x" * 3 * 1024 * 1024 + b"</a>"
    in_form = finance.form(BOOK + "bank-imports/", {"file": SimpleUploadedFile("a.xml", content)}, key="large")
    in_body = finance.post(BOOK + "bank-imports/", in_json(content))
    assert (in_form.status, in_body.status) == (202, 202)


def test_a_file_of_100_mb_is_refused_unread(story: Story, finance: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonweal.api.parsers.JsonWithBankFile.limit", 1000)
    monkeypatch.setattr("commonweal.api.parsers.BankFileForm.limit", 1000)
    in_body = finance.post(BOOK + "bank-imports/", in_json(b"x" * 2000))
    upload = SimpleUploadedFile("large.xml", b"x" * 2000)
    in_form = finance.form(BOOK + "bank-imports/", {"file": upload}, key="large")
    assert [(said.status, said.code) for said in (in_body, in_form)] == [(413, "request_too_large")] * 2
    assert not finance.get("jobs/", kind="import_bank").rows


def test_limits_leave_room_for_the_largest_file_that_is_taken() -> None:
    from commonweal.api.parsers import BankFileForm, JsonWithBankFile

    assert JsonWithBankFile.limit > MAX_BANK_FILE_BYTES * 4 / 3
    assert BankFileForm.limit > MAX_BANK_FILE_BYTES
    assert SmallJson.limit < 1024 * 1024


def test_a_file_name_with_a_path_is_only_a_name(story: Story, finance: Api) -> None:
    upload = SimpleUploadedFile("../../etc/passwd", b"<a/>")
    said = finance.form(BOOK + "bank-imports/", {"file": upload}, key="path")
    assert said.status == 202
    assert not Path("/etc/passwd.xml").exists()


def test_lines_in_suspense_are_found(story: Story, finance: Api) -> None:
    waiting = of_main(finance.get(BOOK + "bank-lines/", unmatched="true").rows)
    assert [(row["reference"], row["unmatched"]["amount"]) for row in waiting] == [
        ("charges", "-12.00"),
        ("thank you", "5000.00"),
        ("no reference", "676.65"),
    ]
    matched = of_main(finance.get(BOOK + "bank-lines/", unmatched="false").rows)
    assert [row["id"] for row in matched] == [story.ids["matched_line"]]
    assert len(of_main(finance.get(BOOK + "bank-lines/", **{"from": "2025-08-04"}).rows)) == 2
    assert finance.get(BOOK + "bank-lines/", unmatched="perhaps").fields == {
        "unmatched": ["Write one of: true, false."]
    }


def test_bank_accounts_tell_how_far_the_bank_told(story: Story, finance: Api) -> None:
    rows = {row["code"]: row for row in finance.get(BOOK + "bank-accounts/").rows}
    assert {code: row["latest_statement"]["to_on"] for code, row in rows.items()} == {
        "MAIN": "2025-08-05",
        "LENT": "2026-11-23",
    }
    assert rows["MAIN"]["identification"] == IBAN


def test_a_line_is_an_investors_money_in_part(story: Story, finance: Api) -> None:
    body = {"bank_line": story.ids["contribution_line"], "investor": "NRB", "amount": pounds_out("4000.00")}
    said = finance.post(BOOK + "contributions/", body)
    assert [(line["code"], (line["debit"] or line["credit"])["amount"]) for line in said.body["postings"]] == [
        ("2010/MAIN", "4000.00"),
        ("2510/NRB", "4000.00"),
    ]
    line = next(row for row in finance.get(BOOK + "bank-lines/").rows if row["id"] == body["bank_line"])
    assert line["unmatched"] == pounds_out("1000.00")
    more = finance.post(BOOK + "contributions/", {**body, "amount": pounds_out("1000.01")})
    assert (more.status, more.code) == (409, "line_matched_already")


def test_an_investors_money_is_taken_back(story: Story, finance: Api) -> None:
    body = {"bank_line": story.ids["contribution_line"], "investor": "NRB"}
    entry = finance.post(BOOK + "contributions/", body).body["id"]
    said = finance.post(f"{BOOK}entries/{entry}/reverse/", {"reason": "Another bank's"})
    assert (said.status, said.body["reverses"]) == (201, entry)
    line = next(row for row in finance.get(BOOK + "bank-lines/").rows if row["id"] == body["bank_line"])
    assert line["unmatched"] == pounds_out("5000.00")


def test_money_that_went_out_is_no_contribution(story: Story, finance: Api) -> None:
    body = {"bank_line": story.ids["outgoing_line"], "investor": "NRB"}
    said = finance.post(BOOK + "contributions/", body)
    assert (said.status, said.code) == (409, "contribution_refused")


def test_what_waits_says_what_it_could_be_and_why(story: Story, finance: Api) -> None:
    rows = {row["id"]: row for row in finance.get(BOOK + "bank-lines/suggestions/").rows}
    charge = rows[story.ids["outgoing_line"]]["suggestions"][0]
    assert (charge["label"], charge["score"]) == ("Bank charge", 72)
    assert charge["parts"] == [{"purpose": "charge", "id": 0, "amount": pounds_out("12.00")}]
    repaid = rows[story.ids["bank_line"]]["suggestions"][0]
    assert "instalment" in " ".join(reason["words"] for reason in repaid["reasons"])


def test_a_line_is_matched_as_it_was_previewed_and_undone(story: Story, finance: Api) -> None:
    line = f"{BOOK}bank-lines/{story.ids['bank_line']}/"
    parts = [
        {"purpose": "loan", "id": story.ids["loan"], "amount": pounds_out("600.00")},
        {"purpose": "interest", "amount": pounds_out("70.00")},
    ]
    seen = finance.post(f"{line}match/preview/", {"parts": parts})
    refused = finance.post(f"{line}match/", {"parts": parts, "sha256": "0" * 64})
    assert (refused.status, refused.code) == (409, "match_refused")
    done = finance.post(f"{line}match/", {"parts": parts, "sha256": seen.body["sha256"]})
    assert (done.status, done.body["entries"][-1]) == (201, seen.body["entries"][-1])
    left = {row["id"]: row["unmatched"]["amount"] for row in finance.get(BOOK + "bank-lines/").rows}
    assert left[story.ids["bank_line"]] == "6.65"
    undone = finance.post(f"{line}undo/", {"reason": "Somebody else's"})
    assert undone.status == 201
    left = {row["id"]: row["unmatched"]["amount"] for row in finance.get(BOOK + "bank-lines/").rows}
    assert left[story.ids["bank_line"]] == "676.65"


def test_a_match_to_what_is_not_there_or_in_other_money_is_refused(story: Story, finance: Api) -> None:
    line = f"{BOOK}bank-lines/{story.ids['bank_line']}/match/"
    for part in (
        {"purpose": "loan", "id": 987654, "amount": pounds_out("1.00")},
        {"purpose": "investor", "id": 987654, "amount": pounds_out("1.00")},
        {"purpose": "interest", "amount": {"amount": "1.00", "currency": "EUR"}},
        {"purpose": "interest", "amount": pounds_out("676.66")},
    ):
        said = finance.post(line, {"parts": [part]})
        assert (said.status, said.code) == (409, "match_refused")
    assert finance.post(line, {"parts": []}).status == 409


def test_each_statement_stands_beside_the_books(story: Story, finance: Api) -> None:
    rows = finance.get(f"{BOOK}bank-accounts/{story.ids['bank']}/reconciliation/").rows
    assert [row["to_on"] for row in rows[:2]] == ["2025-08-05", "2025-08-04"]
    assert (rows[0]["closing"]["amount"], rows[0]["agrees"]) == ("0.00", False)
    assert (rows[1]["no_file_from"], rows[1]["no_file_to"]) == ("2025-08-02", "2025-08-03")
    assert finance.get(f"{BOOK}bank-accounts/987654/reconciliation/").status == 404
