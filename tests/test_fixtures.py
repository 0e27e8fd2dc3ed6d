"""The tests' own tools: each test's database is its own, a missing program is said, axe finds what it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from commonweal.database_roles import Roles
from tests import tools
from tests.databases import TestDatabase


@pytest.mark.committing
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_committing_test_writes_is_gone_for_the_next(time: str) -> None:
    people = get_user_model().objects
    assert not people.exists(), f"the {time} finds an empty database"
    people.create_user(email="jo@example.org", name="Jo Armstrong")


@pytest.mark.committing
def test_both_aliases_work_on_the_clone_each_in_its_role(committing_database: TestDatabase, roles: Roles) -> None:
    found = {}
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_database(), current_user")
            found[alias] = cursor.fetchone()
    name = committing_database.name
    assert found == {"default": (name, roles.app), "owner": (name, roles.owner)}


@pytest.mark.parametrize(("in_ci", "outcome"), [(True, pytest.fail.Exception), (False, pytest.skip.Exception)])
def test_a_missing_program_fails_in_ci_and_is_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch, in_ci: bool, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(tools, "IN_CI", in_ci)
    with pytest.raises(outcome, match="no-such-program is not installed: `make setup`, or install the package thing"):
        tools.find_program("no-such-program", package="thing")


@pytest.mark.browser
def test_axe_finds_a_field_without_a_name(browser_page: Any, axe: Callable[[Any], list[dict[str, Any]]]) -> None:
    page = '<!doctype html><html lang="en"><title>Loan</title><main><h1>Loan</h1>{}</main></html>'
    browser_page.set_content(page.format("<label>Amount <input></label>"))
    assert axe(browser_page) == []
    browser_page.set_content(page.format("<input>"))
    assert [violation["id"] for violation in axe(browser_page)] == ["label"]
