"""The first page of a statement: at most six figures, each with its unit, and with what to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from borrowers.domain.readings import counted as measured
from commonweal.documents.words import counted, number
from commonweal.templatetags.commonweal import ABSENT, day, money, percent
from investors.impact import Impact, Outcome
from ledger.domain.money import from_minor

SHOWN = 3
"""Outcomes on the first page of the fund's own statement."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One of the six figures on the first page: the value, what it is, and what to know about it."""

    value: str
    words: str
    more: str


def glance_outcome(outcome: Outcome) -> Glance:
    """What was supported, with its unit, in which span of time, our share of it, and who gave a figure."""
    name = f"{outcome.indicator[:1].lower()}{outcome.indicator[1:]}"
    supported = number(outcome.supported) if outcome.unit in name.split() else _measured(outcome.supported, outcome)
    return Glance(
        f"{'at least ' if outcome.is_at_least else ''}{supported}",
        f"{name}, supported in the year",
        f"{_share(outcome)}; {outcome.reported} of {outcome.asked} reported",
    )


def _share(outcome: Outcome) -> str:
    if outcome.our_share is not None:
        return f"our share {_measured(outcome.our_share, outcome)}"
    return "no share: the counts may overlap" if outcome.is_at_least else "share not attributable"


def _measured(value: Decimal | None, outcome: Outcome) -> str:
    return ABSENT if value is None else measured(value, outcome.unit).strip()


def glance_of_fund(impact: Impact) -> list[list[Glance]]:
    """Two rows: the fund's money, from the ledger, and the outcomes that most businesses gave a figure for."""
    health, on = impact.health, day(impact.last_day)
    late, lent = health.at_risk[0], next(one for one in impact.answers if one.iris == "PI5476")
    part = health.share(late.principal)
    first = [
        Glance(
            money(from_minor(health.principal, impact.currency.code)),
            f"lent to {counted(health.loans, 'running loan', 'running loans')}",
            f"on {on}; ties to the ledger",
        ),
        Glance(money(lent.value), "lent in the year", "from the ledger"),
        Glance(
            percent(part, 1) if part is not None else ABSENT,
            f"of it in loans over {late.days} days late",
            f"{counted(late.loans, 'loan', 'loans')} of {health.loans} on {on}",
        ),
    ]
    found = [glance_outcome(one) for one in impact.outcomes if one.supported is not None][:SHOWN]
    return [first, [*found, *_stand_ins(impact, some=bool(found))[: SHOWN - len(found)]]]


def _stand_ins(impact: Impact, *, some: bool) -> list[Glance]:
    """What stands where fewer outcomes than there is room for were reported: that, and figures of the ledger."""
    by_id = {one.iris: one for one in impact.answers}
    said = Glance(
        ABSENT, "no other outcome was reported" if some else "no outcome was reported", "nothing is estimated"
    )
    repaid, lost = by_id["FP5979"], by_id["FP9717"]
    return [
        said,
        Glance(f"{repaid.value:,}", "loans wholly repaid on time", "in the year; from the ledger"),
        Glance(money(lost.value), "written off", "in the year; from the ledger"),
    ]
