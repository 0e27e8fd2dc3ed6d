"""What good the neighbours did: their accounts, promises, readings of several years, a correction, and two stories.

The shop's accounts are given here too. The laundrette closed before it had accounts, so of it nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from borrowers.domain.accounts import AccountsKind, AccountsSpan, Line
from borrowers.domain.indicators import Definition, Range
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea, Risk, Use
from borrowers.domain.readings import Direction, Grade, ReadingPeriod
from borrowers.models import Reading
from borrowers.queries import indicator_by_code, indicators
from borrowers.services import (
    Claim,
    Said,
    confirm_reading,
    define_indicator,
    give_accounts,
    make_claim,
    record_reading,
    say_consents,
)
from commonweal.demo import story
from commonweal.demo.lives import Told
from commonweal.demo.neighbourhood import listen
from loans.models import Loan
from loans.queries import loan_by_reference
from loans.services import Promise, promise_impact, tell_story

ROOFS = Definition(
    code="roof-electricity",
    name="Electricity made on local roofs",
    unit="kilowatt-hours",
    direction=Direction.INCREASE,
    question="How much electricity did your panels make?",
    hint="Read the generation meter on the first and the last day.",
    measure=Measure.FLOW,
    adds_up=AddUp.SUM,
    range=Range(Decimal(0), None, 0),
    area=OutcomeArea.NATURE,
    sdg_targets=("7.2", "13.2"),
)
"""The fund's own indicator: no id of IRIS+ says this."""

YEAR_BEFORE = ReadingPeriod(date(2024, 10, 1), date(2025, 10, 1))
YEAR = ReadingPeriod(date(2025, 10, 1), date(2026, 10, 1))
QUARTERS = tuple(
    ReadingPeriod(start, end)
    for start, end in (
        (date(2025, 7, 1), date(2025, 10, 1)),
        (date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 10, 1)),
    )
)
HALVES = (
    YEAR_BEFORE,
    ReadingPeriod(date(2025, 10, 1), date(2026, 4, 1)),
    ReadingPeriod(date(2026, 4, 1), date(2026, 10, 1)),
)

BAKERY, PUB, SOLAR, LAUNDRETTE, VILLAGE, SHOP = "L-0103", "L-0104", "L-0105", "L-0106", "L-0107", "L-0108"


@dataclass(frozen=True, slots=True)
class Balance:
    """The year of annual accounts, the income in it, and what finances the business at its end; in pounds."""

    span: AccountsSpan
    income: str
    debt: str
    net_assets: str


ACCOUNTS = {
    BAKERY: Balance(AccountsSpan(date(2025, 4, 1), date(2026, 4, 1)), "131870.00", "33240.00", "16410.00"),
    PUB: Balance(AccountsSpan(date(2025, 1, 1), date(2026, 1, 1)), "268450.00", "41900.00", "188300.00"),
    VILLAGE: Balance(AccountsSpan(date(2025, 4, 1), date(2026, 4, 1)), "154200.00", "1150.00", "38600.00"),
    SHOP: Balance(AccountsSpan(date(2024, 11, 1), date(2025, 11, 1)), "182400.00", "34600.00", "45400.00"),
}
"""The solar co-operative's come with what its covenant needs."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What was agreed with a loan: where an indicator stood, and where it should stand by April 2028."""

    loan: str
    indicator: str
    baseline: str | None
    target: str


PROMISED = (
    Promised(BAKERY, "people-in-work", "5", "8"),
    Promised(BAKERY, "jobs-kept", None, "5"),
    Promised(PUB, "people-in-work", "4", "9"),
    Promised(PUB, "people-reached", "0", "2500"),
    Promised(PUB, "volunteer-hours", "600", "1500"),
    Promised(PUB, "community-facilities", None, "1"),
    Promised(SOLAR, ROOFS.code, "0", "68000"),
    Promised(SOLAR, "volunteer-hours", "0", "200"),
    Promised(LAUNDRETTE, "people-in-work", "0", "4"),
    Promised(VILLAGE, "people-in-work", "6", "6"),
    Promised(VILLAGE, "people-reached", "850", "900"),
    Promised(SHOP, "people-reached", "1000", "1300"),
    Promised(SHOP, "volunteer-hours", "700", "900"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What was recorded of an indicator, period by period, and how it is known."""

    loan: str
    indicator: str
    periods: tuple[ReadingPeriod, ...]
    values: tuple[str, ...]
    grade: Grade
    evidence: str
    verifier: str = ""

    def readings(self) -> Iterator[tuple[ReadingPeriod, Said]]:
        """Each figure with its days."""
        for period, value in zip(self.periods, self.values, strict=True):
            yield period, Said(Decimal(value), self.grade, self.evidence, self.verifier)


BOTH = (YEAR_BEFORE, YEAR)
READINGS = (
    Read(BAKERY, "people-in-work", BOTH, ("6", "7"), Grade.MEASURED, "Counted from the shift list"),
    Read(BAKERY, "jobs-kept", (YEAR,), ("4",), Grade.ESTIMATED, ""),
    Read(PUB, "people-in-work", BOTH, ("6", "8"), Grade.THIRD_PARTY, "Payroll summary"),
    Read(PUB, "people-reached", BOTH, ("1450", "1980"), Grade.MEASURED, "Bookings and a door count in two weeks"),
    Read(PUB, "volunteer-hours", HALVES, ("1120", "540", "410"), Grade.MEASURED, "The rota"),
    Read(PUB, "community-facilities", (YEAR,), ("1",), Grade.THIRD_PARTY, "Completion certificate of the kitchen"),
    Read(
        SOLAR,
        ROOFS.code,
        QUARTERS,
        ("8120", "6480", "9870", "19340", "21510"),
        Grade.INDEPENDENT,
        "Generation meters, read by the network operator",
        "Northern Meters (made up)",
    ),
    Read(SOLAR, "volunteer-hours", BOTH, ("160", "145"), Grade.ESTIMATED, ""),
    Read(VILLAGE, "people-in-work", BOTH, ("6", "6"), Grade.THIRD_PARTY, "Payroll summary"),
)
"""The laundrette has not answered, and nobody asked it again; the village shop has not said how many it reached."""


@transaction.atomic
def report_neighbours(told: Told) -> None:
    """Everything that is known of the neighbours' year, and the shop's accounts; again, it changes nothing."""
    if indicator_by_code(ROOFS.code) is not None:
        return
    define_indicator(ROOFS)
    found = {loan: _loan(told, loan) for loan in (BAKERY, PUB, SOLAR, LAUNDRETTE, VILLAGE, SHOP)}
    _give_accounts(told, found)
    _promise(told, found)
    _read(told, found)
    _claim(told, found)
    _tell(told, found)
    listen(told, solar=found[SOLAR], pub=found[PUB], shop=found[SHOP])


def _give_accounts(told: Told, found: dict[str, Loan]) -> None:
    for loan, one in ACCOUNTS.items():
        figures = {Line.INCOME: one.income, Line.TOTAL_DEBT: one.debt, Line.NET_ASSETS: one.net_assets}
        give_accounts(
            organisation=found[loan].organisation,
            span=one.span,
            kind=AccountsKind.ANNUAL,
            currency="GBP",
            figures={line: Decimal(figure) for line, figure in figures.items()},
            on=story.TODAY,
            by=told.cast[story.PRIYA],
        )


def _promise(told: Told, found: dict[str, Loan]) -> None:
    for one in PROMISED:
        baseline = Decimal(one.baseline) if one.baseline is not None else None
        promise_impact(
            loan=found[one.loan],
            indicator=indicators().get(code=one.indicator),
            promise=Promise(
                baseline, None if baseline is None else date(2025, 4, 1), Decimal(one.target), date(2028, 3, 31)
            ),
            by=told.cast[story.TOM],
        )


def _read(told: Told, found: dict[str, Loan]) -> None:
    """Priya records what she was sent; the bakery counted an apprentice twice, and Amina has looked at the meters."""
    last: dict[tuple[str, str], Reading] = {}
    for one in READINGS:
        for period, said in one.readings():
            last[one.loan, one.indicator] = _record(told, found[one.loan], one.indicator, period, said)
    wrong = last[BAKERY, "people-in-work"]
    record_reading(
        organisation=wrong.organisation,
        indicator=wrong.indicator,
        period=YEAR,
        said=Said(Decimal(6), Grade.MEASURED, "Counted from the shift list"),
        on=story.TODAY,
        by=told.cast[story.PRIYA],
        replaces=wrong,
        reason="An apprentice stood on two shift lists and was counted twice.",
    )
    how = "Looked at the operator’s readings of all three meters for the year"
    confirm_reading(reading=last[SOLAR, ROOFS.code], how=how, on=story.TODAY, by=told.cast[story.AMINA])


def _record(told: Told, loan: Loan, indicator: str, period: ReadingPeriod, said: Said) -> Reading:
    return record_reading(
        organisation=loan.organisation,
        indicator=indicators().get(code=indicator),
        period=period,
        said=said,
        on=story.TODAY,
        by=told.cast[story.PRIYA],
    )


def _claim(told: Told, found: dict[str, Loan]) -> None:
    solar = Claim(
        area=OutcomeArea.NATURE,
        what="The village makes its own electricity, and what it earns stays there",
        who=[Group.EVERYBODY],
        is_for_community=True,
        scale="Three roofs, about what twenty homes use",
        duration="Twenty-five years, as long as the panels last",
        contribution="A grant paid for a quarter; without the loan one roof would have been done, not three",
        risk=Risk.EXTERNAL,
        risk_note="The tariff for what is sold to the grid is fixed until 2030 only",
    )
    pub = Claim(
        area=OutcomeArea.CITIZENSHIP,
        what="People who live far apart have a place to meet, and eight of them a job",
        who=[Group.OLDER, Group.YOUNG],
        scale="Two thousand people a year in a parish of nine hundred",
        contribution="The kitchen and the rooms carry the winter; the pub would have opened at weekends only",
        risk=Risk.ENDURANCE,
        risk_note="A wet summer takes the beer garden away",
    )
    for loan, claim, codes in ((SOLAR, solar, (ROOFS.code,)), (PUB, pub, ("people-reached", "people-in-work"))):
        of = found[loan]
        shown_by = list(indicators().filter(code__in=codes))
        make_claim(
            organisation=of.organisation, claim=claim, shown_by=shown_by, on=of.approved_on, by=told.cast[story.PRIYA]
        )


def _tell(told: Told, found: dict[str, Loan]) -> None:
    """The co-operative lets its story be shown; the pub tells one and keeps it between itself and the fund."""
    roofs = (
        "We carried the panels up the brewery stairs ourselves, because the hoist did not come. On the first bright "
        "day in March the meter ran backwards, and the whole street came out to see it."
    )
    winter = (
        "In January we had eleven guests in a week, and the kitchen paid for the heating. We would rather that our "
        "suppliers did not read this yet."
    )
    for loan, person, title, text, allowed in (
        (SOLAR, story.MINA, "Three roofs, forty-one stairs", roofs, True),
        (PUB, story.KIT, "How we came through the winter", winter, False),
    ):
        of, by = found[loan].organisation, told.cast[person]
        say_consents(organisation=of, given={Use.NAMED: True, Use.STORY: allowed}, on=date(2026, 9, 18), by=by)
        tell_story(book=told.book, organisation=of, title=title, text=text, on=date(2026, 9, 18), by=by)


def _loan(told: Told, reference: str) -> Loan:
    found = loan_by_reference(told.book, reference)
    if found is None:
        raise LookupError(f"the story's loan {reference} is missing; start again with an empty database")
    return found
