"""The one list of checks holds the rules of every app."""

from __future__ import annotations

import importlib

import pytest

from commonweal.jobs.checks import CHECKS
from ledger.checks import rule


@pytest.mark.parametrize("app", ["ledger", "loans", "investors"])
def test_every_apps_rules_are_looked_through(app: str) -> None:
    own = importlib.import_module(f"{app}.checks").CHECKS
    assert own
    assert set(own) <= set(CHECKS)


def test_each_rule_is_looked_at_once_and_says_what_it_is() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
    assert all(rule(check).endswith(".") for check in CHECKS)
