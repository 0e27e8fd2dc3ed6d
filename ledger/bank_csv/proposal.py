"""How might a bank's CSV be mapped? A proposal from the file itself, for a person to look at and confirm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from ledger.bank_csv.cells import read_day, read_money
from ledger.bank_csv.reading import MappedAccount, parse_csv
from ledger.bank_csv.table import Row, Table, all_rows, decoded, read_table
from ledger.domain.bank_errors import (
    BalanceMismatch,
    BankFileError,
    CutOff,
    MappingDoesNotFit,
    NotABankFile,
    WrongEncoding,
)
from ledger.domain.csv_mapping import DATE_FORMATS, DELIMITERS, MAX_HEADER_ROW, CsvMapping, Sign
from ledger.safe_xml import hold_size

_SAMPLE = 200
"""Rows that are looked at; a date format is held against all of them."""
_LONGEST_DAY = 40
_ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1")

_NAMES: dict[str, tuple[str, ...]] = {
    "value_date": ("value date", "valutadatum", "valuta", "date de valeur", "rentedatum"),
    "date": ("transaction date", "booking date", "posting date", "date", "buchungstag", "buchungsdatum", "datum"),
    "debit": ("debit amount", "paid out", "money out", "debit", "withdrawal", "soll", "débit"),
    "credit": ("credit amount", "paid in", "money in", "credit", "deposit", "haben", "crédit"),
    "balance": ("balance", "saldo", "solde"),
    "amount": ("amount", "betrag", "montant", "bedrag", "umsatz", "value"),
    "currency": ("currency", "waehrung", "währung", "devise"),
    "account": ("account number", "auftragskonto", "iban", "account"),
    "bank_reference": ("transaction id", "transaction reference", "bank reference", "fitid"),
    "counterparty": ("counter party", "counterparty", "beguenstigter", "auftraggeber", "payee", "payer", "name"),
    "reference": ("reference", "verwendungszweck", "communication", "memo"),
    "description": ("transaction description", "description", "narrative", "details", "buchungstext", "type", "notes"),
}
"""What banks call their columns, the surest name first; a column is proposed for one thing."""
_FIGURES = ("debit", "credit", "balance", "amount")
_EITHER = ("debit", "credit")
"""Of these one may stand empty all through a file."""
_DAYS = ("date", "value_date")


def propose_mapping(data: bytes, *, currency: str, max_bytes: int) -> CsvMapping:
    """The mapping that a file suggests; what it leaves open is "". Raises BankFileError where it is no table at all."""
    hold_size(len(data), max_bytes)
    encoding = _encoding(data)
    text = decoded(data, encoding)
    delimiter, rows = _delimiter(text)
    shaped = CsvMapping(encoding=encoding, delimiter=delimiter, header_row=_header_row(rows))
    table = read_table(data, shaped)
    columns = _columns(table)
    date_format = _date_format(table, columns.get("date", ""))
    mapping = CsvMapping.of_json({**shaped.as_json(), **columns, "date_format": date_format})
    mapping = replace(mapping, decimal_comma=_has_decimal_comma(table, columns))
    return replace(mapping, sign=_sign(data, table, mapping, currency, max_bytes))


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in _ENCODINGS:
        try:
            decoded(data, encoding)
        except WrongEncoding:
            continue
        return encoding
    raise WrongEncoding("The CSV file is text in no encoding that is read. Save it as UTF-8.")


def _delimiter(text: str) -> tuple[str, list[Row]]:
    """The delimiter that gives the most rows of one width. Raises NotABankFile."""
    found = [(delimiter, rows) for delimiter in DELIMITERS if (rows := _sampled(text, delimiter))]
    if not found or max(_evenness(rows) for _, rows in found) == (0, 0):
        raise NotABankFile("The file is text without columns. Ask the bank for CAMT.053, OFX or CSV.")
    return max(found, key=lambda one: _evenness(one[1]))


def _sampled(text: str, delimiter: str) -> list[Row]:
    lines = list(islice(text.splitlines(keepends=True), _SAMPLE))
    try:
        return all_rows("".join(lines), delimiter)
    except (CutOff, MappingDoesNotFit):
        return []


def _evenness(rows: Sequence[Row]) -> tuple[int, int]:
    """How many rows have the commonest width of more than one column, and that width."""
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not widths:
        return 0, 0
    width, times = max(widths.items(), key=lambda one: (one[1], one[0]))
    return times, width


def _header_row(rows: Sequence[Row]) -> int:
    """The row before the first one that has a day and an amount, if it has as many cells and no day itself."""
    for place, row in enumerate(rows):
        if _has_day(row.cells) and any(map(_is_figure, row.cells)):
            above = rows[place - 1] if place else None
            is_heading = above is not None and len(above.cells) > 1 and not _has_day(above.cells)
            return above.number if above and is_heading and above.number <= MAX_HEADER_ROW else 0
    return rows[0].number if rows and rows[0].number <= MAX_HEADER_ROW else 1


def _columns(table: Table) -> dict[str, str]:
    """What each column seems to be, by its heading and what stands in it."""
    cells = {heading: _cells(table, heading) for heading in table.headings}
    found: dict[str, str] = {}
    for purpose, names in _NAMES.items():
        fits = _fits(purpose)
        free = [heading for heading in table.headings if heading not in found.values() and fits(cells[heading])]
        if heading := _named(free, names):
            found[purpose] = heading
    if "debit" not in found or "credit" not in found:
        found = {purpose: heading for purpose, heading in found.items() if purpose not in ("debit", "credit")}
    elif "amount" in found:
        del found["amount"]
    if "reference" not in found and "description" in found:
        found["reference"] = found.pop("description")
    return _unnamed(table, cells, found)


def _unnamed(table: Table, cells: dict[str, list[str]], found: dict[str, str]) -> dict[str, str]:
    """Where headings do not tell: the first column of days is the date, the first of figures the amount."""
    for purpose, needed in (("date", "date" not in found), ("amount", not {"amount", "debit"} & found.keys())):
        fits = _fits(purpose)
        free = [heading for heading in table.headings if heading not in found.values() and fits(cells[heading])]
        if needed and free:
            found[purpose] = free[0]
    return found


def _named(headings: Sequence[str], names: Sequence[str]) -> str:
    """The heading that is one of the names, or begins with one, or has one in it, as a word."""
    for fits in (str.__eq__, str.startswith, _has_word):
        for name in names:
            for heading in headings:
                if fits(heading.lower(), name):
                    return heading
    return ""


def _has_word(heading: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", heading) is not None


def _fits(purpose: str) -> Callable[[Sequence[str]], bool]:
    if purpose in _DAYS:
        return lambda cells: bool(cells) and all(_formats_of(cell) for cell in cells)
    if purpose in _EITHER:
        return lambda cells: all(map(_is_figure, cells))
    if purpose in _FIGURES:
        return lambda cells: bool(cells) and all(map(_is_figure, cells))
    return lambda cells: bool(cells)


def _cells(table: Table, heading: str) -> list[str]:
    place = table.headings.index(heading)
    return [row.cells[place] for row in table.rows[:_SAMPLE] if row.cells[place]]


def _formats_of(cell: str) -> list[str]:
    return [each for each in DATE_FORMATS if _is_day(cell, each)]


def _is_day(cell: str, date_format: str) -> bool:
    return len(cell) < _LONGEST_DAY and _reads(lambda: read_day(cell, date_format, ""))


def _has_day(cells: Sequence[str]) -> bool:
    return any(_formats_of(cell) for cell in cells)


def _is_figure(cell: str) -> bool:
    """Whether a cell is an amount in either way of writing decimals; a day in figures is none."""
    looks = (
        re.search(r"\d[.,]\d{1,3}\D*$", cell) is not None or re.fullmatch(r"\D{0,4}\d{1,7}\D{0,3}", cell) is not None
    )
    return looks and not _formats_of(cell) and any(_is_amount(cell, comma) for comma in (False, True))


def _is_amount(cell: str, comma: bool) -> bool:
    return _reads(lambda: read_money(cell, "BHD", decimal_comma=comma, where=""))


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except BankFileError:
        return False
    return True


def _date_format(table: Table, heading: str) -> str:
    """The one way in which every day of the column can be read; "" where there are two or none."""
    if not heading:
        return ""
    place = table.headings.index(heading)
    days = {row.cells[place] for row in table.rows if row.cells[place]}
    left = [each for each in DATE_FORMATS if all(_is_day(day, each) for day in days)]
    return left[0] if len(left) == 1 else ""


def _has_decimal_comma(table: Table, columns: dict[str, str]) -> bool:
    figures = [cell for name in _FIGURES if name in columns for cell in _cells(table, columns[name])]
    commas = sum(1 for cell in figures if re.search(r",\d{1,2}\D*$", cell))
    points = sum(1 for cell in figures if re.search(r"\.\d{1,2}\D*$", cell))
    return commas > points


def _sign(data: bytes, table: Table, mapping: CsvMapping, currency: str, max_bytes: int) -> Sign:
    """Two columns without a minus have no signs; of one column the balances tell, and else minus is money out."""
    if mapping.debit:
        has_minus = any(re.search(r"[-\u2212(]", cell) for cell in _cells(table, mapping.debit))
        return Sign.MINUS_OUT if has_minus else Sign.NONE
    if mapping.amount and mapping.balance:
        as_written = replace(mapping, account="", currency="")
        turned = replace(as_written, sign=Sign.MINUS_IN)
        ties = [_ties(data, each, currency, max_bytes) for each in (as_written, turned)]
        return Sign.MINUS_IN if ties == [False, True] else Sign.MINUS_OUT
    return Sign.MINUS_OUT


def _ties(data: bytes, mapping: CsvMapping, currency: str, max_bytes: int) -> bool:
    try:
        parse_csv(data, max_bytes=max_bytes, mapped=MappedAccount("0", currency, mapping))
    except BankFileError as refusal:
        return not isinstance(refusal, BalanceMismatch)
    return True
