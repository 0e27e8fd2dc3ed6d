"""Recording what was said for a period, and confirming it. A reading is never edited: a restatement replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from borrowers.domain.errors import (
    NotConfirmed,
    ReadingExists,
    ReadingMalformed,
    ReplacesAnother,
    RestatementUnexplained,
)
from borrowers.domain.outcomes import Group, Measure
from borrowers.domain.readings import (
    Answer,
    Grade,
    ReadingPeriod,
    refuse_malformed_parts,
    refuse_malformed_value,
)
from borrowers.domain.words import date_text
from borrowers.models import Indicator, Organisation, Reading, ReadingConfirmation, ReadingPart


@dataclass(frozen=True, slots=True)
class Said:
    """What is said for a period: a figure with its parts by group and its evidence, or one of the other answers."""

    value: Decimal | None = None
    grade: Grade | None = None
    evidence: str = ""
    verifier: str = ""
    answer: Answer = Answer.VALUE
    is_same: bool = False
    parts: Mapping[Group, Decimal] = field(default_factory=dict)

    def refuse_malformed(self, indicator: Indicator) -> None:
        """Raise ReadingMalformed or ReadingOutOfRange where it cannot be right for this indicator."""
        if indicator.from_ledger:
            raise ReadingMalformed(
                f"{indicator} is what the ledger answers by itself. Leave it out; nothing was changed."
            )
        if self.answer is not Answer.VALUE:
            if self.value is not None or self.parts:
                raise ReadingMalformed(
                    f"“{self.answer.words.capitalize()}” has no figure beside it. Give one or the other; "
                    "nothing was changed."
                )
            return
        if self.value is None or self.grade is None:
            raise ReadingMalformed(
                f"{indicator} has no figure, or none that says how it is supported. Give both, or say that there is "
                "nothing to report; nothing was changed."
            )
        refuse_malformed_value(self.value, self.grade, self.evidence)
        indicator.range.refuse_outside(self.value, indicator.name, indicator.unit)
        self._refuse_malformed_parts(indicator, self.value)

    def _refuse_malformed_parts(self, indicator: Indicator, value: Decimal) -> None:
        if unknown := [group.words for group in self.parts if group not in indicator.groups]:
            raise ReadingMalformed(
                f"{indicator} is not asked for by {unknown[0]}. Leave that part out; nothing was changed."
            )
        refuse_malformed_parts(value, {group.words: part for group, part in self.parts.items()})


@transaction.atomic
def record_reading(
    *,
    organisation: Organisation,
    indicator: Indicator,
    period: ReadingPeriod,
    said: Said,
    on: date,
    by: AbstractBaseUser,
    replaces: Reading | None = None,
    reason: str = "",
) -> Reading:
    """Record what was said for a period that is over on `on`; with `replaces` and a `reason`, restate an earlier one.

    Raises PeriodNotOver, WrongPeriod, ReadingMalformed, ReadingOutOfRange, ReadingExists, ReplacesAnother,
    RestatementUnexplained.
    """
    period.refuse_unless_over(on)
    said.refuse_malformed(indicator)
    if indicator.measure == Measure.FLOW and said.answer is Answer.VALUE:
        period.refuse_unless_within_a_year(indicator.name)
        _refuse_overlap(organisation, indicator, period)
    reading = Reading(
        organisation=organisation,
        indicator=indicator,
        period_start=period.start,
        period_end=period.end,
        answer=said.answer,
        value=said.value,
        is_same=said.is_same,
        grade=said.grade or "" if said.answer is Answer.VALUE else "",
        evidence=said.evidence.strip(),
        verifier=said.verifier.strip(),
        recorded_by_id=by.pk,
        replaces=replaces,
        reason=reason.strip(),
    )
    if replaces is not None:
        _refuse_unlike(reading, replaces)
    try:
        with transaction.atomic():
            reading.save(force_insert=True)
    except IntegrityError as error:
        raise _stands_already(reading) from error
    ReadingPart.objects.bulk_create(
        ReadingPart(reading=reading, group=group, value=part) for group, part in said.parts.items()
    )
    return reading


def confirm_reading(*, reading: Reading, how: str, on: date, by: AbstractBaseUser) -> ReadingConfirmation:
    """Say that somebody else looked at a reading and its evidence. Raises NotConfirmed."""
    if reading.recorded_by_id == by.pk:
        raise NotConfirmed("You recorded this reading yourself, so a colleague has to look. Nothing was changed.")
    if not how.strip():
        raise NotConfirmed("Say what you looked at: the auditor reads it. Nothing was changed.")
    if Reading.objects.filter(replaces=reading).exists():
        raise NotConfirmed("This reading was restated since. Confirm the one that stands; nothing was changed.")
    try:
        with transaction.atomic():
            return ReadingConfirmation.objects.create(
                reading=reading, how=how.strip(), confirmed_on=on, confirmed_by_id=by.pk
            )
    except IntegrityError as error:
        raise NotConfirmed("This reading is confirmed already. Look at it again; nothing was changed.") from error


def _refuse_unlike(reading: Reading, replaced: Reading) -> None:
    if not reading.reason:
        raise RestatementUnexplained(
            f"Say why {replaced.indicator} to {date_text(replaced.period.last_day)} is restated: it stands beside the "
            "earlier figure. Nothing was changed."
        )
    about = (reading.organisation_id, reading.indicator_id, reading.period_start, reading.period_end)
    if about != (replaced.organisation_id, replaced.indicator_id, replaced.period_start, replaced.period_end):
        raise ReplacesAnother(
            f"The reading to be replaced is of another business, indicator or period: {replaced.organisation}, "
            f"{replaced.indicator}, to {date_text(replaced.period.last_day)}. Choose the one to correct; "
            "nothing was changed."
        )


def _refuse_overlap(organisation: Organisation, indicator: Indicator, period: ReadingPeriod) -> None:
    """Raise ReadingExists where another figure that adds up has some of these days: they would count twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('borrowers.record_reading'), %s)", [organisation.pk])
    standing = Reading.objects.filter(organisation=organisation, indicator=indicator, replaced_by=None)
    others = standing.exclude(period_start=period.start, period_end=period.end)
    shared = others.filter(answer=Answer.VALUE, period_start__lt=period.end, period_end__gt=period.start).first()
    if shared is not None:
        raise ReadingExists(
            f"{indicator} of {organisation} for {_days(period)} shares days with the figure for "
            f"{_days(shared.period)}, and both add up: the days in both would count twice. Record the days that have "
            "no figure yet, or first restate that one as “does not apply”; nothing was changed."
        )


def _days(period: ReadingPeriod) -> str:
    return f"{date_text(period.start)} to {date_text(period.last_day)}"


def _stands_already(reading: Reading) -> ReadingExists | ReplacesAnother:
    what = f"{reading.indicator} of {reading.organisation} for {_days(reading.period)}"
    if reading.replaces is not None:
        return ReplacesAnother(
            f"{what} was corrected by somebody else in the meantime. Look at the latest reading; nothing was changed."
        )
    return ReadingExists(f"{what} is recorded already. To correct it, replace that reading; nothing was changed.")
