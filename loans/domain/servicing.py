"""What is agreed about money that comes early or late? The part of the terms that a schedule alone does not show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from loans.domain.allocation import OLDEST_INSTALMENT_FIRST, AllocationRule


class Prepayment(StrEnum):
    """What becomes of money beyond everything that is due."""

    NEXT_INSTALMENT = "next instalment"
    """It is held in advance and pays what falls due next."""
    LAST_INSTALMENT = "last instalment"
    """It is principal now; the parts of the coming instalments stay as planned and the last ones shrink."""
    SHORTER_TERM = "shorter term"
    """It is principal now; the payment stays, and the loan ends earlier."""
    LOWER_PAYMENT = "lower payment"
    """It is principal now; the payment is solved again over the dates that are left."""


class HolidayInterest(StrEnum):
    """What becomes of interest while no principal is asked for."""

    PAID = "paid"
    DEFERRED = "deferred"
    """It waits, uncompounded, for the first date after the holiday."""
    CAPITALISED = "capitalised"
    """It is added to principal."""


class FlatSettlement(StrEnum):
    """How much of the interest to come a flat loan still asks for when it is settled early."""

    ACTUARIAL = "actuarial"
    """What the rate that the loan really costs gives on what is really owed."""
    RULE_OF_78 = "rule of 78"
    """Interest is taken to fall on the periods as the digits n, n−1, … 1."""
    NO_REBATE = "no rebate"


@dataclass(frozen=True, slots=True)
class DefaultInterest:
    """Simple interest, actual/365 fixed, on what is unpaid after its due date: on principal, or on interest too."""

    annual_rate: Decimal
    grace_days: int = 0
    on_interest: bool = False


@dataclass(frozen=True, slots=True)
class Servicing:
    """In which order money pays what is due, what lateness costs, and what an early settlement gives back."""

    allocation: AllocationRule = OLDEST_INSTALMENT_FIRST
    prepayment: Prepayment = Prepayment.NEXT_INSTALMENT
    default_interest: DefaultInterest | None = None
    flat_settlement: FlatSettlement = FlatSettlement.ACTUARIAL


USUAL = Servicing()
"""Oldest instalment first, nothing for lateness, the actuarial method."""
