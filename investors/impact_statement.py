"""What does the impact statement of a whole fund say, and what of it reads otherwise than on the one it replaces?"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest

from investors.impact import Impact
from investors.statements import Note
from ledger.exports import csv_cell
from loans.statements import COLUMNS, Earlier, Row, StatementDoesNotAdd, StatementHead

NOT_COMPARED = ("statement", "changed", "restated")
"""Sections of the figures that are the statement's own, or that tell of corrections themselves."""

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that differs from the one on an earlier statement: `was` or `now` is empty where it is on one alone.

    The texts are those of the attached figures, in `unit`.
    """

    section: str
    item: str
    measure: str
    was: str
    now: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """By what a statement differs from the one that it replaces."""

    statement: str
    figures: tuple[Changed, ...]

    def rows(self) -> Iterator[Row]:
        """Every difference, two rows each."""
        source = f"changed since {self.statement}"
        for number, one in enumerate(self.figures, start=1):
            item = f"{one.section}: {one.item}" if one.item else one.section
            yield "changed", number, None, item, f"{one.measure}, was", one.was or None, one.unit or None, source
            yield "changed", number, None, item, f"{one.measure}, is", one.now or None, one.unit or None, source


@dataclass(frozen=True, slots=True)
class ImpactStatement:
    """Everything that the impact statement of a whole fund prints: the year that ends with the statement's last day.

    `changed` says what reads otherwise than on the statement that it replaces; None for a first one.
    Raises StatementDoesNotAdd when the year ends on another day than the statement's period.
    """

    head: StatementHead
    impact: Impact
    method: tuple[Note, ...] = ()
    changed: ChangedSince | None = None

    def __post_init__(self) -> None:
        if self.impact.last_day != self.head.last_day:
            raise StatementDoesNotAdd(
                f"Statement {self.head.number} ends on {self.head.last_day}, and its year on {self.impact.last_day}. "
                "Read the year to that day; nothing was issued."
            )

    def as_rows(self) -> tuple[Row, ...]:
        """Every figure that is printed, one a row, under `loans.statements.COLUMNS`."""
        return (*self.head.rows(), *self.impact.rows(), *(self.changed.rows() if self.changed else ()))


def changed_since(earlier: Sequence[Earlier], impact: Impact) -> ChangedSince | None:
    """What reads otherwise than on the statement whose figures were kept; None where there is none."""
    for one in earlier:
        if one.figures:
            now = (dict(zip(COLUMNS, map(csv_cell, row), strict=True)) for row in impact.rows())
            return ChangedSince(one.number, tuple(differences(csv.DictReader(StringIO(one.figures, "")), now)))
    return None


def differences(before: Iterable[Cells], now: Iterable[Cells]) -> Iterator[Changed]:
    """What differs between the figures of two statements, in the order of the later one, then what went.

    Figures are the same one by section, item and measure; several of that kind are compared in their order.

    >>> row = dict.fromkeys(COLUMNS, "") | {"section": "impact", "item": "Jobs", "measure": "supported", "value": "7"}
    >>> [one] = differences([row], [row | {"line": "2", "value": "6"}])
    >>> one.item, one.was, one.now
    ('Jobs', '7', '6')
    >>> [(one.was, one.now) for one in differences([row], [])]
    [('7', '')]
    """
    was, stands = _figures(before), _figures(now)
    for key in dict.fromkeys([*stands, *was]):
        for old, new in zip_longest(was.get(key, ()), stands.get(key, ()), fillvalue=("", "")):
            if old != new:
                yield Changed(*key, old[0], new[0], new[1] or old[1])


def _figures(rows: Iterable[Cells]) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row["section"] not in NOT_COMPARED and row["value"]:
            found[row["section"], row["item"], row["measure"]].append((row["value"], row["unit"]))
    return found
