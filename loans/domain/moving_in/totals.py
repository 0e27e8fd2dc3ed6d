"""Do the rows add up to what was said of them? Control totals, and the loans' lines of the opening trial balance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial

from ledger.domain.money import from_minor
from loans.domain.errors import TotalsDoNotTie
from loans.domain.moving_in.cells import Cell, CellUnread, choice_in, count_in, minor_in
from loans.domain.moving_in.findings import Columns, Finding, Part, RowReader
from loans.domain.moving_in.loan_row import MovedLoan
from loans.domain.words import money_text

TOTALS = Columns(Part.TOTALS, ("total", "amount"))
COUNTED = ("loans", "overdue loans")
MOST_LOANS = 1_000_000


@dataclass(slots=True)
class Totals:
    """What all rows add up to: two numbers of loans, and money in minor units."""

    loans: int = 0
    overdue_loans: int = 0
    principal: int = 0
    overdue_principal: int = 0
    interest_due: int = 0
    accrued_interest: int = 0
    fees_due: int = 0
    in_advance: int = 0

    def add(self, loan: MovedLoan) -> None:
        """Count one loan more."""
        stands = loan.balances
        self.loans += 1
        self.overdue_loans += loan.oldest_due_on is not None
        self.principal += stands.principal_not_due + stands.overdue_principal
        self.overdue_principal += stands.overdue_principal
        self.interest_due += stands.overdue_interest
        self.accrued_interest += stands.accrued_interest
        self.fees_due += stands.fees_due
        self.in_advance += stands.in_advance

    def by_name(self) -> dict[str, int]:
        """Each total by its name as it is written in the file: `principal`, `interest due` …"""
        return {name.replace("_", " "): value for name, value in asdict(self).items()}

    def on_accounts(self) -> dict[str, int]:
        """What the loans bring to each line of the chart, debits positive."""
        return {"1310": self.principal, "1320": self.interest_due, "1330": self.fees_due, "2110": -self.in_advance}


NAMES = tuple(each.name.replace("_", " ") for each in fields(Totals))
"""The control totals that come with a book of loans, each of them once."""


def read_total(row: RowReader, currency: str) -> tuple[str, int] | None:
    """One control total, by its name; None where the row's findings say why not."""
    name = row.read("total", lambda cell: choice_in(cell, NAMES), "")
    reading: Callable[[Cell], int] = (
        partial(count_in, most=MOST_LOANS) if name in COUNTED else partial(_said, currency=currency)
    )
    amount = row.read("amount", reading, 0)
    return None if row.findings else (name, amount)


def refuse_missing_totals(given: Mapping[str, int]) -> None:
    """Raise TotalsDoNotTie where a control total is not given."""
    missing = [name for name in NAMES if name not in given]
    if missing:
        raise TotalsDoNotTie(
            f"The control totals do not say: {', '.join(missing)}. Add each with its amount, nought included, as the "
            "other system gives it; nothing was changed."
        )


def totals_that_differ(given: Mapping[str, int], counted: Totals, currency: str) -> list[Finding]:
    """Each control total that the rows do not make, by how much."""
    return [
        Finding(Part.TOTALS, 0, name, _difference(name, given[name], made, currency))
        for name, made in counted.by_name().items()
        if given[name] != made
    ]


def lines_that_differ(lines: Mapping[str, int], counted: Totals, currency: str) -> list[Finding]:
    """Each of the loans' own lines in the opening trial balance that the loans do not make, by how much."""
    found = []
    for code, made in counted.on_accounts().items():
        said = lines.get(code, 0)
        if said != made:
            told = [money_text(from_minor(value, currency)) for value in (said, made, abs(said - made))]
            message = (
                f"Account {code} stands at {told[0]} in the opening trial balance, and the loans make {told[1]}: a "
                f"difference of {told[2]}. Correct the line, or the loans that it is the sum of."
            )
            found.append(Finding(Part.TRIAL_BALANCE, 0, code, message))
    return found


def _said(cell: Cell, currency: str) -> int:
    if cell is None or cell == "":
        raise CellUnread("is empty. Write the total, 0.00 where it is nought")
    return minor_in(cell, currency)


def _difference(name: str, said: int, made: int, currency: str) -> str:
    values = (said, made, abs(said - made))
    told = [str(value) if name in COUNTED else money_text(from_minor(value, currency)) for value in values]
    way = "more" if made > said else "less"
    return (
        f"The control total “{name}” says {told[0]}, and the rows make {told[1]}: {told[2]} {way}. "
        "Find the row that differs from the other system, or correct the total."
    )
