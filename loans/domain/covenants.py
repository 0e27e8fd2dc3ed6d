"""Does a covenant hold? What each kind measures, from which figures, and how near a breach a business is.

Every value is an exact fraction and is compared as such; only what is shown is rounded, towards the breach. Formulas,
sources and worked examples: `docs/maths/covenants.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from borrowers.domain.accounts import Figures, Line
from loans.domain.words import date_text

PLACES = 2
DAY = timedelta(days=1)


class CovenantKind(StrEnum):
    """What is agreed that a business keeps to."""

    DEBT_SERVICE_COVER = "debt_service_cover"
    INTEREST_COVER = "interest_cover"
    GEARING = "gearing"
    CURRENT_RATIO = "current_ratio"
    MINIMUM_CASH = "minimum_cash"
    MINIMUM_INCOME = "minimum_income"
    MAXIMUM_OVERDUE = "maximum_overdue"

    @property
    def rule(self) -> Rule:
        """What it measures."""
        return RULES[self]


class Direction(StrEnum):
    """On which side of its threshold a value has to stay; the threshold itself is kept to."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"

    @property
    def words(self) -> str:
        """The direction in a sentence."""
        return self.value.replace("_", " ")


class Unit(StrEnum):
    """What a value counts."""

    TIMES = "times"
    SHARE = "share"
    MONEY = "money"


class CovenantStatus(StrEnum):
    """What came of a test."""

    MET = "met"
    NEAR = "near_breach"
    BREACH = "breach"
    NO_FIGURES = "no_figures"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of covenant: its name, the side to stay on, what its value counts, its figures and its formula."""

    label: str
    direction: Direction
    unit: Unit
    lines: tuple[Line, ...]
    formula: str

    @property
    def is_of_flows(self) -> bool:
        """Whether it measures months, rather than where the business stands on the day of the test."""
        return self.lines[0].is_flow


RULES: Mapping[CovenantKind, Rule] = {
    CovenantKind.DEBT_SERVICE_COVER: Rule(
        "Debt service cover",
        Direction.AT_LEAST,
        Unit.TIMES,
        (Line.INCOME, Line.COSTS, Line.INTEREST, Line.LOAN_REPAYMENTS),
        "(income − running costs) ÷ (interest + loan repayments)",
    ),
    CovenantKind.INTEREST_COVER: Rule(
        "Interest cover",
        Direction.AT_LEAST,
        Unit.TIMES,
        (Line.INCOME, Line.COSTS, Line.DEPRECIATION, Line.INTEREST),
        "(income − running costs − depreciation) ÷ interest",
    ),
    CovenantKind.GEARING: Rule(
        "Gearing",
        Direction.AT_MOST,
        Unit.SHARE,
        (Line.TOTAL_DEBT, Line.NET_ASSETS),
        "total debt ÷ (total debt + net assets)",
    ),
    CovenantKind.CURRENT_RATIO: Rule(
        "Current ratio",
        Direction.AT_LEAST,
        Unit.TIMES,
        (Line.CURRENT_ASSETS, Line.CURRENT_LIABILITIES),
        "current assets ÷ current liabilities",
    ),
    CovenantKind.MINIMUM_CASH: Rule("Minimum cash", Direction.AT_LEAST, Unit.MONEY, (Line.CASH,), "cash"),
    CovenantKind.MINIMUM_INCOME: Rule("Minimum income", Direction.AT_LEAST, Unit.MONEY, (Line.INCOME,), "income"),
    CovenantKind.MAXIMUM_OVERDUE: Rule(
        "Overdue to others", Direction.AT_MOST, Unit.MONEY, (Line.OVERDUE,), "overdue to others"
    ),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """A covenant as agreed. `near_margin` is a fraction of the threshold; flows add up over `over_months`.

    Tests are on the last day of a month: `first_test_on`, and every so many months after it, while before `ends_on`.
    The figures are due `due_days` after each.
    """

    kind: CovenantKind
    threshold: Decimal
    currency: str
    first_test_on: date
    every_months: int = 3
    over_months: int = 12
    near_margin: Decimal = Decimal("0.10")
    due_days: int = 45
    ends_on: date | None = None

    def span_of(self, tested_on: date) -> tuple[date, date]:
        """The first day that a test looks at, and the day after its last."""
        end = tested_on + DAY
        months = end.year * 12 + end.month - 1 - (self.over_months if self.kind.rule.is_of_flows else 0)
        return date(months // 12, months % 12 + 1, 1), end

    def test_days(self, through: date) -> tuple[date, ...]:
        """The days of the tests, the first one first."""
        days, number = list[date](), 0
        while (day := _month_end(self.first_test_on, number * self.every_months)) <= through:
            if self.ends_on is not None and day >= self.ends_on:
                break
            days.append(day)
            number += 1
        return tuple(days)


@dataclass(frozen=True, slots=True)
class GivenAccounts:
    """Accounts from `start` up to and not including `end`; of the same days a higher `rank` counts before a lower."""

    start: date
    end: date
    currency: str
    figures: Figures
    rank: int = 0
    key: int = 0


@dataclass(frozen=True, slots=True)
class CovenantTest:
    """One test: what came of it, from which figures. Without a value `why` says why."""

    tested_on: date
    due_on: date
    status: CovenantStatus
    value: Fraction | None = None
    why: str = ""
    figures: Figures = field(default_factory=dict)
    keys: tuple[int, ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether figures were there to judge by."""
        return self.status in (CovenantStatus.MET, CovenantStatus.NEAR, CovenantStatus.BREACH)


def all_tests(agreed: Agreed, given: Iterable[GivenAccounts], on: date) -> tuple[CovenantTest, ...]:
    """Every test whose day has come by `on`, the first one first."""
    accounts = tuple(given)
    return tuple(_tested(agreed, accounts, day, on) for day in agreed.test_days(on))


def stands_at(found: Sequence[CovenantTest]) -> CovenantTest | None:
    """The test that says how a covenant stands: the latest one, but for those whose figures are still in time."""
    told = [test for test in found if test.status is not CovenantStatus.NO_FIGURES]
    return told[-1] if told else (found[-1] if found else None)


def measured(kind: CovenantKind, figures: Figures) -> tuple[Fraction | None, CovenantStatus | None, str]:
    """The value; or, where a denominator leaves none, what that means and why.

    >>> figures = {Line.CURRENT_ASSETS: Decimal(12000), Line.CURRENT_LIABILITIES: Decimal(9000)}
    >>> measured(CovenantKind.CURRENT_RATIO, figures)[0]
    Fraction(4, 3)
    """
    amounts = {line: Fraction(amount) for line, amount in figures.items()}
    if kind in (CovenantKind.DEBT_SERVICE_COVER, CovenantKind.INTEREST_COVER):
        return _cover(kind, amounts)
    if kind is CovenantKind.GEARING:
        debt, whole = amounts[Line.TOTAL_DEBT], amounts[Line.TOTAL_DEBT] + amounts[Line.NET_ASSETS]
        if whole <= 0 < debt:
            return None, CovenantStatus.BREACH, "More is owed than is owned, so there is no share to measure."
        return (debt / whole if debt else Fraction(0)), None, ""
    if kind is CovenantKind.CURRENT_RATIO:
        owed = amounts[Line.CURRENT_LIABILITIES]
        if not owed:
            return None, CovenantStatus.MET, "Nothing is owed within a year."
        return amounts[Line.CURRENT_ASSETS] / owed, None, ""
    return amounts[kind.rule.lines[0]], None, ""


def judged(agreed: Agreed, value: Fraction) -> CovenantStatus:
    """Met, near a breach, or a breach; by the exact value, and the threshold itself is kept to."""
    threshold, margin = Fraction(agreed.threshold), Fraction(agreed.near_margin)
    if agreed.kind.rule.direction is Direction.AT_LEAST:
        if value < threshold:
            return CovenantStatus.BREACH
        return CovenantStatus.NEAR if value < threshold * (1 + margin) else CovenantStatus.MET
    if value > threshold:
        return CovenantStatus.BREACH
    return CovenantStatus.NEAR if value > threshold * (1 - margin) else CovenantStatus.MET


def headroom(agreed: Agreed, value: Fraction) -> Fraction:
    """By how much a value keeps to the threshold; below nought by how much it breaks it."""
    threshold = Fraction(agreed.threshold)
    return value - threshold if agreed.kind.rule.direction is Direction.AT_LEAST else threshold - value


def shown(kind: CovenantKind, value: Fraction) -> Decimal:
    """A value as it is printed: to two decimals (of a share to four), towards the breach.

    >>> shown(CovenantKind.DEBT_SERVICE_COVER, Fraction(1199, 1000)), shown(CovenantKind.GEARING, Fraction(2, 3))
    (Decimal('1.19'), Decimal('0.6667'))
    """
    places = PLACES + 2 if kind.rule.unit is Unit.SHARE else PLACES
    with localcontext() as context:
        context.rounding = ROUND_FLOOR if kind.rule.direction is Direction.AT_LEAST else ROUND_CEILING
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places))


def _tested(agreed: Agreed, given: Sequence[GivenAccounts], tested_on: date, on: date) -> CovenantTest:
    due_on = tested_on + agreed.due_days * DAY
    chain = _chain([one for one in given if not _lacking(agreed, one)], *agreed.span_of(tested_on), agreed)
    if not chain:
        status = CovenantStatus.OVERDUE if on > due_on else CovenantStatus.NO_FIGURES
        return CovenantTest(tested_on, due_on, status, why=_why_none(agreed, given, tested_on))
    lines = agreed.kind.rule.lines
    figures = {line: sum((one.figures[line] for one in chain), Decimal(0)) for line in lines}
    value, meaning, why = measured(agreed.kind, figures)
    status = meaning or judged(agreed, value or Fraction(0))
    return CovenantTest(tested_on, due_on, status, value, why, figures, tuple(one.key for one in chain))


def _cover(kind: CovenantKind, amounts: Mapping[Line, Fraction]) -> tuple[Fraction | None, CovenantStatus | None, str]:
    left, paid = amounts[Line.INCOME] - amounts[Line.COSTS], amounts[Line.INTEREST]
    if kind is CovenantKind.INTEREST_COVER:
        left -= amounts[Line.DEPRECIATION]
    else:
        paid += amounts[Line.LOAN_REPAYMENTS]
    if not paid:
        return None, CovenantStatus.MET, "Nothing was paid on loans, so there is nothing to cover."
    return left / paid, None, ""


def _chain(given: Sequence[GivenAccounts], start: date, end: date, agreed: Agreed) -> tuple[GivenAccounts, ...]:
    """Accounts that follow each other without a gap from `start` to `end`; of a day, whichever ends with it."""
    best = sorted(given, key=lambda one: (-one.rank, one.start, -one.key))
    if not agreed.kind.rule.is_of_flows:
        return next(((one,) for one in best if one.end == end), ())
    known: dict[date, tuple[GivenAccounts, ...] | None] = {start: ()}

    def to(day: date) -> tuple[GivenAccounts, ...] | None:
        if day not in known:
            known[day] = None
            for one in best:
                if one.end == day and one.start >= start and (before := to(one.start)) is not None:
                    known[day] = (*before, one)
                    break
        return known[day]

    return to(end) or ()


def _lacking(agreed: Agreed, one: GivenAccounts) -> str:
    """What stops accounts from being used: their currency, or the figures that are not known; empty if nothing."""
    if one.currency != agreed.currency:
        return f"are in {one.currency}"
    unknown = [line.label.lower() for line in agreed.kind.rule.lines if line not in one.figures]
    return f"do not say: {', '.join(unknown)}" if unknown else ""


def _why_none(agreed: Agreed, given: Sequence[GivenAccounts], tested_on: date) -> str:
    start, end = agreed.span_of(tested_on)
    for one in given:
        if one.start >= start and one.start < end and one.end <= end and (lacking := _lacking(agreed, one)):
            return f"The accounts to {date_text(one.end - DAY)} {lacking}."
        if not agreed.kind.rule.is_of_flows and one.end == end and (lacking := _lacking(agreed, one)):
            return f"The accounts to {date_text(one.end - DAY)} {lacking}."
    if agreed.kind.rule.is_of_flows:
        return f"There are no accounts for all days from {date_text(start)} to {date_text(tested_on)}."
    return f"There are no accounts to {date_text(tested_on)}."


def _month_end(first: date, months: int) -> date:
    """The last day of the month that is so many months after that of `first`."""
    number = first.year * 12 + first.month + months
    return date(number // 12, number % 12 + 1, 1) - DAY
