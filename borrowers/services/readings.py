"""Saying what is counted, and recording what was read. A reading is never edited: a correction replaces it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from borrowers.domain.errors import IndicatorUnclear, ReadingExists, ReplacesAnother
from borrowers.domain.readings import Direction, Grade, ReadingPeriod, refuse_malformed_value
from borrowers.domain.words import date_text
from borrowers.models import Indicator, Organisation, Reading


def define_indicator(
    *, code: str, name: str, unit: str, direction: Direction, iris_id: str = "", sdg_target: str = ""
) -> Indicator:
    """Say what is counted. Raises IndicatorUnclear without a name or unit, or where the code is in use."""
    if not name.strip() or not unit.strip():
        raise IndicatorUnclear(f"The indicator {code!r} needs a name and a unit. Add them; nothing was changed.")
    try:
        with transaction.atomic():
            return Indicator.objects.create(
                code=code, name=name, unit=unit, direction=direction, iris_id=iris_id, sdg_target=sdg_target
            )
    except IntegrityError as error:
        raise IndicatorUnclear(
            f"There is an indicator {code!r} already. Choose another code; nothing was changed."
        ) from error


def record_reading(
    *,
    organisation: Organisation,
    indicator: Indicator,
    period: ReadingPeriod,
    value: Decimal,
    grade: Grade,
    evidence: str,
    verifier: str = "",
    on: date,
    by: AbstractBaseUser,
    replaces: Reading | None = None,
) -> Reading:
    """Record what was read for a period that is over on `on`; with `replaces`, correct an earlier reading of it.

    Raises PeriodNotOver, ReadingMalformed, ReadingExists, ReplacesAnother.
    """
    period.refuse_unless_over(on)
    refuse_malformed_value(value, grade, evidence)
    reading = Reading(
        organisation=organisation,
        indicator=indicator,
        period_start=period.start,
        period_end=period.end,
        value=value,
        grade=grade,
        evidence=evidence.strip(),
        verifier=verifier.strip(),
        recorded_by_id=by.pk,
        replaces=replaces,
    )
    if replaces is not None:
        _refuse_unlike(reading, replaces)
    try:
        with transaction.atomic():
            reading.save(force_insert=True)
    except IntegrityError as error:
        raise _stands_already(reading) from error
    return reading


def _refuse_unlike(reading: Reading, replaced: Reading) -> None:
    about = (reading.organisation_id, reading.indicator_id, reading.period_start, reading.period_end)
    if about != (replaced.organisation_id, replaced.indicator_id, replaced.period_start, replaced.period_end):
        raise ReplacesAnother(
            f"The reading to be replaced is of another business, indicator or period: {replaced.organisation}, "
            f"{replaced.indicator}, to {date_text(replaced.period.last_day)}. Choose the one to correct; "
            "nothing was changed."
        )


def _stands_already(reading: Reading) -> ReadingExists | ReplacesAnother:
    days = f"{date_text(reading.period_start)} to {date_text(reading.period.last_day)}"
    what = f"{reading.indicator} of {reading.organisation} for {days}"
    if reading.replaces is not None:
        return ReplacesAnother(
            f"{what} was corrected by somebody else in the meantime. Look at the latest reading; nothing was changed."
        )
    return ReadingExists(f"{what} is recorded already. To correct it, replace that reading; nothing was changed.")
