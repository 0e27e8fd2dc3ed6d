"""Would a book of loans move in? Every row is read, and compared with the others and with the books.

Rows come one by one and are not kept: of each loan its references and its business stay, and what all add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.money import from_minor
from loans.domain.errors import MovingInRefused
from loans.domain.moving_in.cells import Cell, Spoilt, is_empty
from loans.domain.moving_in.findings import Columns, Finding, Part, RowReader, row_of
from loans.domain.moving_in.loan_row import LOANS, Conventions, MovedBusiness, MovedLoan, read_loan
from loans.domain.moving_in.other_rows import (
    HISTORY,
    TRIAL_BALANCE,
    MovedLine,
    OpeningLine,
    read_history_line,
    read_opening_line,
)
from loans.domain.moving_in.totals import (
    TOTALS,
    Totals,
    lines_that_differ,
    read_total,
    refuse_missing_totals,
    totals_that_differ,
)
from loans.domain.words import money_text

Rows: TypeAlias = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet with their numbers, the headings first."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say that the rows are to fit: the day, the currency, what is offered, and what stands already."""

    cut_over_on: date
    currency: str
    products: Mapping[str, Conventions]
    references: frozenset[str] = frozenset()
    payment_references: frozenset[str] = frozenset()
    accounts: Mapping[str, str] = field(default_factory=dict)
    """The accounts that may take an opening balance, each with why it may not; "" where it may."""
    businesses: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The names of the businesses that stand, by the register's number: `("company number", "08888123")`."""

    def without_what_stands(self) -> Books:
        """The same for rows that may be in already, because a run that was cut off goes on."""
        return replace(self, references=frozenset(), payment_references=frozenset())


@dataclass(slots=True)
class Reading:
    """Reads the sheets one after the other, and gathers what is wrong and what they add up to."""

    books: Books
    findings: list[Finding] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    rows: int = 0
    _seen: dict[str, dict[str, int]] = field(default_factory=lambda: {"reference": {}, "payment reference": {}})
    _businesses: dict[tuple[str, str], tuple[int, MovedBusiness]] = field(default_factory=dict)

    def loans(self, rows: Rows) -> Iterator[MovedLoan]:
        """The loans that nothing is wrong with, in order."""
        for row in self._rows(LOANS, rows):
            self.rows += 1
            books = self.books
            loan = read_loan(row, cut_over_on=books.cut_over_on, currency=books.currency, products=books.products)
            self._compare(row, loan)
            self.findings += row.findings
            if loan is not None and not row.findings:
                self.totals.add(loan)
                yield loan

    def given_totals(self, rows: Rows) -> dict[str, int]:
        """The control totals by name. Raises TotalsDoNotTie where one is missing."""
        given: dict[str, int] = {}
        faults = len(self.findings)
        for row in self._rows(TOTALS, rows):
            found = read_total(row, self.books.currency)
            if found and found[0] in given:
                row.wrong("total", f"says {found[0]!r} a second time. Keep one of the two")
            elif found:
                given[found[0]] = found[1]
            self.findings += row.findings
        if len(self.findings) == faults:
            refuse_missing_totals(given)
        return given

    def opening_lines(self, rows: Rows) -> list[OpeningLine]:
        """The lines of the opening trial balance; what is wrong with them is found."""
        lines: dict[str, OpeningLine] = {}
        for row in self._rows(TRIAL_BALANCE, rows):
            line = read_opening_line(row, self.books.currency)
            if line is not None:
                self._refuse_account(row, line.account)
                if line.account in lines:
                    row.wrong("account", f"says {line.account} again, after row {lines[line.account].row}. Add them up")
                elif not row.findings:
                    lines[line.account] = line
            self.findings += row.findings
        return list(lines.values())

    def history(self, rows: Rows) -> Iterator[MovedLine]:
        """The lines of history that nothing is wrong with, in order."""
        books, known = self.books, frozenset(self._seen["reference"])
        for row in self._rows(HISTORY, rows):
            line = read_history_line(row, cut_over_on=books.cut_over_on, currency=books.currency, known=known)
            self.findings += row.findings
            if line is not None:
                yield line

    def _rows(self, columns: Columns, rows: Rows) -> Iterator[RowReader]:
        found = iter(rows)
        _, headings = next(found, (1, ()))
        places = columns.places(headings)
        for number, cells in found:
            if not all(is_empty(cell) for cell in cells):
                yield RowReader(columns.part, number, row_of(places, cells))

    def _compare(self, row: RowReader, loan: MovedLoan | None) -> None:
        """A reference is one loan's, in the file and in the books; a business is the same in every row."""
        self._refuse_taken(row, "reference", self.books.references)
        self._refuse_taken(row, "payment reference", self.books.payment_references)
        if loan is None:
            return
        first, business = self._businesses.setdefault(loan.business.key, (row.number, loan.business))
        if business != loan.business:
            row.wrong(
                "business",
                f"says {loan.business.name!r} of {loan.business.place}, and row {first} something else of the "
                f"business with the same number: {business.name!r} of {business.place}. Let both rows say the same",
            )
        self._refuse_another_name(row, loan.business)

    def _refuse_another_name(self, row: RowReader, business: MovedBusiness) -> None:
        """A number alone makes no two businesses one: what stands under it has the name that the row says."""
        for register in ("company", "charity", "society"):
            number = getattr(business.numbers, register)
            standing = self.books.businesses.get((f"{register} number", number), business.name)
            if standing.casefold() != business.name.casefold():
                row.wrong(
                    "business",
                    f"says {business.name!r}, but {register} number {number} is of {standing!r}, which is registered "
                    "here. Correct the number, or say the registered name",
                )

    def _refuse_taken(self, row: RowReader, column: str, taken: frozenset[str]) -> None:
        cell, own = row.cell(column), row.cell("reference")
        reference = str((own if is_empty(cell) else cell) or "").strip()
        first = self._seen[column].setdefault(reference, row.number)
        if not reference or isinstance(cell, Spoilt) or (is_empty(cell) and row.findings):
            return
        if first != row.number:
            row.wrong(column, f"says {reference!r}, as row {first} does. Give each loan its own")
        elif reference in taken:
            row.wrong(column, f"says {reference!r}, which a loan of this book has. Leave the row out, or rename it")

    def _refuse_account(self, row: RowReader, code: str) -> None:
        if code in self.totals.on_accounts():
            return
        if code == OPENING_BALANCES:
            row.wrong("account", f"says {code}, the other side of what moves in. Leave it out: it returns to nought")
        elif code not in self.books.accounts:
            row.wrong("account", f"says {code!r}, which the books do not have then. Open it first, or correct it")
        elif why := self.books.accounts[code]:
            row.wrong("account", f"says {code}. {why}")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen: how many rows there are, what is wrong, and the totals that were given and that are made."""

    rows: int
    findings: tuple[Finding, ...]
    given: dict[str, int]
    made: dict[str, int]
    history: int

    @property
    def is_ready(self) -> bool:
        """Whether all of it would move in."""
        return not self.findings


def dry_run(sheets: Mapping[Part, Rows], books: Books) -> DryRun:
    """Read every sheet and say what is wrong; totals are compared only where every row can be read.

    Raises HeadingsWrong, TotalsDoNotTie for a control total that is missing, MovingInRefused for a sheet that is.
    """
    if missing := [part for part in (Part.LOANS, Part.TRIAL_BALANCE, Part.TOTALS) if part not in sheets]:
        raise MovingInRefused(
            f"There is no sheet {' and none '.join(f'“{part}”' for part in missing)}. Add it, with the headings of the "
            "format; nothing was changed."
        )
    reading = Reading(books)
    given = reading.given_totals(sheets[Part.TOTALS])
    for _ in reading.loans(sheets[Part.LOANS]):
        pass
    lines = reading.opening_lines(sheets[Part.TRIAL_BALANCE])
    history = sum(1 for _ in reading.history(sheets.get(Part.HISTORY, [(1, HISTORY.required)])))
    if not reading.rows:
        reading.findings.append(Finding(Part.LOANS, 0, "", "There is no loan in it. Add a row for each."))
    if not reading.findings:
        reading.findings += totals_that_differ(given, reading.totals, books.currency)
        by_account = {line.account: line.minor for line in lines}
        reading.findings += lines_that_differ(by_account, reading.totals, books.currency)
        reading.findings += _out_of_balance(lines, books.currency)
    return DryRun(reading.rows, tuple(reading.findings), given, reading.totals.by_name(), history)


def _out_of_balance(lines: Iterable[OpeningLine], currency: str) -> list[Finding]:
    residual = sum(line.minor for line in lines)
    if not residual:
        return []
    more, less = ("debits", "credits") if residual > 0 else ("credits", "debits")
    message = (
        f"The {more} of the opening trial balance exceed its {less} by "
        f"{money_text(from_minor(abs(residual), currency))}. Correct its lines until both sides are equal."
    )
    return [Finding(Part.TRIAL_BALANCE, 0, "", message)]
