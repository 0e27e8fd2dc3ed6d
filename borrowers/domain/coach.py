"""Which two or three indicators show a change, and how good can a small organisation's evidence for each be?

Plain rules over the catalogue: the area where the change is felt, who it is for, and which records are kept anyway.
Nothing is asked of anybody outside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from borrowers.domain.outcomes import Group, OutcomeArea
from borrowers.domain.readings import Grade

MOST = 3


class Record(StrEnum):
    """What a business keeps anyway."""

    PAYROLL = "payroll"
    ACCOUNTS = "accounts"
    ROTA = "rota"
    REGISTER = "register"
    METER = "meter"

    @property
    def words(self) -> str:
        """How people call it."""
        return _RECORDS[self]


_RECORDS = {
    Record.PAYROLL: "a payroll",
    Record.ACCOUNTS: "accounts, checked by somebody else",
    Record.ROTA: "a rota of volunteers",
    Record.REGISTER: "a register, bookings or a till count",
    Record.METER: "energy bills",
}

SHOWN_BY = {
    "people-in-work": Record.PAYROLL,
    "permanent-staff": Record.PAYROLL,
    "permanent-staff-women": Record.PAYROLL,
    "living-wage": Record.PAYROLL,
    "jobs-new": Record.PAYROLL,
    "jobs-kept": Record.PAYROLL,
    "volunteer-hours": Record.ROTA,
    "people-reached": Record.REGISTER,
    "low-income-people-reached": Record.REGISTER,
    "organisations-reached": Record.REGISTER,
    "revenue": Record.ACCOUNTS,
    "assets": Record.ACCOUNTS,
    "community-facilities-value": Record.ACCOUNTS,
    "greenhouse-gases": Record.METER,
}
"""The record that shows each indicator of the catalogue, where there is one."""

FROM_OUTSIDE = frozenset({Record.PAYROLL, Record.ACCOUNTS, Record.METER})
"""Records that somebody else keeps or checks: with them a figure is a third-party record."""

NEAR = {
    OutcomeArea.ARTS: ("people-reached", "volunteer-hours", "community-facilities"),
    OutcomeArea.FAMILY: ("people-reached", "volunteer-hours"),
    OutcomeArea.MIND: ("people-reached", "volunteer-hours"),
    OutcomeArea.BODY: ("people-reached", "volunteer-hours"),
    OutcomeArea.HOUSING: ("homes", "community-facilities", "people-reached"),
    OutcomeArea.INCOME: ("low-income-people-reached", "living-wage", "revenue"),
    OutcomeArea.WORK: ("people-in-work", "jobs-kept", "jobs-new"),
    OutcomeArea.CITIZENSHIP: ("volunteer-hours", "people-reached", "organisations-reached"),
    OutcomeArea.NATURE: ("greenhouse-gases", "volunteer-hours", "people-reached"),
}
"""What tells most of a change in each area, the best first."""

FOR_GROUP = {
    Group.LOW_INCOME: "low-income-people-reached",
    Group.DISABLED: "permanent-staff-disabled",
    Group.WOMEN: "permanent-staff-women",
}
"""Indicators that count one group by themselves, where the change is about work or money."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the coach has to know of an indicator."""

    code: str
    area: OutcomeArea | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An indicator, why it fits, how to come by its figure, and the grade that is within reach."""

    code: str
    why: str
    how: str
    grade: Grade


def suggest(
    indicators: Iterable[Known], *, area: OutcomeArea, groups: Collection[Group], records: Collection[Record]
) -> list[Suggestion]:
    """Two or three indicators for a change in an area, for some groups, with the records that are kept anyway.

    >>> shop = [Known("people-in-work", OutcomeArea.WORK, (Group.YOUNG,)), Known("jobs-kept", OutcomeArea.WORK, ())]
    >>> found = suggest(shop, area=OutcomeArea.WORK, groups=[], records=[Record.PAYROLL])
    >>> [(one.code, str(one.grade)) for one in found]
    [('people-in-work', 'B'), ('jobs-kept', 'B')]
    """
    known = {one.code: one for one in indicators}
    wanted = _wanted(known, area, groups)
    ranked = sorted(wanted, key=lambda code: (_grade(code, records), wanted.index(code)))
    first = wanted[:1]
    chosen = first + [code for code in ranked if code not in first][: MOST - len(first)]
    return [_suggestion(known[code], area, groups, records) for code in chosen]


def _wanted(known: dict[str, Known], area: OutcomeArea, groups: Collection[Group]) -> list[str]:
    """The codes that fit, the best first: what tells most, what counts the group itself, and the rest of the area."""
    own = [
        FOR_GROUP[group] for group in groups if group in FOR_GROUP and area in (OutcomeArea.WORK, OutcomeArea.INCOME)
    ]
    same_area = [code for code, one in known.items() if one.area is area]
    best: Sequence[str] = [*NEAR[area][:1], *own, *NEAR[area][1:], *same_area]
    return [code for code in dict.fromkeys(best) if code in known][: MOST + 2]


def _grade(code: str, records: Collection[Record]) -> Grade:
    """The grade that is within reach with what is kept."""
    record = SHOWN_BY.get(code)
    if record is None or record not in records:
        return Grade.ESTIMATED
    return Grade.THIRD_PARTY if record in FROM_OUTSIDE else Grade.MEASURED


def _suggestion(one: Known, area: OutcomeArea, groups: Collection[Group], records: Collection[Record]) -> Suggestion:
    parted = [group.words for group in groups if group in one.groups]
    why = "It counts the change itself." if one.area is area else "It counts who or what the change comes from."
    if parted:
        why += f" It can be told apart for {', '.join(parted)}."
    record, grade = SHOWN_BY.get(one.code), _grade(one.code, records)
    if record is None:
        how = "Count it once a year, and write down how you counted."
    elif record in records:
        how = f"Read it from {record.words}; a photo of the page is proof enough."
    else:
        how = f"Begin with a best guess; with {record.words} it becomes stronger."
    return Suggestion(one.code, why, how, grade)
