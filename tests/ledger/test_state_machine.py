"""Does the ledger agree with a small model of it, whatever is asked in whatever order? In thousands of steps."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import TestDatabase
from tests.ledger import state_machine


def run(examples: int, steps: int) -> None:
    """That many books, each with that many steps."""
    state_machine.PEOPLE.clear()
    run_state_machine_as_test(
        state_machine.LedgerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.committing
def test_the_ledger_agrees_with_its_model(committing_database: TestDatabase) -> None:
    run(examples=40, steps=50)


@pytest.mark.drill
@pytest.mark.committing
def test_the_ledger_agrees_with_its_model_for_long(committing_database: TestDatabase) -> None:
    run(examples=300, steps=60)
