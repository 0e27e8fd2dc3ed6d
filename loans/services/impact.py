"""Promising good with a loan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from borrowers.domain.readings import Direction, number_text
from loans.domain.errors import TargetRefused
from loans.domain.words import date_text
from loans.models import ImpactTarget, Loan

if TYPE_CHECKING:
    from borrowers.models import Indicator


@dataclass(frozen=True, slots=True)
class Promise:
    """Where an indicator stood on a day, and where it should stand by a later one.

    The baseline and its day come together; they are left out only where the indicator needs none.
    """

    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal
    target_by: date


def promise_impact(*, loan: Loan, indicator: Indicator, promise: Promise, by: AbstractBaseUser) -> ImpactTarget:
    """Agree a baseline and a target with a loan. Raises TargetRefused, and ReadingOutOfRange for its figures."""
    _refuse_baseline(indicator, promise)
    numbers = [number for number in (promise.baseline, promise.target) if number is not None]
    if not all(number.is_finite() for number in numbers):
        raise TargetRefused("Baseline and target are plain numbers. Correct them; nothing was changed.")
    for number in numbers:
        indicator.range.refuse_outside(number, indicator.name, indicator.unit)
    _refuse_direction(indicator, promise)
    try:
        with transaction.atomic():
            return ImpactTarget.objects.create(
                loan=loan,
                indicator=indicator,
                baseline=promise.baseline,
                baseline_on=promise.baseline_on,
                target=promise.target,
                target_by=promise.target_by,
                agreed_by_id=by.pk,
            )
    except IntegrityError as error:
        raise TargetRefused(
            f"{indicator} is promised with {loan.reference} already. Look at that target; nothing was changed."
        ) from error


def _refuse_baseline(indicator: Indicator, promise: Promise) -> None:
    if (promise.baseline is None) != (promise.baseline_on is None):
        raise TargetRefused("A baseline and its day come together. Give both, or neither; nothing was changed.")
    if promise.baseline_on is None:
        if indicator.needs_baseline:
            raise TargetRefused(
                f"{indicator} needs a baseline: without one nobody can tell what changed. Say where it stood, and "
                "when; nothing was changed."
            )
    elif promise.baseline_on >= promise.target_by:
        raise TargetRefused(
            f"The target is for {date_text(promise.target_by)}, not after the baseline of "
            f"{date_text(promise.baseline_on)}. Correct the dates; nothing was changed."
        )


def _refuse_direction(indicator: Indicator, promise: Promise) -> None:
    if promise.baseline is None:
        return
    is_wrong = {
        Direction.INCREASE: promise.target < promise.baseline,
        Direction.DECREASE: promise.target > promise.baseline,
    }
    if is_wrong.get(Direction(indicator.direction)):
        raise TargetRefused(
            f"{indicator} should {indicator.direction}, and the target of {number_text(promise.target)} goes the other "
            f"way from {number_text(promise.baseline)}. Correct one of them; nothing was changed."
        )
