"""What does a list of investors from another system say? Cells as a spreadsheet gives them, read one by one.

A row is an investor: who it is, and if the list has them one person there, how its interest is taxed, and its bank
account, which is proposed and counts only when a second person has called back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from investors.domain.contacts import ContactRole
from investors.domain.kinds import InvestorKind
from ledger.domain.bank_details import BankDetails, read_bank_details
from ledger.domain.errors import BankDetailsMalformed
from loans.domain.moving_in.cells import Cell, choice_in, count_in, day_in, is_empty, rate_in, text_in
from loans.domain.moving_in.findings import Columns, Finding, RowReader, row_of

Rows = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a sheet with their numbers, the headings first."""


class InvestorSheet(StrEnum):
    """The lists that investors move in with; as CSV, a file for each."""

    INVESTORS = "Investors"
    TOTALS = "Control totals"


class Counted(StrEnum):
    """The control totals of a list of investors: how many rows have each."""

    INVESTORS = "investors"
    CONTACTS = "contacts"
    TAX = "taxed"
    BANK = "bank accounts"


CONTACT = ("contact", "contact role", "contact e-mail", "contact phone", "gets notices")
TAX = ("tax rate", "tax from", "tax reason")
BANK = ("account name", "sort code", "account number", "iban", "bic")
COLUMNS = {
    InvestorSheet.INVESTORS: Columns(
        InvestorSheet.INVESTORS, ("code", "name", "kind"), ("registered number", *CONTACT, *TAX, *BANK)
    ),
    InvestorSheet.TOTALS: Columns(InvestorSheet.TOTALS, ("total", "amount")),
}
EXAMPLE = "EXAMPLE"
"""The code in the line of example of the template, which is nobody's."""
MOST_INVESTORS = 2_000
"""So many come in at once: each is held to the rules of its registration one by one."""


@dataclass(frozen=True, slots=True)
class PersonThere:
    """A person at an investor, as a row has one."""

    name: str
    role: ContactRole
    email: str
    phone: str
    gets_notices: bool


@dataclass(frozen=True, slots=True)
class TaxSaid:
    """At which rate, a fraction, tax is withheld from interest from a day on, and why; nought is paid gross."""

    rate: Decimal
    effective_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ListedInvestor:
    """An investor as its row has it; `row` is where its list has it, the headings being row 1."""

    row: int
    code: str
    name: str
    kind: InvestorKind
    registered_number: str = ""
    contact: PersonThere | None = None
    tax: TaxSaid | None = None
    bank: BankDetails | None = None


@dataclass(frozen=True, slots=True)
class ListedInvestors:
    """A whole list with its control totals, and every row of it that cannot be read."""

    investors: tuple[ListedInvestor, ...]
    totals: Mapping[Counted, int]
    unread: tuple[Finding, ...]

    def made(self) -> dict[Counted, int]:
        """What the rows make of each control total."""
        return {
            Counted.INVESTORS: len(self.investors),
            Counted.CONTACTS: sum(one.contact is not None for one in self.investors),
            Counted.TAX: sum(one.tax is not None for one in self.investors),
            Counted.BANK: sum(one.bank is not None for one in self.investors),
        }

    def faults(self) -> list[Finding]:
        """All that is wrong with the list itself, whatever stands here; nothing where all is well."""
        twice = Counter(one.code for one in self.investors)
        told = [
            Finding(
                InvestorSheet.INVESTORS,
                one.row,
                "code",
                f"{one.code} stands there {twice[one.code]} times. Make one row of them.",
            )
            for one in {each.code: each for each in self.investors}.values()
            if twice[one.code] > 1
        ]
        return [*self.unread, *told, *self._totals_that_differ()]

    def _totals_that_differ(self) -> Iterable[Finding]:
        for name, made in self.made().items():
            said = self.totals.get(name)
            if said is None:
                yield _of_totals(f"“{name}” is missing. Add it as the other system gives it, nought included.")
            elif said != made:
                yield _of_totals(
                    f"“{name}” says {said}, and the rows make {made}, a difference of {abs(said - made)}. Find the row "
                    "that is missing or too many, or correct the total."
                )


def read_investors(sheets: Mapping[InvestorSheet, Rows]) -> ListedInvestors:
    """A list of investors as values, with all that cannot be read. Raises HeadingsWrong.

    Control totals of other lists, such as those of holdings in the same workbook, are left to them.
    """
    findings: list[Finding] = []
    rows = list(_each(sheets.get(InvestorSheet.INVESTORS, ()), InvestorSheet.INVESTORS))
    found = [_investor(row) for row in rows[:MOST_INVESTORS]]
    if len(rows) > MOST_INVESTORS:
        rows[MOST_INVESTORS].wrong("code", f"is row {len(rows)} of a list that may have {MOST_INVESTORS}. Part it")
    totals = [(row, _total(row)) for row in _each(sheets.get(InvestorSheet.TOTALS, ()), InvestorSheet.TOTALS)]
    for row in (*rows, *(row for row, _ in totals)):
        findings.extend(row.findings)
    read = tuple(one for row, one in zip(rows, found, strict=False) if one is not None and not row.findings)
    return ListedInvestors(read, dict(each for _, each in totals if each is not None), tuple(findings))


def _each(rows: Rows, sheet: InvestorSheet) -> Iterable[RowReader]:
    numbered = iter(rows)
    _, headings = next(numbered, (1, ()))
    places = COLUMNS[sheet].places(headings)
    for number, cells in numbered:
        if not all(is_empty(cell) for cell in cells):
            yield RowReader(sheet, number, row_of(places, cells))


def _investor(row: RowReader) -> ListedInvestor | None:
    for column in COLUMNS[InvestorSheet.INVESTORS].required:
        row.needed(column)
    if str(row.cell("code") or "").strip() == EXAMPLE:
        row.wrong("code", "is that of the template’s line of example. Delete the row")
    kind = row.read("kind", lambda cell: InvestorKind(choice_in(cell, [one.value for one in InvestorKind])), None)
    parts = _contact(row), _tax(row), _bank(row)
    read = ListedInvestor(
        row.number,
        _text(row, "code", 20),
        _text(row, "name", 200),
        kind or InvestorKind.INDIVIDUAL,
        _text(row, "registered number", 20),
        *parts,
    )
    return None if kind is None else read


def _contact(row: RowReader) -> PersonThere | None:
    if _none_of(row, CONTACT):
        return None
    row.needed("contact")
    row.needed("contact e-mail")
    known = {ContactRole.OTHER.value: ContactRole.OTHER} | {role.value: role for role in ContactRole}
    role = ContactRole.OTHER
    if not is_empty(row.cell("contact role")):
        role = row.read("contact role", lambda cell: known[choice_in(cell, known)], role)
    gets = not is_empty(row.cell("gets notices")) and row.read(
        "gets notices", lambda cell: choice_in(cell, ("yes", "no")) == "yes", False
    )
    name, email, phone = _text(row, "contact", 200), _text(row, "contact e-mail", 254), _text(row, "contact phone", 40)
    return PersonThere(name, role, email, phone, gets)


def _tax(row: RowReader) -> TaxSaid | None:
    if _none_of(row, TAX):
        return None
    for column in TAX:
        row.needed(column)
    rate = row.read("tax rate", rate_in, Decimal(0))
    on = row.read("tax from", day_in, None)
    reason = _text(row, "tax reason", 500)
    return None if on is None else TaxSaid(rate, on, reason)


def _bank(row: RowReader) -> BankDetails | None:
    if _none_of(row, BANK):
        return None
    said = {column.replace(" ", "_"): _text(row, column, 70) for column in BANK}
    try:
        return read_bank_details(**said)
    except BankDetailsMalformed as refusal:
        row.refused(refusal.field.replace("_", " "), refusal)
        return None


def _total(row: RowReader) -> tuple[Counted, int] | None:
    name = " ".join(str(row.cell("total") or "").split()).casefold()
    if name not in set(Counted):
        return None
    row.needed("amount")
    return Counted(name), row.read("amount", lambda cell: count_in(cell, 1_000_000), 0)


def _text(row: RowReader, column: str, longest: int) -> str:
    return row.read(column, lambda cell: text_in(cell, longest), "")


def _none_of(row: RowReader, columns: Iterable[str]) -> bool:
    return all(is_empty(row.cell(column)) for column in columns)


def _of_totals(message: str) -> Finding:
    return Finding(InvestorSheet.TOTALS, 0, "", message)
