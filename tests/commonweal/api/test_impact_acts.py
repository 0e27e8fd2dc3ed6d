"""Impact as a program works with it: what is asked, its proof, stories and consent, the coach, and whose it is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from loans.models import ReadingEvidence
from tests.commonweal.api.client import Api
from tests.commonweal.api.story import CODE, Story

BOOK = f"books/{CODE}/"
PLAN = {
    "questions": ["people-in-work", "second", "third"],
    "every_months": 12,
    "first_start": "2026-11-01",
    "due_days": 75,
    "consented": "Ann Lee, by telephone",
}


def of(story: Story) -> str:
    """The business's part of the addresses."""
    return f"{BOOK}organisations/{story.ids['organisation']}/"


def file(name: str, content: bytes) -> dict[str, Any]:
    """A document in a body."""
    return {"file": {"name": name, "content_base64": base64.b64encode(content).decode()}}


def test_what_is_asked_is_agreed_anew_only_with_consent(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    path = f"{of(story)}return-plans/"
    silent = manager.post(path, {name: said for name, said in PLAN.items() if name != "consented"})
    assert (silent.status, silent.code) == (409, "return_plan_refused")
    made = manager.post(path, PLAN)
    assert (made.status, made.body["questions"]) == (201, PLAN["questions"])
    now, before = as_("borrower").get(path).rows
    assert (now["is_current"], before["is_current"], now["consented"]) == (True, False, "Ann Lee, by telephone")
    assert "agreed_by" not in now
    assert manager.get(path).rows[0]["agreed_by"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"questions": ["people-in-work"]}, 409, "return_plan_refused"),
        ({"questions": ["no-such", "second", "third"]}, 400, "invalid"),
        ({"every_months": 5}, 409, "return_plan_refused"),
        ({"first_start": "2026-11-02"}, 409, "return_plan_refused"),
        ({"due_days": 7}, 409, "return_plan_refused"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    changes: dict[str, Any], status: int, code: str, story: Story, manager: Api
) -> None:
    before = manager.get(f"{of(story)}return-plans/").rows
    said = manager.post(f"{of(story)}return-plans/", {**PLAN, **changes})
    assert (said.status, said.code) == (status, code)
    assert manager.get(f"{of(story)}return-plans/").rows == before


def test_the_returns_of_a_book_are_found_by_where_they_are(story: Story, manager: Api) -> None:
    every = manager.get(f"{BOOK}returns/").rows
    by_state = {state: manager.get(f"{BOOK}returns/", state=state).rows for state in ("open", "late", "sent")}
    assert sum(map(len, by_state.values())) == len(every) == 4
    assert all(row["state"] == state for state, rows in by_state.items() for row in rows)
    assert {row["id"]: row["answered"] for row in every}[story.ids["answered_return"]] == 3


def test_a_document_shows_a_reading_and_comes_back_byte_for_byte(story: Story, as_: Callable[[str], Api]) -> None:
    path = f"{of(story)}readings/{story.ids['reading']}/evidence/"
    made = as_("officer").post(path, file("payroll.txt", b"Six people"))
    again = as_("officer").post(path, file("payroll.txt", b"Six people"))
    assert (made.status, again.body["file"]) == (201, made.body["file"])
    assert ReadingEvidence.objects.filter(reading=story.ids["reading"]).count() == 1
    seen = as_("borrower").get(path).rows
    assert [(row["name"], row["size"]) for row in seen] == [("payroll.txt", 10)]
    assert as_("borrower").get(f"files/{seen[0]['file']}/download/").content == b"Six people"
    withdrawn = as_("officer").post(f"files/{seen[0]['file']}/withdraw/", {"reason": "Of another business"})
    assert (withdrawn.status, as_("borrower").get(path).rows) == (200, [])


@pytest.mark.parametrize("name", ["payroll.pdf", "payroll.exe", "payroll.txt"])
def test_a_program_is_no_evidence_whatever_it_is_called(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    program = file(name, b"MZ\x90\x00\x03\x00\x00\x00\x04")
    path = f"{of(story)}readings/{story.ids['reading']}/evidence/"
    answer = {"place": 1, "answer": "value", "value": "6", **program}
    answers = f"{of(story)}returns/{story.ids['impact_return']}/answers/"
    for said in (as_("officer").post(path, program), as_("borrower").post(answers, answer)):
        assert (said.status, "nothing was" in said.body["error"]["message"].lower()) == (409, True)
    assert as_("officer").get(path).rows == []
    assert as_("borrower").get(answers).rows == []


def test_proof_sent_with_an_answer_raises_its_grade_and_stays_with_the_reading(
    story: Story, as_: Callable[[str], Api]
) -> None:
    business, returned = as_("borrower"), f"{of(story)}returns/{story.ids['impact_return']}/"
    for place in (1, 2, 3):
        answer = {"place": place, "answer": "value", "value": "6", "shown_by": "record", "source": "Payroll"}
        proof = file("payroll.txt", b"Six people") if place == 1 else {}
        assert business.post(f"{returned}answers/", {**answer, **proof}).status == 201
    assert business.get(f"{returned}answers/").rows[0]["file"]
    assert business.post(f"{returned}send/", {}).status == 200
    end = next(row for row in business.get(f"{of(story)}returns/").rows if row["id"] == story.ids["impact_return"])
    told = business.get(f"{of(story)}readings/").rows
    read = {row["indicator"]: row for row in told if row["period_end"] == end["period_end"]}
    assert (read["people-in-work"]["grade"], read["second"]["grade"]) == ("B", "C")
    shown = business.get(f"{of(story)}readings/{read['people-in-work']['id']}/evidence/").rows
    assert [row["name"] for row in shown] == ["payroll.txt"]


def test_a_restated_reading_keeps_what_was_said_before(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    path = f"{of(story)}readings/"
    first = manager.get(f"{path}{story.ids['reading']}/").body
    same = {name: first[name] for name in ("indicator", "period_start", "period_end", "grade", "evidence")}
    why = {"replaces": first["id"], "reason": "One more, at half time"}
    made = manager.post(path, {**same, "value": "6.5", **why}).body
    found = as_("borrower").get(f"{path}{made['id']}/").body
    assert [(one["id"], one["value"]) for one in found["earlier"]] == [(first["id"], first["value"])]
    assert manager.get(f"{path}{first['id']}/").status == 404


def test_a_story_is_shown_only_while_its_use_is_allowed(story: Story, as_: Callable[[str], Api]) -> None:
    business, path = as_("borrower"), f"{of(story)}stories/"
    made = business.post(path, {"title": "Warm", "text": "It is warm now."})
    assert (made.status, made.body["is_shown"]) == (201, False)
    business.post(f"{of(story)}consents/", {"use": "story", "is_given": True})
    shown = {row["id"]: row["is_shown"] for row in as_("officer").get(path).rows}
    assert (shown[made.body["id"]], set(shown.values())) == (True, {True})
    business.post(f"{of(story)}consents/", {"use": "story", "is_given": False})
    assert {row["is_shown"] for row in as_("officer").get(path).rows} == {False}
    foreign = business.post(path, {"title": "Warm", "text": "It is.", "photo": story.ids["file"]})
    assert (foreign.status, list(foreign.fields)) == (400, ["photo"])


def test_the_coach_proposes_what_is_within_reach(story: Story, as_: Callable[[str], Api]) -> None:
    asked = as_("borrower").get(f"{of(story)}coach/").body
    assert {"word": "payroll", "words": "a payroll"} in asked["records"]
    path = f"{of(story)}coach/suggestions/"
    weak, strong = (
        as_("borrower").post(path, {"area": "work", "records": records}).body["suggestions"]
        for records in ([], ["payroll"])
    )
    assert [one["grade"] for one in weak if one["indicator"] == "people-in-work"] == ["D"]
    assert [one["grade"] for one in strong if one["indicator"] == "people-in-work"] == ["B"]
    assert as_("manager").post(path, {"area": "work"}).status == 404


def test_a_business_reads_what_it_promised_and_achieved(story: Story, as_: Callable[[str], Api]) -> None:
    said = as_("borrower").get(f"{of(story)}achieved/").body
    (people,) = [one for one in said["achieved"] if one["indicator"] == "people-in-work"]
    assert [(one["baseline"], one["target"]) for one in people["targets"]] == [("4", "7")]
    assert people["answers"][-1]["value"] == "6"
    assert "6" in said["paragraph"]


def test_an_investor_reads_its_own_part_and_no_other(story: Story, as_: Callable[[str], Api]) -> None:
    nrb = as_("investor").get(f"{BOOK}investors/{story.ids['NRB']}/impact/")
    staff = as_("manager").get(f"{BOOK}impact/").body
    assert nrb.status == 200
    assert [one["supported"] for one in nrb.body["outcomes"]] == [one["supported"] for one in staff["outcomes"]]
    assert all("yours" in one for one in nrb.body["outcomes"])
    assert "yours" not in staff["outcomes"][0]
    assert as_("investor").get(f"{BOOK}investors/{story.ids['TST']}/impact/").status == 404


def test_what_all_said_of_an_indicator_is_read_by_staff(story: Story, manager: Api) -> None:
    rows = manager.get(f"{BOOK}readings/", indicator="people-in-work").rows
    assert [(row["organisation"], row["id"]) for row in rows] == [(story.ids["organisation"], story.ids["reading"])]
    assert manager.get(f"{BOOK}readings/", indicator="no-such").status == 404
    assert manager.get(f"{BOOK}readings/").fields.keys() == {"indicator"}


def test_what_an_outcome_is_worth_is_agreed_by_a_second_person(story: Story, as_: Callable[[str], Api]) -> None:
    manager, finance = as_("manager"), as_("finance")
    (waiting,) = manager.get(f"{BOOK}impact/proxies/").rows
    at, shown = f"{BOOK}impact/proxies/{waiting['id']}/", {"sha256": waiting["sha256"]}
    assert finance.post(f"{at}approve/", {"sha256": "0" * 64}).code == "value_proxy_refused"
    assert finance.post(f"{at}approve/", shown).body["state"] == "approved"
    assert manager.post(f"{at}decline/", {**shown, "reason": "Too late"}).code == "value_proxy_refused"
    body = {name: waiting[name] for name in ("indicator", "amount", "source", "as_of", "deadweight", "others")}
    more = {**body, "valid_from": "2026-01-01", "displacement": "0", "drop_off": "0"}
    assert "two would count at once" in manager.post(f"{BOOK}impact/proxies/", more).body["error"]["message"]
    for changes in (
        {"deadweight": "1.2"},
        {"amount": {"amount": "-1.00", "currency": "GBP"}},
        {"indicator": "no-such"},
    ):
        said = manager.post(f"{BOOK}impact/proxies/", {**more, **changes})
        assert (said.status, said.code) == (409, "value_proxy_refused"), said.body
    assert len(manager.get(f"{BOOK}impact/proxies/").rows) == 1
