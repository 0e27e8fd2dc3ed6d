"""Which column of a bank's CSV is what? Kept for each bank account, confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from ledger.domain.bank_errors import AmbiguousDates, MappingIncomplete

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DATE_FORMATS = (
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "YYYY-MM-DD",
    "DD-MM-YYYY",
    "DD.MM.YYYY",
    "DD/MM/YY",
    "MM/DD/YY",
    "DD-MM-YY",
    "DD.MM.YY",
    "YYYY/MM/DD",
    "YYYYMMDD",
    "DD MMM YYYY",
    "DD-MMM-YYYY",
    "DD MMM YY",
    "DD-MMM-YY",
)
"""How a day may be written; MMM is an English month in letters."""


class Sign(StrEnum):
    """How money out is told from money in."""

    MINUS_OUT = "minus-out"
    MINUS_IN = "minus-in"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """The shape of a bank's CSV, and the heading of each column that is read; "" where there is no such column.

    `header_row` is the row that has the headings, from 1; 0 means that there are none, and the columns are called
    `Column 1`, `Column 2` …. `Sign.NONE` is for two columns of figures without signs.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    header_row: int = 1
    date_format: str = ""
    decimal_comma: bool = False
    sign: Sign = Sign.MINUS_OUT
    date: str = ""
    amount: str = ""
    debit: str = ""
    credit: str = ""
    balance: str = ""
    counterparty: str = ""
    reference: str = ""
    description: str = ""
    bank_reference: str = ""
    value_date: str = ""
    account: str = ""
    currency: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """The headings that are mapped, by what they are for."""
        return {name: heading for name in COLUMNS if (heading := getattr(self, name))}

    def hold_complete(self) -> None:
        """Raises MappingIncomplete, naming what is missing or given twice, and AmbiguousDates."""
        if not self.date:
            raise MappingIncomplete("date", "No column is said to hold the date.")
        if bool(self.amount) == bool(self.debit or self.credit):
            raise MappingIncomplete("amount", "Give one column with the amount, or two with money out and money in.")
        if bool(self.debit) != bool(self.credit):
            raise MappingIncomplete("debit", "Money out and money in go together: give both columns.")
        if self.amount and self.sign is Sign.NONE:
            raise MappingIncomplete("sign", "One column needs a sign: say whether minus is money out or money in.")
        if self.debit and self.sign is Sign.MINUS_IN:
            raise MappingIncomplete("sign", "In two columns minus can only be money out; or there are no signs.")
        self._hold_words()
        self._hold_each_once()

    def as_json(self) -> dict[str, str | int | bool]:
        """The mapping as it is kept."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> CsvMapping:
        """The mapping as it was kept."""
        texts = {name: str(kept.get(name) or "") for name in ("encoding", "delimiter", "date_format", *COLUMNS)}
        return cls(
            **texts,
            header_row=int(str(kept.get("header_row", 1))),
            decimal_comma=bool(kept.get("decimal_comma")),
            sign=Sign(str(kept.get("sign", Sign.MINUS_OUT))),
        )

    def _hold_words(self) -> None:
        if not self.date_format:
            raise AmbiguousDates(
                "The dates can be read in two ways: which figure is the day? Choose how they are written, as DD/MM/YY."
            )
        for field, value, known in (
            ("date_format", self.date_format, DATE_FORMATS),
            ("encoding", self.encoding, ENCODINGS),
            ("delimiter", self.delimiter, tuple(DELIMITERS)),
        ):
            if value not in known:
                raise MappingIncomplete(field, f"{value[:20]!r} is none of {', '.join(map(repr, known))}.")
        if not 0 <= self.header_row <= MAX_HEADER_ROW:
            raise MappingIncomplete("header_row", f"The headings stand in one of the first {MAX_HEADER_ROW} rows.")

    def _hold_each_once(self) -> None:
        """Figures are of one kind; words may stand for two things."""
        figures = [self.date, self.amount, self.debit, self.credit, self.balance]
        twice = next((heading for heading in figures if heading and figures.count(heading) > 1), "")
        if twice:
            raise MappingIncomplete("amount", f"The column {twice!r} is given for two things.")


COLUMNS = (
    "date",
    "amount",
    "debit",
    "credit",
    "balance",
    "counterparty",
    "reference",
    "description",
    "bank_reference",
    "value_date",
    "account",
    "currency",
)
MAX_HEADER_ROW = 50
