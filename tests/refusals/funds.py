"""What the arithmetic of a fund says when it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from investors.domain import errors
from investors.domain.waterfall import Claim, Step, StepKind, Unpaid, Waterfall
from investors.domain.waterfall_run import run_waterfall
from tests.builders import pounds
from tests.refusals.scenes import ends_in

DEED = date(2026, 4, 1)
INTEREST = Step("senior-interest", "senior interest")
RESIDUAL = Step("residual", "residual", StepKind.RESIDUAL)


def waterfall(*steps: Step) -> Waterfall:
    return Waterfall("Northmoor Growth Fund", 1, DEED, steps)


@ends_in(errors.ImpossibleWaterfall)
def steps_after_the_residual() -> object:
    return waterfall(RESIDUAL, INTEREST)


@ends_in(errors.CircularClaim)
def a_fee_of_what_is_paid_after_it() -> object:
    fee = Step("fee", "performance fee", StepKind.SHARE, Unpaid.LAPSES, of="residual", rate=Decimal("0.10"))
    return waterfall(INTEREST, fee, RESIDUAL)


@ends_in(errors.ImpossibleClaim)
def a_negative_claim() -> object:
    return Claim("senior-interest", "NRB", pounds("-12.50"))


@ends_in(errors.NothingToShare)
def negative_cash() -> object:
    return run_waterfall(waterfall(INTEREST), pounds("-250.00"), [])
