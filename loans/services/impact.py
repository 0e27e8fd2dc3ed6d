"""Promising good with a loan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from loans.domain.errors import TargetRefused
from loans.domain.words import date_text
from loans.models import ImpactTarget, Loan

if TYPE_CHECKING:
    from borrowers.models import Indicator


@dataclass(frozen=True, slots=True)
class Promise:
    """Where an indicator stood on a day, and where it should stand by a later one."""

    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_by: date


def promise_impact(*, loan: Loan, indicator: Indicator, promise: Promise, by: AbstractBaseUser) -> ImpactTarget:
    """Agree a baseline and a target with a loan. Raises TargetRefused for dates out of order or a second promise."""
    if promise.baseline_on >= promise.target_by:
        raise TargetRefused(
            f"The target is for {date_text(promise.target_by)}, not after the baseline of "
            f"{date_text(promise.baseline_on)}. Correct the dates; nothing was changed."
        )
    if not (promise.baseline.is_finite() and promise.target.is_finite()):
        raise TargetRefused("Baseline and target are plain numbers. Correct them; nothing was changed.")
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
