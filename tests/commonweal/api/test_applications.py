"""An application through the API: prepared, revised, submitted and decided by a second person on the terms shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.api.writes import PRODUCT

BOOK = f"books/{CODE}/"
APPLICATIONS = f"{BOOK}applications/"


@pytest.fixture
def officer(story: Story) -> Api:
    """The loan officer."""
    return Api(story.tokens["officer"])


def asks(story: Story, **changes: Any) -> dict[str, Any]:
    """An application of the Netherby shop, with any of its parts changed."""
    terms = {"amount": pounds_out("10000.00"), "annual_rate": "0.06", "months": 36, "first_due_on": "2027-02-01"}
    who = {"organisation": story.ids["organisation"], "product": "community-loan", "purpose": "A van"}
    return {**terms, **who, **changes}


def test_a_colleague_approves_what_was_prepared(story: Story, officer: Api, manager: Api) -> None:
    made = officer.post(APPLICATIONS, asks(story)).body
    path = f"{APPLICATIONS}{made['id']}/"
    assert (made["status"], made["applied_on"], len(made["schedule"])) == ("draft", "2026-11-23", 36)
    assert made["schedule"][-1]["balance"] == pounds_out("0.00")
    assert officer.post(f"{path}submit/").body["status"] == "submitted"
    decided = manager.post(f"{path}approve/", {"terms_sha256": made["terms_sha256"]})
    assert (decided.status, decided.body["status"]) == (200, "approved")
    assert [step["move"] for step in decided.body["steps"]] == ["submit", "approve"]
    loan = manager.get(f"{BOOK}loans/{decided.body['loan']}/").body
    assert (loan["terms"]["principal"], loan["position"]["drawn"]) == (pounds_out("10000.00"), pounds_out("0.00"))


def test_the_maker_does_not_decide(story: Story, manager: Api) -> None:
    made = manager.post(APPLICATIONS, asks(story)).body
    manager.post(f"{APPLICATIONS}{made['id']}/submit/")
    said = manager.post(f"{APPLICATIONS}{made['id']}/approve/", {"terms_sha256": made["terms_sha256"]})
    assert (said.status, said.code) == (409, "approval_by_maker")


def test_terms_that_changed_since_are_not_approved(story: Story, officer: Api, manager: Api) -> None:
    path = f"{APPLICATIONS}{story.ids['application']}/"
    shown = manager.get(path).body["terms_sha256"]
    terms = {name: asks(story)[name] for name in ("amount", "annual_rate", "months", "first_due_on")}
    revised = officer.post(f"{path}revise/", {**terms, "amount": pounds_out("20000.01")})
    assert revised.body["prepared_by"] == "officer of harbour-hills"
    assert revised.body["purpose"] == "A shared workshop"
    said = manager.post(f"{path}approve/", {"terms_sha256": shown})
    assert (said.status, said.code) == (409, "terms_changed")


def test_it_is_sent_back_with_a_reason_and_comes_again(story: Story, officer: Api, manager: Api) -> None:
    path = f"{APPLICATIONS}{story.ids['application']}/"
    shown = {"terms_sha256": manager.get(path).body["terms_sha256"]}
    assert manager.post(f"{path}send-back/", shown).fields == {"reason": ["This field is required."]}
    back = manager.post(f"{path}send-back/", {**shown, "reason": "Add the quotes"}).body
    assert (back["status"], back["steps"][-1]["reason"]) == ("sent_back", "Add the quotes")
    assert officer.post(f"{path}submit/").body["status"] == "submitted"
    assert manager.post(f"{path}decline/", {**shown, "reason": "No quotes"}).body["status"] == "declined"
    said = manager.post(f"{path}approve/", shown)
    assert (said.status, said.code) == (409, "move_not_allowed")


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"amount": pounds_out("250000.01")}, 409, "amount"),
        ({"amount": {"amount": "10000.00", "currency": "EUR"}}, 409, "amount"),
        ({"amount": {"amount": 10000, "currency": "GBP"}}, 400, "amount"),
        ({"amount": pounds_out("1e4")}, 400, "amount"),
        ({"amount": "10000.00"}, 400, "amount"),
        ({"months": 121}, 409, "months"),
        ({"months": "36"}, 400, "months"),
        ({"annual_rate": "0.0000001"}, 400, "annual_rate"),
        ({"annual_rate": "6%"}, 400, "annual_rate"),
        ({"first_due_on": "2026-11-23"}, 409, "first_due_on"),
        ({"first_due_on": "1 February 2027"}, 400, "first_due_on"),
    ],
)
def test_impossible_terms_are_refused_by_the_name_of_the_field(
    changes: dict[str, Any], status: int, field: str, story: Story, officer: Api
) -> None:
    said = officer.post(APPLICATIONS, asks(story, **changes))
    assert (said.status, list(said.fields)) == (status, [field])


def test_applications_are_found_by_status_and_reference(story: Story, manager: Api) -> None:
    assert {row["status"] for row in manager.get(APPLICATIONS, status="submitted").rows} == {"submitted"}
    assert [row["reference"] for row in manager.get(APPLICATIONS, reference="A-0132").rows] == ["A-0132"]


def test_a_product_is_offered_once(story: Story, manager: Api, officer: Api) -> None:
    assert manager.post(f"{BOOK}products/", PRODUCT).status == 201
    said = manager.post(f"{BOOK}products/", PRODUCT)
    assert (said.status, said.code) == (409, "product_exists")
    assert [row["code"] for row in officer.get(f"{BOOK}products/").rows] == ["community-loan", "growth-loan"]
    assert officer.post(f"{BOOK}products/", PRODUCT).status == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"min_amount": pounds_out("60000.00")}, 409),
        ({"min_months": 61}, 409),
        ({"max_amount": pounds_out("1000000000000.00")}, 400),
        ({"payment_prefix": "h g"}, 400),
        ({"calendar": "FR"}, 400),
    ],
)
def test_a_product_whose_limits_make_no_sense_is_refused(
    changes: dict[str, Any], status: int, story: Story, manager: Api
) -> None:
    assert manager.post(f"{BOOK}products/", {**PRODUCT, **changes}).status == status
