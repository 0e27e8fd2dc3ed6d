"""What the calculators and the search for a rate say when they refuse."""

from __future__ import annotations

from decimal import Decimal
from math import comb

from loans.calculators import calculator
from loans.calculators.errors import CalculatorError
from loans.domain.rates import return_in_periods
from loans.domain.roots import NoRate, TooHard
from tests.refusals.scenes import ends_in


@ends_in(CalculatorError)
def an_amount_as_a_json_number() -> object:
    return calculator("irr")({"flows": [[0, "-1000.00"], [1, 1080]], "kind": "irr"})


@ends_in(NoRate)
def flows_that_all_go_one_way() -> object:
    return return_in_periods([(0, Decimal(-1000)), (1, Decimal(-1080))])


@ends_in(TooHard)
def sixty_rates_in_one_place() -> object:
    return return_in_periods([(no, Decimal((-1) ** no * comb(60, no)) * Decimal("1.1") ** no) for no in range(61)])
