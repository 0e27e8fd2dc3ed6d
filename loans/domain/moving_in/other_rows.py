"""What do the rows of the opening trial balance and of the history say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loans.domain.moving_in.cells import CellUnread, day_in, is_empty, minor_in, text_in
from loans.domain.moving_in.findings import Columns, Part, RowReader

TRIAL_BALANCE = Columns(Part.TRIAL_BALANCE, ("account", "debit", "credit"), ("name",))
HISTORY = Columns(Part.HISTORY, ("reference", "on", "what"), ("amount",))
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """The balance of one account, in minor units, debits positive."""

    row: int
    account: str
    minor: int


@dataclass(frozen=True, slots=True)
class MovedLine:
    """One line of a loan's history, as the other system told it; `minor` is None where it has no amount."""

    row: int
    reference: str
    on: date
    what: str
    minor: int | None


def read_opening_line(row: RowReader, currency: str) -> OpeningLine | None:
    """A line of the opening trial balance; None where the row's findings say why not."""
    row.needed("account")
    account = row.read("account", lambda cell: text_in(cell, 101), "")
    debit = row.read("debit", lambda cell: minor_in(cell, currency), 0)
    credit = row.read("credit", lambda cell: minor_in(cell, currency), 0)
    if debit and credit:
        row.wrong("credit", "has an amount, and “debit” too. Write the balance on one side")
    return None if row.findings else OpeningLine(row.number, account, debit - credit)


def read_history_line(row: RowReader, *, cut_over_on: date, currency: str, known: frozenset[str]) -> MovedLine | None:
    """A line of a loan's history; None where the row's findings say why not."""

    def loan_in(cell: object) -> str:
        reference = text_in(row.cell("reference"), 20)
        if reference not in known:
            raise CellUnread(
                f"says {reference!r}, and no row of {Part.LOANS} has it. Correct it, or leave the line out"
            )
        return reference

    reference = row.read("reference", loan_in, "")
    for column in ("on", "what"):
        row.needed(column)
    on = row.read("on", day_in, None)
    if on and on >= cut_over_on:
        row.wrong("on", f"says {on}, and history ends before the day of moving in, {cut_over_on}. Leave the line out")
    what = row.read("what", lambda cell: text_in(cell, LONGEST_LINE), "")
    has_none = is_empty(row.cell("amount"))
    minor = None if has_none else row.read("amount", lambda cell: _signed(cell, currency), 0)
    return None if row.findings or on is None else MovedLine(row.number, reference, on, what, minor)


def _signed(cell: object, currency: str) -> int:
    text = str(cell).strip()
    return -minor_in(text[1:], currency) if text.startswith("-") else minor_in(text, currency)
