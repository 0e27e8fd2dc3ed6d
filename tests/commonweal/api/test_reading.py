"""What holds for every operation that reads: it answers as the schema says, to each role, and refuses odd queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commonweal.access.models import User
from commonweal.access.rules import Role
from commonweal.access.table import TABLE
from tests.commonweal.api.client import Api
from tests.commonweal.api.conformity import assert_conforms
from tests.commonweal.api.reads import NEEDED, read_by, reader, reads
from tests.commonweal.api.story import CODE, STAFF, Story
from tests.commonweal.api.writes import contracts

READS = sorted(contracts("GET"))
FILES = {
    "debit-run-file",
    "journal-attachment",
    "document-download",
    "pack-download",
    "file-download",
    "loan-quote-download",
    "fund-accounts-download",
    "impact-download",
    "loan-tape-download",
    "prepared-download",
}
NOT_THERE = {"investor-interest-download": "no tax year in which interest was paid is over in the story"}
"""What nobody finds there, and why; its file is looked at elsewhere."""

LISTS = [name for name in READS if contracts("GET")[name].many]
ROLES = (*STAFF, "borrower", "investor")
CELLS = [
    (name, role) for name in READS for role in ROLES if Role(role) in TABLE[f"api:{name}"].permissions["GET"].roles
]
HOSTILE = (
    "",
    " ",
    "0",
    "-1",
    "1e3",
    "99999999999999999999",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "a\x00b",
    "x" * 3000,
    "' OR 1=1 --",
    "١",
)


def test_every_read_is_tried(story: Story) -> None:
    assert sorted(reads(story)) == READS


@pytest.mark.parametrize(("name", "role"), CELLS)
def test_a_read_answers_each_role_as_the_schema_says(
    name: str, role: str, story: Story, as_: Callable[[str], Api]
) -> None:
    said = as_(role).get(read_by(role, name, story), **NEEDED.get(name, {}))
    assert (said.status, said.headers["Cache-Control"]) == (404 if name in NOT_THERE else 200, "private, no-store")
    if name in NOT_THERE:
        assert said.code == "not_found"
    elif name in FILES:
        assert said.content
    else:
        assert_conforms(name.replace("-", "_"), 200, said.body)
        assert not contracts("GET")[name].many or said.body["count"] == len(said.rows) or said.body["next"]


@pytest.mark.parametrize("name", READS)
def test_a_read_names_the_query_that_it_does_not_know(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    said = as_(reader(name)).get(reads(story)[name], **NEEDED.get(name, {}), asof="2026-01-01")
    assert (said.status, list(said.fields)) == (400, ["asof"])


@pytest.mark.parametrize("name", READS)
def test_a_read_answers_hostile_queries_and_never_breaks(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    takes = contracts("GET")[name].query
    needed, fields, queries = NEEDED.get(name, {}), list(takes().fields), []
    for value in HOSTILE:
        accepted = [one for one in fields if takes(data={**needed, one: value}, context={"is_query": True}).is_valid()]
        queries += [{**needed, **dict.fromkeys(fields, value)}, {**needed, **dict.fromkeys(accepted, value)}]
    for query in {str(query): query for query in queries}.values():
        said = as_(reader(name)).get(reads(story)[name], **query)
        assert said.status in (200, 400, 404), query


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_in_pages(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    query: dict[str, Any] = NEEDED.get(name, {})
    whole = as_(reader(name)).get(reads(story)[name], page_size=200, **query)
    assert list(whole.body) == ["results", "next", "previous", "count"]
    pages, address = [], reads(story)[name] + "?" + "&".join(f"{k}={v}" for k, v in {**query, "page_size": 1}.items())
    for _ in range(min(whole.body["count"], 3)):
        page = as_(reader(name)).get(address)
        pages += page.rows
        address = page.body["next"] or ""
    assert pages == whole.rows[:3]
    assert as_(reader(name)).get(reads(story)[name], page=9999, **query).code == "not_found"


@pytest.mark.parametrize("name", READS)
def test_nobody_reads_without_saying_who_they_are(name: str, story: Story) -> None:
    for token in ("", "cw_wrong"):
        said = Api(token).get(reads(story)[name])
        assert (said.status, said.code) == (401, "not_authenticated")
        assert said.headers["WWW-Authenticate"] == "Bearer"


def test_a_file_comes_whatever_a_client_says_it_accepts(story: Story, manager: Api) -> None:
    headers = {"Authorization": f"Bearer {manager.token}", "Accept": "application/pdf"}
    said = Client().get(f"/api/v1/documents/{story.ids['document']}/download/", headers=headers)
    assert (said.status_code, said.headers["Content-Type"]) == (200, "application/pdf")
    assert manager.get("books/", format="xml").fields.keys() == {"format"}


def test_a_browser_that_is_logged_in_reads_and_changes_nothing_without_its_token(story: Story) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(pk=story.ids["people"]["manager"]))
    assert browser.get("/api/v1/books/").status_code == 200
    said = browser.post(f"/api/v1/books/{CODE}/seals/", "{}", content_type="application/json")
    assert (said.status_code, said.json()["error"]["code"]) == (403, "permission_denied")
