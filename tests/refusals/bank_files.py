"""What is said of a bank file that is refused: one wrong file for each kind of wrong."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

from commonweal.demo.camt import write_camt053
from ledger.bank_csv import MappedAccount, parse_csv, propose_mapping
from ledger.bank_formats import format_of
from ledger.camt053 import parse_camt053, read_camt053
from ledger.domain import bank_errors
from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.domain.csv_mapping import CsvMapping
from ledger.models import BankAccount, Book
from ledger.ofx import parse_ofx
from ledger.services import MAX_BANK_FILE_BYTES, import_bank_file
from tests.builders import make_bank_account, make_book, make_user, pounds
from tests.refusals.scenes import ends_in

ON = date(2026, 11, 20)
VILLAGE = Path(__file__).parents[1] / "ledger" / "camt" / "village.xml"
OFX = VILLAGE.parents[1] / "files" / "village_1.ofx"


def village(*changes: tuple[str, str]) -> bytes:
    """A good file with pieces replaced, each of which stands in it."""
    text = VILLAGE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def read(*changes: tuple[str, str]) -> object:
    """Parse the good file with changes."""
    return parse_camt053(village(*changes), max_bytes=MAX_BANK_FILE_BYTES)


def read_bytes(data: bytes) -> object:
    """Parse other bytes."""
    return parse_camt053(data, max_bytes=MAX_BANK_FILE_BYTES)


def a_fund() -> tuple[Book, BankAccount]:
    """A book with a bank account in pounds."""
    fund = "Harbour & Hills Community Fund"
    book = make_book(code="harbour-hills", name="Harbour & Hills", fund_name=fund, today=ON)
    return book, make_bank_account(book=book)


def bring_in(book: Book, *, account: str = "60161331926819", currency: str = "GBP", opening: str = "0.00") -> object:
    """Import a file of one line."""
    line = ParsedLine("FPS-1", ON, ON, pounds("676.65"), "Netherby Corner Shop Society", "HH-0108")
    closing = pounds(opening) + line.amount
    statement = ParsedStatement("HH-0021", account, "GBP", ON, ON, pounds(opening), closing, (line,))
    content = write_camt053(statement).replace(b"GBP", currency.encode())
    return import_bank_file(book=book, name="bank-2026-11-20.xml", content=content, by=make_user())


@ends_in(bank_errors.TooLarge)
def a_hundred_megabytes() -> object:
    with tempfile.TemporaryFile() as file:
        os.truncate(file.fileno(), 100 * 1024 * 1024)
        return read_camt053(file, max_bytes=MAX_BANK_FILE_BYTES)


@ends_in(bank_errors.NotXml)
def a_csv_file() -> object:
    return read_bytes(b"date,amount\n2026-11-20,676.65\n")


@ends_in(bank_errors.NotABankFile)
def a_pdf() -> object:
    return format_of(b"%PDF-1.7 ...")


@ends_in(bank_errors.NotOfx)
def ofx_that_never_closes_its_list() -> object:
    data = (OFX.read_bytes()).replace(b"</BANKTRANLIST>", b"")
    return parse_ofx(data, max_bytes=MAX_BANK_FILE_BYTES)


LLOYDS = OFX.with_name("lloyds_like.csv")


def read_csv(*changes: tuple[str, str]) -> object:
    """Read the sample of a CSV with changes, by the mapping that the unchanged one suggests."""
    content = LLOYDS.read_bytes()
    mapping = propose_mapping(content, currency="GBP", max_bytes=MAX_BANK_FILE_BYTES)
    for old, new in changes:
        assert old.encode() in content, old
        content = content.replace(old.encode(), new.encode())
    return parse_csv(content, max_bytes=MAX_BANK_FILE_BYTES, mapped=MappedAccount("60161331926819", "GBP", mapping))


@ends_in(bank_errors.MappingDoesNotFit)
def a_csv_without_the_column_of_its_mapping() -> object:
    return read_csv(("Debit Amount", "Money Out"))


@ends_in(bank_errors.MappingIncomplete)
def a_mapping_without_an_amount() -> object:
    return CsvMapping(date="Date", date_format="DD/MM/YYYY").hold_complete()


@ends_in(bank_errors.AmbiguousDates)
def dates_that_can_be_read_in_two_ways() -> object:
    content = b"Date,Amount\n03/04/2026,5.00\n"
    return propose_mapping(content, currency="GBP", max_bytes=MAX_BANK_FILE_BYTES).hold_complete()


@ends_in(bank_errors.MappingNeeded)
def a_first_csv() -> object:
    book, _ = a_fund()
    return import_bank_file(book=book, name="bank.csv", content=LLOYDS.read_bytes(), by=make_user())


@ends_in(bank_errors.BankAccountNeeded)
def a_csv_of_one_of_two_accounts() -> object:
    book, _ = a_fund()
    make_bank_account(book=book, code="SAVE", name="Savings", identification="20-00-00 12345678")
    return import_bank_file(book=book, name="bank.csv", content=LLOYDS.read_bytes(), by=make_user())


@ends_in(bank_errors.WrongEncoding)
def ofx_in_another_encoding() -> object:
    data = OFX.read_bytes().replace(b"CHARSET:1252", b"CHARSET:UTF-8")
    return parse_ofx(data, max_bytes=MAX_BANK_FILE_BYTES)


@ends_in(bank_errors.HasDoctype)
def a_doctype() -> object:
    return read(("<Document ", '<!DOCTYPE Document SYSTEM "camt.dtd">\n<Document '))


@ends_in(bank_errors.BeyondXmlLimits)
def very_deep() -> object:
    return read_bytes(b"<Document>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</Document>")


@ends_in(bank_errors.CutOff)
def cut_off() -> object:
    return read_bytes(village()[:4000])


@ends_in(bank_errors.NotCamt053)
def another_message() -> object:
    return read(("camt.053.001.02", "camt.052.001.08"))


@ends_in(bank_errors.MissingPart)
def no_closing_balance() -> object:
    return read(("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>"))


@ends_in(bank_errors.UnreadableAmount)
def not_a_number() -> object:
    return read((">27.00<", ">NaN<"))


@ends_in(bank_errors.OverPreciseAmount)
def half_a_penny() -> object:
    return read((">27.00<", ">27.005<"))


@ends_in(bank_errors.AbsurdAmount)
def absurd() -> object:
    return read((">27.00<", ">10000000000000.00<"))


@ends_in(bank_errors.UnreadableDate)
def no_such_day() -> object:
    return read(("<Dt>2026-11-19</Dt>", "<Dt>2026-02-30</Dt>"))


@ends_in(bank_errors.MixedCurrencies)
def two_currencies() -> object:
    return read(('<Amt Ccy="GBP">27.00', '<Amt Ccy="EUR">27.00'))


@ends_in(bank_errors.ControlSumMismatch)
def the_summary_differs() -> object:
    return read(("<Sum>1018.65</Sum>", "<Sum>1019.65</Sum>"))


@ends_in(bank_errors.BalanceMismatch)
def the_balances_differ() -> object:
    return read(('<Amt Ccy="GBP">1841.65', '<Amt Ccy="GBP">1840.65'))


@ends_in(bank_errors.StatementsDoNotFollow)
def the_same_statement_twice() -> object:
    text = village().decode()
    statement = text[text.index("<Stmt>") : text.index("</BkToCstmrStmt>")]
    return read(("</BkToCstmrStmt>", f"{statement}</BkToCstmrStmt>"))


@ends_in(bank_errors.StatementAhead)
def a_day_that_has_not_come() -> object:
    return bring_in(make_bank_account(book=make_book(name="Harbour & Hills", today=date(2026, 11, 19))).book)


@ends_in(bank_errors.WrongAccount)
def another_account() -> object:
    return bring_in(a_fund()[0], account="20000012345678")


@ends_in(bank_errors.WrongCurrency)
def another_currency() -> object:
    return bring_in(a_fund()[0], currency="EUR")
