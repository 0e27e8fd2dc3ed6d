"""The capital of a fund over the API: calls, payments, a result with its figures, and what an investor may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from investors.domain.moved_in import AMOUNTS
from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story

AT = f"books/{CODE}/capital/"


def test_money_is_called_paid_in_shared_and_explained_in_money(
    story: Story, manager: Api, finance: Api, as_: Callable[[str], Api]
) -> None:
    paid = {"fund_class": "SENIOR", "investor": "OAK", "amount": pounds_out("300.00")}
    said = finance.post(f"{AT}payments/", paid)
    assert said.status == 201, said.body
    assert (said.body["state"], said.body["reference"]) == ("approved", "C-7")
    assert [one["effect"] for one in said.body["lines"]] == ["paid-in"]
    assert len(said.body["entries"]) == 1
    made = finance.post(f"{AT}acts/", {"result": {}, "reason": "To date"})
    assert made.status == 201, made.body
    figures = made.body["figures"]
    assert figures["management_fee"] is None
    assert set(figures["result"]["income"]) == {"amount", "currency"}
    shown = {"sha256": made.body["sha256"]}
    at = f"{AT}acts/{made.body['id']}/"
    assert finance.post(f"{at}approve/", shown).code == "same_two_eyes"
    assert manager.post(f"{at}approve/", shown).body["state"] == "approved"
    back = {"reversal": {"act": made.body["id"]}, "reason": "A cost was missing"}
    assert finance.post(f"{AT}acts/preview/", {name: back[name] for name in ("reversal",)}).status == 200
    (senior,) = manager.get(f"{AT}register/").body["classes"]
    assert [(one["investor"], one["drawn"]["amount"], one["called"]["amount"]) for one in senior["holders"]] == [
        ("NRB", "0.00", "500.00"),
        ("OAK", "300.00", "200.00"),
    ]
    assert senior["together"]["may_be_called"] == pounds_out("19000.00")
    assert manager.get(f"{AT}standing/").body["unshared"]["income"] == pounds_out("0.00")


def test_a_fee_is_agreed_by_two_and_read_from_its_day(story: Story, manager: Api, finance: Api) -> None:
    terms = {"since": "2027-01-01", "base": "drawn", "rate": "0.005000"}
    body = {"fee_terms": terms, "effective_on": "2026-11-16", "reason": "The step-down of the deed"}
    looked = finance.post(f"{AT}acts/preview/", {"fee_terms": terms})
    assert looked.body["figures"]["fee_terms"] == {
        "before": "1.00% a year of what is committed",
        "after": "0.50% a year of what is drawn, from 1 January 2027 on",
    }
    made = finance.post(f"{AT}acts/", body)
    assert (made.status, made.body["kind"], made.body["state"]) == (201, "fee-terms", "waiting"), made.body
    at, shown = f"{AT}acts/{made.body['id']}/approve/", {"sha256": made.body["sha256"]}
    assert finance.post(at, shown).code == "same_two_eyes"
    assert len(manager.get(f"{AT}fee-agreements/").rows) == 1
    assert manager.post(at, shown).body["state"] == "approved"
    agreed = {"effective_on": "2027-01-01", "base": "drawn", "rate": "0.005"}
    assert manager.get(f"{AT}fee-agreements/").rows[1] == agreed
    assert finance.post(f"{AT}acts/", body).code == "impossible_fee"
    assert manager.post(f"{AT}fee-agreements/", agreed).status == 405
    for wrong in ({"rate": "1"}, {"rate": "0.0000001"}, {"base": "promised"}, {"since": "soon"}):
        assert finance.post(f"{AT}acts/preview/", {"fee_terms": terms | wrong}).status == 400


def test_an_investor_sees_its_own_lines_of_what_counts(story: Story, as_: Callable[[str], Api]) -> None:
    mine, other = as_("investor"), as_("second investor")
    assert [row["kind"] for row in mine.get(f"{AT}acts/").rows] == ["call", "commitment"]
    call: dict[str, Any] = mine.get(f"{AT}acts/{story.ids['called']}/").body
    assert (call["due_on"], [line["investor"] for line in call["lines"]]) == ("2026-11-30", ["NRB"])
    assert not {"figures", "entries", "sha256", "proposed_by"} & call.keys()
    assert mine.get(f"{AT}acts/{story.ids['waiting_capital']}/").status == 404
    assert other.get(f"{AT}acts/{story.ids['called']}/").status == 404
    assert (other.get(f"{AT}acts/").rows, other.get(f"{AT}register/").body["classes"]) == ([], [])
    (senior,) = mine.get(f"{AT}register/").body["classes"]
    assert [one["investor"] for one in senior["holders"]] == ["NRB"]


def test_an_act_says_exactly_one_kind_in_the_funds_currency(story: Story, finance: Api) -> None:
    holder = {"fund_class": "SENIOR", "investor": "NRB", "amount": {"amount": "5.00", "currency": "EUR"}}
    for body in ({}, {"result": {}, "commitment": holder}):
        assert finance.post(f"{AT}acts/preview/", body).status == 400
    said = finance.post(f"{AT}acts/preview/", {"commitment": holder})
    assert said.fields == {"commitment": {"amount": ["The capital of this fund is kept in GBP."]}}
    for amount in ("0.00", "-5.00"):
        body = {"commitment": {**holder, "amount": pounds_out(amount)}}
        assert finance.post(f"{AT}acts/preview/", body).status == 400


def test_holdings_of_another_system_are_looked_at_with_every_difference(story: Story, finance: Api) -> None:
    amounts = {"commitment": "120.00", "drawn": "100.00", "undrawn": "20.00", "paid_in": "100.00"}
    holding = {"fund_class": "SENIOR", "investor": "NOBODY", **{name: pounds_out(one) for name, one in amounts.items()}}
    flow = {"fund_class": "SENIOR", "investor": "NOBODY", "on": "2024-04-01", "what": "paid in"}
    names = [name.replace("_", " ") for name in AMOUNTS]
    totals = {name.replace(" ", "_"): pounds_out("0.00") for name in (*names, "capital", "surplus left")}
    body = {
        "holdings": [holding],
        "history": [{**flow, "amount": pounds_out("99.99")}],
        "totals": {"holders": 1, **totals},
    }
    said = finance.post(f"{AT}acts/preview/", {"moved_in": body})
    assert said.code == "holdings_do_not_tie"
    for words in (
        "no investor is registered under NOBODY",
        "NOBODY in SENIOR has £100.00 paid in, and its lines in History come to £99.99, a difference of £0.01",
        "“commitment” says £0.00, and the rows make £120.00",
    ):
        assert words in said.body["error"]["message"]
