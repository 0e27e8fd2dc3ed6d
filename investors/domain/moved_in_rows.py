"""What do the rows of the lists say with which holdings move in? Cells as a spreadsheet gives them, read one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from investors.domain.brought_investors import Counted
from investors.domain.errors import HoldingsDoNotTie
from investors.domain.moved_in import AMOUNTS, TOTALS, Flow, MovedHolding, MovedIn, PastFlow, Sheet
from loans.domain.moving_in.cells import Cell, choice_in, count_in, day_in, is_empty, minor_in, text_in
from loans.domain.moving_in.findings import Columns, Finding, RowReader, row_of

T = TypeVar("T")
Rows = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet with their numbers, the headings first."""

HOLDER = ("class", "investor")
COLUMNS = {
    Sheet.HOLDINGS: Columns(
        Sheet.HOLDINGS,
        (*HOLDER, *(name.replace("_", " ") for name in AMOUNTS if name != "called")),
        ("called", "called due"),
    ),
    Sheet.HISTORY: Columns(Sheet.HISTORY, (*HOLDER, "on", "what", "amount")),
    Sheet.TOTALS: Columns(Sheet.TOTALS, ("total", "amount")),
}
MOST_HOLDERS = 1_000_000
TOLD = 20
"""So many faults are told at once."""


def read_moved_in(sheets: Mapping[Sheet, Rows], currency: str) -> MovedIn:
    """All lists as values. Raises HoldingsDoNotTie with every row that cannot be read, and HeadingsWrong."""
    findings: list[Finding] = []
    holdings = tuple(_each(sheets[Sheet.HOLDINGS], Sheet.HOLDINGS, lambda row: _holding(row, currency), findings))
    history = tuple(_each(sheets[Sheet.HISTORY], Sheet.HISTORY, lambda row: _flow(row, currency), findings))
    totals = tuple(_each(sheets[Sheet.TOTALS], Sheet.TOTALS, lambda row: _total(row, currency), findings))
    refuse_faults([f"{one.part}, row {one.row}: {one.message}" for one in findings])
    return MovedIn(holdings, history, dict(totals))


def refuse_faults(found: Sequence[str]) -> None:
    """Raise HoldingsDoNotTie where there are faults; the first of them are told."""
    if found:
        more = f" And {len(found) - TOLD} more like these." if len(found) > TOLD else ""
        raise HoldingsDoNotTie(f"{' '.join(found[:TOLD])}{more} Nothing was changed.")


def _each(rows: Rows, sheet: Sheet, reading: Callable[[RowReader], T | None], findings: list[Finding]) -> Iterator[T]:
    numbered = iter(rows)
    _, headings = next(numbered, (1, ()))
    places = COLUMNS[sheet].places(headings)
    for number, cells in numbered:
        if all(is_empty(cell) for cell in cells):
            continue
        row = RowReader(sheet, number, row_of(places, cells))
        read = reading(row)
        findings.extend(row.findings)
        if read is not None and not row.findings:
            yield read


def _holder(row: RowReader) -> tuple[str, str]:
    for column in HOLDER:
        row.needed(column)
    fund_class, investor = (row.read(column, lambda cell: text_in(cell, 20), "") for column in HOLDER)
    return fund_class, investor


def _holding(row: RowReader, currency: str) -> MovedHolding:
    amounts = {
        name: row.read(name.replace("_", " "), lambda cell: minor_in(cell, currency), 0) for name in AMOUNTS
    }  # fmt: skip
    fund_class, investor = _holder(row)
    due = row.read("called due", day_in, None)
    return MovedHolding(row.number, fund_class, investor, **amounts, called_due=due)


def _flow(row: RowReader, currency: str) -> PastFlow | None:
    for column in ("on", "amount"):
        row.needed(column)
    fund_class, investor = _holder(row)
    on = row.read("on", day_in, None)
    what = row.read("what", lambda cell: Flow(choice_in(cell, [one.value for one in Flow])), Flow.PAID_IN)
    minor = row.read("amount", lambda cell: minor_in(cell, currency), 0)
    return None if on is None else PastFlow(row.number, fund_class, investor, on, what, minor)


def _total(row: RowReader, currency: str) -> tuple[str, int] | None:
    """A control total; those of the list of investors may stand on the same sheet, and are left to it."""
    if " ".join(str(row.cell("total") or "").split()).casefold() in set(Counted):
        return None
    row.needed("amount")
    name = row.read("total", lambda cell: choice_in(cell, TOTALS), "")
    if name == "holders":
        return name, row.read("amount", lambda cell: count_in(cell, MOST_HOLDERS), 0)
    return name, row.read("amount", lambda cell: minor_in(cell, currency), 0)
