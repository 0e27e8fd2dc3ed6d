"""What good the corner shop promised with its loan, and what it has told of it since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from borrowers.domain.readings import Grade, ReadingPeriod
from borrowers.queries import indicators, readings_of
from borrowers.services import Said, load_catalogue, record_reading
from commonweal.demo import story
from commonweal.demo.lives import Told
from loans.models import Loan
from loans.services import Promise, promise_impact


def report_impact(told: Told, loan: Loan) -> None:
    """The catalogue, the shop's promise, and its readings so far; again, it changes nothing."""
    load_catalogue()
    shop, indicator = loan.organisation, indicators().get(code="people-in-work")
    if readings_of(shop, indicator).exists():
        return
    promise = Promise(Decimal(3), date(2025, 4, 1), Decimal(6), date(2028, 3, 31))
    promise_impact(loan=loan, indicator=indicator, promise=promise, by=told.cast[story.TOM])
    for start, end, value in _readings():
        record_reading(
            organisation=shop,
            indicator=indicator,
            period=ReadingPeriod(start, end),
            said=Said(value=value, grade=Grade.THIRD_PARTY, evidence="Payroll summary"),
            on=story.TODAY,
            by=told.cast[story.JO],
        )


def _readings() -> Iterator[tuple[date, date, Decimal]]:
    yield date(2024, 10, 1), date(2025, 10, 1), Decimal(4)
    yield date(2025, 10, 1), date(2026, 10, 1), Decimal(5)
