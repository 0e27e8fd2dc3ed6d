"""Payouts over the API: whom a program may name, asked of the database once however many there are."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from investors.domain.kinds import InvestorKind
from investors.services import register_investor
from tests.commonweal.api.client import Api
from tests.commonweal.api.story import CODE, Story

AT = f"books/{CODE}/payouts/"


def proposed(api: Api, codes: list[str]) -> tuple[int, str]:
    """How many queries a proposal takes that is refused in the end, and why it is."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        said = api.post(AT, {"reason": "Quarter", "investors": [{"investor": code} for code in codes]})
    assert said.status in (400, 409, 422), said.body
    return len(asked), str(said.body)


def test_many_investors_are_named_in_one_question(story: Story, finance: Api) -> None:
    codes = [f"P{number}" for number in range(12)]
    for code in codes:
        register_investor(code=code, name=f"Patron {code}", kind=InvestorKind.INDIVIDUAL)
    proposed(finance, codes[:1])
    few, many = proposed(finance, codes[:2]), proposed(finance, codes)
    assert few == many
    assert "There is nothing under this name, or it is not yours to use." in proposed(finance, ["P1", "NOBODY"])[1]
