"""How are a covenant, its value and its state written on a page, at the desk and in the portal?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from commonweal.templatetags.commonweal import figure, money, percent, plain
from loans.covenants import CovenantShown, ShownTest
from loans.domain.covenants import CovenantKind, CovenantStatus, Unit
from loans.models import Covenant

STATES = {
    CovenantStatus.MET: ("good", "Kept"),
    CovenantStatus.NEAR: ("early", "Near a breach"),
    CovenantStatus.BREACH: ("late", "Broken"),
    CovenantStatus.NO_FIGURES: ("due", "Figures to come"),
    CovenantStatus.OVERDUE: ("watch", "Figures overdue"),
}


@dataclass(frozen=True, slots=True)
class ToldTest:
    """A test in words."""

    tested_on: date
    figures_due_on: date
    value: str
    headroom: str
    state: str
    words: str
    why: str
    parts: tuple[tuple[str, str], ...]
    accounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CovenantTold:
    """A covenant in words, with its tests, the latest first."""

    covenant: Covenant
    label: str
    formula: str
    limit: str
    now: ToldTest | None
    tests: tuple[ToldTest, ...]


def covenant_told(one: CovenantShown) -> CovenantTold:
    """A covenant and its tests as they stand on a page."""
    rule = one.kind.rule
    limit = f"{rule.direction.words} {amount(one.kind, one.covenant.threshold, one.covenant.loan.currency)}"
    now = test_told(one.now) if one.now else None
    tests = tuple(test_told(test) for test in reversed(one.tests))
    return CovenantTold(one.covenant, rule.label, rule.formula, limit, now, tests)


def test_told(one: ShownTest) -> ToldTest:
    """A test as it stands on a page."""
    state, words = ("closed", "Broken, waived") if one.waiver else STATES[one.test.status]
    currency = one.covenant.loan.currency
    return ToldTest(
        tested_on=one.test.tested_on,
        figures_due_on=one.test.due_on,
        value=amount(one.kind, one.value, currency),
        headroom=amount(one.kind, one.headroom, currency),
        state=state,
        words=words,
        why=one.test.why,
        parts=tuple((line.label, money(Money(value, currency))) for line, value in one.test.figures.items()),
        accounts=one.test.keys,
    )


def amount(kind: CovenantKind, value: Decimal | None, currency: str) -> str:
    """A threshold or value with what it counts: 1.20, 66.66% or £5,000.00."""
    if value is None:
        return "–"
    if kind.rule.unit is Unit.MONEY:
        return money(Money(round(value, 2), currency))
    return (
        percent(value)
        if kind.rule.unit is Unit.SHARE
        else (figure(value) if value == round(value, 2) else plain(value))
    )
