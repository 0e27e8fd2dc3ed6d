"""Community businesses, indicators, readings, investors, documents and jobs through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.api.writes import INVESTOR, ORGANISATION, READING

BOOK = f"books/{CODE}/"


def test_a_business_is_registered_and_found_before_it_applies(story: Story, manager: Api) -> None:
    made = manager.post(f"{BOOK}organisations/", ORGANISATION)
    assert (made.status, made.body["company_number"]) == (201, "01234567")
    assert made.body["id"] in [row["id"] for row in manager.get(f"{BOOK}organisations/").rows]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"company_number": ""}, 409, "registration_missing"),
        ({"company_number": "12"}, 409, "registration_malformed"),
        ({"legal_form": "sole-trader"}, 400, "invalid"),
        ({"region": "Atlantis"}, 400, "invalid"),
        ({"name": ""}, 400, "invalid"),
    ],
)
def test_a_business_is_registered_as_its_register_knows_it(
    changes: dict[str, Any], status: int, code: str, story: Story, manager: Api
) -> None:
    said = manager.post(f"{BOOK}organisations/", {**ORGANISATION, **changes})
    assert (said.status, said.code) == (status, code)


def test_a_reading_is_replaced_and_never_edited(story: Story, manager: Api) -> None:
    path = f"{BOOK}organisations/{story.ids['organisation']}/readings/"
    first = manager.get(path, indicator="people-in-work").rows[0]
    same = {name: first[name] for name in ("indicator", "period_start", "period_end", "grade", "evidence")}
    said = manager.post(path, {**same, "value": "6.5"})
    assert (said.status, said.code) == (409, "reading_exists")
    silent = manager.post(path, {**same, "value": "6.5", "replaces": first["id"]})
    assert (silent.status, silent.code) == (409, "restatement_unexplained")
    why = {"replaces": first["id"], "reason": "One more, at half time"}
    better = manager.post(path, {**same, "value": "6.5", **why})
    assert (better.status, better.body["value"], better.body["replaces"]) == (201, "6.5", first["id"])
    assert [row["id"] for row in manager.get(path).rows] == [better.body["id"]]
    assert manager.post(path, {**same, "value": "7", **why}).status == 400


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"period_end": "2026-11-24"}, 409, "period_not_over"),
        ({"period_end": "2024-10-01"}, 409, "wrong_period"),
        ({"grade": "L"}, 409, "reading_malformed"),
        ({"evidence": ""}, 409, "reading_malformed"),
        ({"value": "5.12345"}, 400, "invalid"),
        ({"value": 5}, 400, "invalid"),
        ({"grade": "E"}, 400, "invalid"),
        ({"answer": "nothing"}, 409, "reading_malformed"),
        ({"parts": [{"group": "women", "value": "6"}]}, 409, "reading_malformed"),
    ],
)
def test_a_reading_that_says_nothing_sure_is_refused(
    changes: dict[str, Any], status: int, code: str, story: Story, manager: Api
) -> None:
    path = f"{BOOK}organisations/{story.ids['organisation']}/readings/"
    said = manager.post(path, {**READING, **changes})
    assert (said.status, said.code) == (status, code)


def test_an_indicator_is_defined_once(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    given = {"code": "people-in-work", "name": "People", "unit": "people", "direction": "increase"}
    said = manager.post("indicators/", given)
    assert (said.status, said.code) == (409, "indicator_unclear")
    assert as_("borrower").get("indicators/").rows[0]["code"] == "people-in-work"
    assert as_("officer").post("indicators/", given).status == 403


def test_an_investor_is_registered_under_one_code(story: Story, manager: Api) -> None:
    first, again = (manager.post(f"{BOOK}investors/", INVESTOR) for _ in range(2))
    assert (first.status, first.body) == (201, again.body)
    assert first.body["payment_reference"] == "INV-HIL"
    said = manager.post(f"{BOOK}investors/", {**INVESTOR, "name": "Another"})
    assert (said.status, said.code) == (409, "investor_exists")
    assert manager.post(f"{BOOK}investors/", {**INVESTOR, "code": "h l"}).code == "impossible_investor"


def test_an_investors_cash_is_what_came_back_less_what_was_lent(story: Story, as_: Callable[[str], Api]) -> None:
    """21,000.00 of Northmoor's were lent; 603.49 of principal and 208.49 of interest came back."""
    said = as_("investor").get(f"{BOOK}investors/{story.ids['NRB']}/", as_of="2025-07-31").body
    assert said["cash_due"] == pounds_out("-20188.02")
    (held,) = as_("investor").get(f"{BOOK}investors/{story.ids['NRB']}/holdings/", as_of="2025-07-31").rows
    assert held["principal"] == pounds_out("20396.51")


def test_a_statement_is_downloaded_as_it_was_issued(story: Story, as_: Callable[[str], Api]) -> None:
    jo = as_("borrower")
    told = jo.get(f"documents/{story.ids['document']}/").body
    said = jo.get(f"documents/{story.ids['document']}/download/")
    assert said.content == b"%PDF loan-statement L-0108 of harbour-hills"
    assert (said.headers["Content-Type"], said.headers["ETag"]) == ("application/pdf", f'"{told["sha256"]}"')
    assert len(said.content) == told["size"]
    assert jo.get(f"documents/{story.ids['investor_document']}/download/").status == 404


def test_documents_are_found_by_book_kind_and_subject(story: Story, manager: Api) -> None:
    assert len(manager.get("documents/", book=CODE).rows) == 2
    assert manager.get("documents/", book="other-fund").rows == []
    assert [row["subject"] for row in manager.get("documents/", kind="investor-statement").rows] == ["NRB"]
    assert [row["subject"] for row in manager.get("documents/", subject="L-0108").rows] == ["L-0108"]


def test_statements_are_asked_for_as_a_job(story: Story, finance: Api) -> None:
    said = finance.post(f"{BOOK}statement-runs/", {"period": "2025-q3"})
    assert (said.status, said.body["kind"], said.body["state"]) == (202, "issue_statements", "queued")
    assert Job.objects.get(pk=said.body["id"]).arguments == {"book": CODE, "period": "2025-Q3"}


@pytest.mark.parametrize(("period", "code"), [("2026-Q4", "period_not_over"), ("Q3", "unknown_period")])
def test_statements_for_no_period_that_is_over_are_refused(period: str, code: str, story: Story, finance: Api) -> None:
    said = finance.post(f"{BOOK}statement-runs/", {"period": period})
    assert (said.status, said.code) == (409, code)
    assert not Job.objects.filter(kind="issue_statements").exists()


def test_a_job_is_stopped_and_tried_again(story: Story, finance: Api) -> None:
    path = f"jobs/{story.ids['job']}/"
    assert finance.post(f"{path}cancel/").body["state"] == "cancelled"
    again = finance.post(f"{path}cancel/")
    assert (again.status, again.code) == (409, "job_already_finished")
    assert finance.post(f"{path}retry/").body["state"] == "queued"
    work(worker="test")
    assert finance.get(path).body["result"] == {"said": "Good day, Jo"}


def test_a_job_that_failed_says_why(story: Story, finance: Api) -> None:
    (row,) = finance.get("jobs/", state="failed", book=CODE).rows
    assert row["error"] == "The file is of another account. Nothing was imported."


def test_a_job_of_another_book_does_not_exist(story: Story, finance: Api) -> None:
    theirs, nothing = (finance.post(f"jobs/{pk}/cancel/") for pk in (story.foreign["job"], 987654321))
    assert (theirs.status, theirs.content) == (404, nothing.content)
