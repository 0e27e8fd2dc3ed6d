"""Random loans live beside the pure engine: draw, repay, reverse, backdate, pause, restructure, write off, recover,
close the month. After every step the books say what the engine says; a closed day keeps what was known at its close."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.loans.machine import LoanLives, make_live_loans

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(USUAL, max_examples=6, stateful_step_count=10, phases=[Phase.generate])
MANY = settings(USUAL, max_examples=150, stateful_step_count=40, phases=[Phase.reuse, Phase.generate])
SIZES = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.drill)]


@pytest.mark.django_db
@pytest.mark.parametrize("size", SIZES)
def test_books_projections_and_engine_agree_whatever_happens(size: settings) -> None:
    run_state_machine_as_test(partial(LoanLives, *make_live_loans()), settings=size)
