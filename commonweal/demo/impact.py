"""What good the corner shop promised with its loan, what it has told of it since, and the return that is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from borrowers.domain.outcomes import Group, OutcomeArea, Risk, Use
from borrowers.domain.readings import Grade, ReadingPeriod
from borrowers.queries import indicators, readings_of
from borrowers.services import Claim, Said, leave_note, load_catalogue, make_claim, record_reading, say_consents
from commonweal.demo import story
from commonweal.demo.lives import Told
from loans.domain.returns import ReturnCalendar
from loans.models import Loan
from loans.services import Promise, agree_returns, open_returns, promise_impact, tell_story

ASKED = ("people-in-work", "people-reached", "volunteer-hours", "revenue")
CALENDAR = ReturnCalendar(date(2025, 11, 1), 12, 75)
"""The shop's year ends in October; its return is due in the middle of January."""

YEAR_BEFORE = ReadingPeriod(date(2024, 11, 1), date(2025, 11, 1))


def report_impact(told: Told, loan: Loan) -> None:
    """The catalogue, the shop's promise and claim, its readings so far, and its return; again, it changes nothing."""
    load_catalogue()
    shop, indicator = loan.organisation, indicators().get(code="people-in-work")
    if readings_of(shop, indicator).exists():
        return
    promise = Promise(Decimal(3), date(2025, 4, 1), Decimal(6), date(2028, 3, 31))
    promise_impact(loan=loan, indicator=indicator, promise=promise, by=told.cast[story.TOM])
    for code, period, said in _readings():
        record_reading(
            organisation=shop,
            indicator=indicators().get(code=code),
            period=period,
            said=said,
            on=story.TODAY,
            by=told.cast[story.JO],
        )
    _claim(told, loan)
    _ask(told, loan)
    _tell(told, loan)


def _readings() -> Iterator[tuple[str, ReadingPeriod, Said]]:
    payroll = "Payroll summary"
    for start, end, people in ((2024, 2025, 4), (2025, 2026, 5)):
        said = Said(value=Decimal(people), grade=Grade.THIRD_PARTY, evidence=payroll)
        yield "people-in-work", ReadingPeriod(date(start, 10, 1), date(end, 10, 1)), said
    reached = Said(value=Decimal(1120), grade=Grade.MEASURED, evidence="Till count in four weeks, times thirteen")
    yield "people-reached", YEAR_BEFORE, reached
    yield "volunteer-hours", YEAR_BEFORE, Said(value=Decimal(860), grade=Grade.MEASURED, evidence="The rota")
    yield "revenue", YEAR_BEFORE, Said(value=Decimal("182400"), grade=Grade.THIRD_PARTY, evidence="Annual accounts")


def _claim(told: Told, loan: Loan) -> None:
    shown_by = list(indicators().filter(code__in=("people-in-work", "volunteer-hours")))
    claim = Claim(
        area=OutcomeArea.WORK,
        what="People find paid work in their own village, and older neighbours a place to meet",
        who=[Group.YOUNG, Group.OLDER],
        scale="Three more people in work, of eleven hundred who live here",
        depth="A first contract for two of them",
        duration="For as long as the shop trades",
        contribution="The next shop is nine miles away; without the loan the counter would have closed",
        risk=Risk.ENDURANCE,
        risk_note="A wholesaler that raises its prices again",
    )
    on = loan.approved_on
    make_claim(organisation=loan.organisation, claim=claim, shown_by=shown_by, on=on, by=told.cast[story.PRIYA])


def _ask(told: Told, loan: Loan) -> None:
    chosen = {one.code: one for one in indicators().filter(code__in=ASKED)}
    agree_returns(
        book=told.book,
        organisation=loan.organisation,
        calendar=CALENDAR,
        indicators=[chosen[code] for code in ASKED],
        on=loan.approved_on,
        by=told.cast[story.PRIYA],
    )
    open_returns(book=told.book, on=story.TODAY)


def _tell(told: Told, loan: Loan) -> None:
    shop, jo, on = loan.organisation, told.cast[story.JO], date(2026, 10, 12)
    say_consents(organisation=shop, given={Use.NAMED: True, Use.STORY: True}, on=on, by=jo)
    leave_note(
        organisation=shop,
        text="The payroll summary comes from Ann at the bookkeeper’s, on the last Friday of the month. The rota hangs "
        "behind the counter; add up the ticks. The till counts visits and not people: we count four weeks by hand.",
        by=jo,
    )
    tell_story(
        book=told.book,
        organisation=shop,
        title="The counter that stayed",
        text="When the old fridge died we had two weeks’ milk money left. The loan paid for a new one and for the post "
        "office counter behind it. Elsie draws her pension here now, and stays for tea.",
        on=on,
        by=jo,
    )
