"""The story, told once and rolled back after every test; the people who ask; and readable snapshots."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.commonweal.api.client import Api, Said
from tests.commonweal.api.story import Story, tell_story
from tests.databases import TestDatabase, TestDatabases, connected_to, rolled_back_in
from tests.snapshots import compare_with_golden

import_module("tests.commonweal.jobs.kinds")

MOST_ROWS = 6


NUMBERS = frozenset({"id", "entry", "account", "organisation", "investor", "loan", "application", "event", "reverses"})
"""Fields that name a row by its number."""


@pytest.fixture(scope="session")
def told(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[TestDatabase, Story]]:
    """A database in which the story has happened."""
    with django_db_blocker.unblock():
        clone = test_databases.clone()
        with connected_to(clone.name):
            story = tell_story()
        yield clone, story
        test_databases.drop(clone.name)


@pytest.fixture
def story(told: tuple[TestDatabase, Story], django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The story, and a transaction around the test that never commits."""
    clone, story = told
    with django_db_blocker.unblock(), rolled_back_in(clone.name):
        yield story


@pytest.fixture
def as_(story: Story) -> Callable[[str], Api]:
    """The API as somebody of a role uses it."""
    return lambda role: Api(story.tokens[role])


@pytest.fixture
def manager(story: Story) -> Api:
    """The fund manager."""
    return Api(story.tokens["manager"])


@pytest.fixture
def finance(story: Story) -> Api:
    """The finance officer."""
    return Api(story.tokens["finance"])


@pytest.fixture
def golden() -> Callable[[str, Said], None]:
    """Compares an answer with its golden file: short for a reader, and without the times of the clock."""

    def compare(name: str, said: Said) -> None:
        text = json.dumps(_readable(said.body), indent=2, ensure_ascii=False)
        compare_with_golden(f"api/{name}.json", f"{text}\n")

    return compare


def _readable(body: Any) -> Any:
    """Money in one word, moments and numbers of rows as such, and of long lists the first two rows and the last."""
    if isinstance(body, list):
        rows = [_readable(part) for part in body]
        return rows if len(rows) <= MOST_ROWS else [*rows[:2], f"… {len(rows) - 3} more …", rows[-1]]
    if not isinstance(body, dict):
        return body
    if set(body) == {"amount", "currency"}:
        return f"{body['amount']} {body['currency']}"
    return {name: _said(name, part) for name, part in body.items()}


def _said(name: str, part: Any) -> Any:
    """Numbers of rows depend on what ran before in the same database, and moments on the clock."""
    if name in NUMBERS and isinstance(part, int) and not isinstance(part, bool):
        return "a number"
    if name == "narrative" and isinstance(part, str):
        return re.sub(r"\d+$", "n", part)
    return "a moment" if name.endswith("_at") and part else _readable(part)
