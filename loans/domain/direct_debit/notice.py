"""What was the payer told would be collected, and was it early enough?

The Direct Debit Guarantee has the payer told of amount and date ten working days before by default (Bacs, unless
another period is agreed); SEPA core asks for fourteen calendar days (EPC016-06, 4.1).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.domain.words import date_text
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.working_days import working_day_after
from loans.domain.errors import AboveNotice

LEAD_DAYS: Mapping[Scheme, int] = {Scheme.BACS: 2, Scheme.SEPA: 1}
"""Working days before the collection by which the file has to be at the bank."""


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """So many days between the notice and the collection: working days, or days of the calendar."""

    days: int
    working: bool

    def first_day(self, told_on: date, holidays: Container[date]) -> date:
        """The first day on which what was told on `told_on` may be collected.

        >>> NoticePeriod(10, True).first_day(date(2026, 4, 20), frozenset({date(2026, 5, 4)}))
        datetime.date(2026, 5, 5)
        """
        if self.working:
            return working_day_after(told_on, self.days, holidays)
        return told_on + timedelta(days=self.days)

    @property
    def words(self) -> str:
        """The period as people say it."""
        return f"{self.days} {'working days' if self.working else 'days'}"


DEFAULT_PERIODS: Mapping[Scheme, NoticePeriod] = {
    Scheme.BACS: NoticePeriod(10, working=True),
    Scheme.SEPA: NoticePeriod(14, working=False),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the payer was told: so much, in minor units, on that day."""

    collect_on: date
    amount: int
    told_on: date


def noticed_for(told: Iterable[Told], collect_on: date, period: NoticePeriod, holidays: Container[date]) -> int | None:
    """What may be collected on a day at most: what the last notice of it said that came early enough.

    A later one that came too late lowers it, and never raises it. None where nothing of that day was told in time.
    """
    allowed: int | None = None
    for one in told:
        if one.collect_on != collect_on:
            continue
        if period.first_day(one.told_on, holidays) <= collect_on:
            allowed = one.amount
        elif allowed is not None:
            allowed = min(allowed, one.amount)
    return allowed


def to_tell(
    planned: Mapping[date, int], told: Iterable[Told], today: date, period: NoticePeriod, holidays: Container[date]
) -> dict[date, int]:
    """What has to be told now: each planned day that a notice of today reaches, and whose amount was not told yet.

    So one notice of a whole schedule counts for each instalment as long as the amounts stay; amounts in minor units.
    """
    last = {one.collect_on: one.amount for one in told}
    first = period.first_day(today, holidays)
    return {on: amount for on, amount in sorted(planned.items()) if on >= first and last.get(on) != amount}


def hold_to_notice(what: str, asked: int, allowed: int | None, collect_on: date, words: tuple[str, str]) -> None:
    """Raise AboveNotice for a collection that nothing was told of in time, or of more than was told.

    `words` are the asked and the allowed amounts as people read them.
    """
    if allowed is None:
        raise AboveNotice(
            f"The payer of {what} was not told in time of a collection on {date_text(collect_on)}. "
            "Give notice, and collect once the days of notice are over; nothing was changed."
        )
    if asked > allowed:
        raise AboveNotice(
            f"{words[0]} is more than the {words[1]} that the payer of {what} was told for {date_text(collect_on)}. "
            "Collect no more than that, or give notice of the new amount; nothing was changed."
        )
