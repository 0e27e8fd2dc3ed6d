"""Banks' CSV files: what is proposed, what is read, what is said of bad ones. The samples are made up."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.bank_csv import MappedAccount, parse_csv, preview_csv, propose_mapping
from ledger.bank_csv.cells import read_day, read_money
from ledger.bank_formats import format_of
from ledger.domain import bank_errors
from ledger.domain.bank_errors import BankFileError
from ledger.domain.bank_statement import ParsedStatement
from ledger.domain.csv_mapping import CsvMapping, Sign

FILES = Path(__file__).parent / "files"
LIMIT = 20 * 1024 * 1024
NUMBER = "60161331926819"
PLAIN = CsvMapping(date="Date", amount="Amount", date_format="DD/MM/YYYY")


def sample(name: str, *changes: tuple[str, str]) -> bytes:
    """A sample with pieces replaced, each of which stands in it."""
    encoding = "utf-8" if name == "lloyds_like" else "cp1252"
    text = (FILES / f"{name}.csv").read_bytes().decode(encoding)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode(encoding)


def proposed(data: bytes, currency: str = "GBP") -> CsvMapping:
    return propose_mapping(data, currency=currency, max_bytes=LIMIT)


def read(data: bytes, mapping: CsvMapping, currency: str = "GBP", number: str = NUMBER) -> ParsedStatement:
    (statement,) = parse_csv(data, max_bytes=LIMIT, mapped=MappedAccount(number, currency, mapping))
    return statement


def refusal(data: bytes, mapping: CsvMapping, error: type[BankFileError]) -> str:
    """What is said of a file that is refused with exactly this error."""
    with pytest.raises(BankFileError) as caught:
        read(data, mapping)
    assert type(caught.value) is error, caught.value
    return str(caught.value)


def rows(statement: ParsedStatement) -> list[tuple[int, str, str, str]]:
    return [(x.booked_on.day, str(x.amount.amount), x.counterparty, x.reference) for x in statement.lines]


class TestThreeShapes:
    def test_newest_first_with_two_columns_and_a_balance(self) -> None:
        data = sample("lloyds_like")
        mapping = proposed(data)
        assert (mapping.date, mapping.debit, mapping.credit, mapping.sign) == (
            "Transaction Date",
            "Debit Amount",
            "Credit Amount",
            Sign.NONE,
        )
        statement = read(data, mapping)
        assert (statement.opening, statement.closing) == (None, Money("657.00", "GBP"))
        assert rows(statement) == [
            (17, "676.65", "", "NETHERBY CORNER SHOP HH-0108"),
            (18, "120.50", "", "CAFE & BRULEE, DALE"),
            (18, "5.00", "", "PAID IN AT BRANCH"),
            (18, "5.00", "", "PAID IN AT BRANCH"),
            (19, "-150.00", "", "000417"),
            (20, "-0.15", "", "SERVICE CHARGES"),
        ]
        assert [line.occurrence for line in statement.lines] == [1, 1, 1, 2, 1, 1]

    def test_a_decimal_comma_semicolons_and_no_balance(self) -> None:
        data = sample("sparkasse_like")
        mapping = proposed(data, "EUR")
        assert (mapping.delimiter, mapping.decimal_comma, mapping.date_format, mapping.encoding) == (
            ";",
            True,
            "DD.MM.YY",
            "windows-1252",
        )
        statement = read(data, mapping, "EUR", "DE02120300000000202051")
        assert statement.closing is None
        assert statement.notes == ("The file states no balance: nothing was compared with the bank.",)
        assert rows(statement)[0] == (17, "1676.65", "Bäckerei Grüßer eG", "HH-0108 März")
        assert [line.occurrence for line in statement.lines] == [1, 1, 2, 1]

    def test_rows_above_the_headings_and_signs_of_pounds(self) -> None:
        data = sample("nationwide_like")
        mapping = proposed(data)
        assert (mapping.header_row, mapping.date_format, mapping.debit) == (5, "DD MMM YYYY", "Paid out")
        assert rows(read(data, mapping))[1] == (18, "1120.50", "", "CAFÉ & BRÛLÉE")
        assert read(data, mapping).closing == Money("657.00", "GBP")

    def test_a_mapping_survives_being_kept(self) -> None:
        for name, currency in (("lloyds_like", "GBP"), ("sparkasse_like", "EUR"), ("nationwide_like", "GBP")):
            mapping = proposed(sample(name), currency)
            assert CsvMapping.of_json(mapping.as_json()) == mapping

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_other_encodings(self, encoding: str) -> None:
        data = sample("nationwide_like").decode("cp1252").encode(encoding)
        assert format_of(data).code == "csv"
        assert (
            read(data, proposed(data)).lines
            == read(sample("nationwide_like"), proposed(sample("nationwide_like"))).lines
        )


class TestProposals:
    def test_the_balances_tell_that_minus_is_money_in(self) -> None:
        data = b"Date,Details,Amount,Balance\n13/01/2026,Shop,10.00,90.00\n14/01/2026,Paid,-50.00,140.00\n"
        mapping = proposed(data)
        assert mapping.sign is Sign.MINUS_IN
        assert [str(line.amount.amount) for line in read(data, mapping).lines] == ["-10.00", "50.00"]

    def test_money_out_keeps_its_column_in_a_month_in_which_nothing_went_out(self) -> None:
        data = b"Date,Details,Paid out,Paid in\n13/04/2026,Thanks,,5.00\n14/04/2026,Thanks,,6.00\n"
        mapping = proposed(data)
        assert (mapping.debit, mapping.credit, mapping.amount) == ("Paid out", "Paid in", "")
        assert [str(line.amount.amount) for line in read(data, mapping).lines] == ["5.00", "6.00"]

    def test_dates_that_can_be_read_in_two_ways_are_left_open(self) -> None:
        mapping = proposed(b"Date,Amount\n03/04/2026,5.00\n04/04/2026,6.00\n")
        assert mapping.date_format == ""
        with pytest.raises(bank_errors.AmbiguousDates):
            mapping.hold_complete()
        assert proposed(b"Date,Amount\n03/04/2026,5.00\n13/04/2026,6.00\n").date_format == "DD/MM/YYYY"

    def test_without_headings_columns_are_told_by_what_stands_in_them(self) -> None:
        data = b"20260413;5,00;Netherby\n20260414;-6,50;Bank\n"
        mapping = proposed(data)
        assert (mapping.header_row, mapping.date, mapping.amount) == (0, "Column 1", "Column 2")
        assert [str(line.amount.amount) for line in read(data, mapping).lines] == ["5.00", "-6.50"]

    @pytest.mark.parametrize("data", [b"just words\nand more\n", b"", b"\xff\xfe"])
    def test_what_is_no_table(self, data: bytes) -> None:
        with pytest.raises(bank_errors.NotABankFile):
            proposed(data)

    def test_a_preview_says_what_is_wrong_with_a_row(self) -> None:
        data = b"Date,Amount\n13/04/2026,5.00\n31/02/2026,6.00\n"
        first, second = preview_csv(data, MappedAccount(NUMBER, "GBP", PLAIN))
        assert str(first.line and first.line.booked_on) == "2026-04-13"
        assert second.refusal.startswith("Line 3, column 'Date', has '31/02/2026', no day of the calendar")


class TestCells:
    @pytest.mark.parametrize(
        ("text", "comma", "amount"),
        [
            ("1,234.50", False, "1234.50"),
            ("-£1,234.50", False, "-1234.50"),
            ("£-12", False, "-12.00"),
            ("12.50-", False, "-12.50"),
            ("(12.50)", False, "-12.50"),
            ("12.50 DR", False, "-12.50"),
            ("12.50CR", False, "12.50"),
            ("\u221212.50", False, "-12.50"),
            ("1.234,50", True, "1234.50"),
            ("1 234,5", True, "1234.50"),
            ("GBP 7", False, "7.00"),
            (".5", False, "0.50"),
        ],
    )
    def test_amounts(self, text: str, comma: bool, amount: str) -> None:
        assert read_money(text, "GBP", decimal_comma=comma, where="here").amount == Decimal(amount)

    @pytest.mark.parametrize(
        ("text", "comma"),
        [
            *[("12,50", False), ("1.234,50", False), ("12.50", True), ("1,23,4", False), ("NaN", False)],
            *[("1e3", False), ("--5", False), ("(5", False), ("٥", False), (".", False), ("=1+1", False)],
        ],
    )
    def test_what_is_no_amount(self, text: str, comma: bool) -> None:
        with pytest.raises(bank_errors.MappingDoesNotFit):
            read_money(text, "GBP", decimal_comma=comma, where="here")

    @pytest.mark.parametrize(
        ("text", "written", "day"),
        [
            ("3/4/2026", "DD/MM/YYYY", date(2026, 4, 3)),
            ("3/4/2026", "MM/DD/YYYY", date(2026, 3, 4)),
            ("2026-04-03T10:11:12Z", "YYYY-MM-DD", date(2026, 4, 3)),
            ("03 April 2026", "DD MMM YYYY", date(2026, 4, 3)),
            ("03-apr-26", "DD-MMM-YY", date(2026, 4, 3)),
            ("20260403", "YYYYMMDD", date(2026, 4, 3)),
        ],
    )
    def test_days(self, text: str, written: str, day: date) -> None:
        assert read_day(text, written, "here") == day


class TestRefused:
    LLOYDS = proposed(sample("lloyds_like"))

    @pytest.mark.parametrize(
        ("change", "error", "says"),
        [
            (("Debit Amount", "Money Out"), "MappingDoesNotFit", "reads the debit from the column 'Debit Amount'"),
            (("20/03/2025", "2025-03-20"), "MappingDoesNotFit", "column 'Transaction Date', has '2025-03-20'"),
            (("20/03/2025", "30/02/2025"), "UnreadableDate", "no day of the calendar"),
            (("150.00", "150x00"), "MappingDoesNotFit", "no amount with a decimal point"),
            (("5.00,802.15", "5.00,802.16"), "BalanceMismatch", "a difference of"),
            (("31926819,000417", "31926818,000417"), "WrongAccount", "has '31926818'"),
            (("0.15,,657.00", "0.15,1.00,657.00"), "MappingDoesNotFit", "while 'Credit Amount' has money in"),
            (("0.15,,657.00", "-0.15,,657.00"), "MappingDoesNotFit", "a sign that the mapping does not say"),
            (("0.15,,657.00", "0.155,,657.00"), "OverPreciseAmount", "GBP has 2 decimals"),
            (("0.15,,657.00", "9999999999999999,,657.00"), "AbsurdAmount", "at most 15 digits"),
            (('"CAFE & BRULEE, DALE"', "CAFE & BRULEE, DALE"), "MappingDoesNotFit", "has 9 columns and its headings 8"),
        ],
    )
    def test_what_does_not_fit_is_named(self, change: tuple[str, str], error: str, says: str) -> None:
        assert says in refusal(sample("lloyds_like", change), self.LLOYDS, getattr(bank_errors, error))

    def test_another_currency(self) -> None:
        data = sample("sparkasse_like")
        with pytest.raises(bank_errors.WrongCurrency, match="column 'Waehrung', has 'EUR'"):
            read(data, proposed(data, "EUR"), "GBP", "DE02120300000000202051")

    def test_cut_off(self) -> None:
        data = sample("lloyds_like")
        assert "ends in the middle" in refusal(data[:-20], self.LLOYDS, bank_errors.CutOff)
        quoted = sample("nationwide_like")
        assert "in the middle of a quoted text" in refusal(quoted[:-5], proposed(quoted), bank_errors.CutOff)

    def test_another_encoding(self) -> None:
        mapping = proposed(sample("nationwide_like"))
        data = sample("nationwide_like").decode("cp1252").encode("utf-8")
        assert "is written in utf-8, and its mapping says windows-1252" in refusal(
            data, mapping, bank_errors.WrongEncoding
        )
        utf_8 = replace(mapping, encoding="utf-8")
        assert "Line 2 of the CSV file is not written in utf-8" in refusal(
            sample("nationwide_like"), utf_8, bank_errors.WrongEncoding
        )

    def test_nothing_behind_the_headings(self) -> None:
        refusal(b"Date,Amount\n", PLAIN, bank_errors.MissingPart)
        refusal(b"Date,Amount\n13/04/2026,0.00\n", PLAIN, bank_errors.MissingPart)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"date": ""}, "date"),
            ({"amount": ""}, "amount"),
            ({"debit": "Out", "credit": "In"}, "amount"),
            ({"amount": "", "debit": "Out"}, "debit"),
            ({"sign": Sign.NONE}, "sign"),
            ({"amount": "", "debit": "Out", "credit": "In", "sign": Sign.MINUS_IN}, "sign"),
            ({"date_format": "DD/YY"}, "date_format"),
            ({"encoding": "koi8"}, "encoding"),
            ({"delimiter": "#"}, "delimiter"),
            ({"header_row": 99}, "header_row"),
            ({"balance": "Amount"}, "amount"),
        ],
    )
    def test_mappings_that_lack_something(self, changes: dict[str, str], field: str) -> None:
        with pytest.raises(bank_errors.MappingIncomplete) as refused:
            replace(PLAIN, **changes).hold_complete()  # type: ignore[arg-type]
        assert refused.value.field == field


class TestHostileFiles:
    @given(st.binary(max_size=300))
    def test_any_bytes_end_in_a_declared_error(self, data: bytes) -> None:
        for each in (data, b"Date,Amount\n" + data):
            with suppress(BankFileError):
                proposed(each)
            with suppress(BankFileError):
                read(each, PLAIN)

    @given(st.text(alphabet='Date,Amount\n"0123456789/.-;£\r\x00', max_size=200))
    def test_any_text_ends_in_a_declared_error(self, text: str) -> None:
        data = b"Date,Amount\n13/04/2026," + text.encode()
        with suppress(BankFileError):
            mapping = proposed(data)
            preview_csv(data, MappedAccount(NUMBER, "GBP", mapping))
        with suppress(BankFileError):
            read(data, PLAIN)

    @pytest.mark.parametrize(
        "body",
        [b"," * 2_000_000, b"\n" * 2_000_000, b'"' + b"x" * 2_000_000, b"13/04/2026,5.00\n" * 600_000],
        ids=["commas", "lines", "one cell", "rows"],
    )
    def test_more_than_a_bank_would_send_is_refused_before_it_is_read(self, body: bytes) -> None:
        for act in (lambda: read(b"Date,Amount\n" + body, PLAIN), lambda: proposed(b"Date,Amount\n" + body)):
            with pytest.raises(BankFileError):
                act()
