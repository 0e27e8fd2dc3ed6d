"""Are bank files brought in once however they come, and refused where they contradict what stands?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commonweal.access.models import User
from commonweal.demo.camt import write_camt053
from ledger.bank_csv import propose_mapping
from ledger.checks import examine
from ledger.domain.bank_errors import BalanceMismatch, BankFileError, StatementAhead, WrongAccount, WrongCurrency
from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.domain.csv_mapping import CsvMapping
from ledger.models import BankAccount, BankCsvMapping, BankStatement, BankStatementLine, Book
from ledger.queries import balance, latest_bank_statement
from ledger.services import MAX_BANK_FILE_BYTES, import_bank_file, keep_csv_mapping
from tests.builders import let_days_pass, make_bank_account, make_book, make_user, pounds

NUMBER = "60161331926819"


@pytest.fixture
def bank(db: None) -> BankAccount:
    return make_bank_account(book=make_book(today=date(2025, 3, 31)))


def paid_in(day: int, amount: str, reference: str = "thanks") -> ParsedLine:
    """A line without a number of the bank's, as many banks give it."""
    on = date(2025, 3, day)
    return ParsedLine("", on, on, pounds(amount), "A neighbour", reference)


def file_of(name: str, first: int, last: int, opening: str, *lines: ParsedLine) -> bytes:
    """A bank file of March 2025 that adds up."""
    closing = sum((line.amount for line in lines), pounds(opening))
    days = date(2025, 3, first), date(2025, 3, last)
    return write_camt053(ParsedStatement(name, NUMBER, "GBP", *days, pounds(opening), closing, lines))


def bring_in(book: Book, content: bytes, name: str = "bank.xml", by: User | None = None) -> tuple[int, int]:
    """How many lines of a file were new, and how many known."""
    (brought,) = import_bank_file(book=book, name=name, content=content, by=by or make_user())
    return len(brought.new_lines), brought.known_lines


def test_honest_twins_stay_two_however_often_and_under_whatever_name_they_come(bank: BankAccount) -> None:
    twins = paid_in(3, "5.00"), paid_in(3, "5.00")
    first = file_of("S-1", 1, 5, "0.00", *twins)
    assert bring_in(bank.book, first) == (2, 0)
    assert bring_in(bank.book, first) == (0, 2)
    assert bring_in(bank.book, first, name="../renamed.xml") == (0, 2)
    assert bring_in(bank.book, file_of("S-2", 1, 5, "0.00", *twins)) == (0, 2)
    assert bring_in(bank.book, file_of("S-3", 1, 8, "0.00", *twins, paid_in(7, "1.00"))) == (1, 2)
    assert sorted(BankStatementLine.objects.values_list("amount", flat=True)) == [100, 500, 500]


def test_a_file_that_lacks_what_an_earlier_one_had_is_refused(bank: BankAccount) -> None:
    bring_in(bank.book, file_of("S-1", 1, 5, "0.00", paid_in(3, "5.00"), paid_in(3, "5.00")))
    with pytest.raises(BalanceMismatch, match="An earlier file has lines for these days that this one lacks"):
        bring_in(bank.book, file_of("S-2", 1, 8, "0.00", paid_in(3, "5.00")))


def test_a_file_that_a_later_one_contradicts_is_refused_and_changes_nothing(bank: BankAccount) -> None:
    """Both open rightly and both add up; but what the bank said of the 25th leaves no room for the 3rd."""
    bring_in(bank.book, file_of("LATER", 25, 25, "0.00", paid_in(25, "1.00")))
    with pytest.raises(BalanceMismatch) as refused:
        bring_in(bank.book, file_of("EARLIER", 1, 5, "0.00", paid_in(3, "5.00")))
    assert str(refused.value) == (
        "Statement 'EARLIER' of account 60161331926819 brings £5.00 that the books did not have, dated by "
        "25 March 2025; with it they would say £6.00 then, and statement 'LATER', brought in already, closes with "
        "£1.00. Ask the bank which is right. Nothing was imported."
    )
    assert BankStatementLine.objects.count() == 1


def test_an_earlier_file_that_leaves_the_later_one_true_comes_in(bank: BankAccount) -> None:
    bring_in(bank.book, file_of("LATER", 25, 25, "0.00", paid_in(25, "1.00")))
    there_and_back = paid_in(3, "5.00"), paid_in(4, "-5.00", "returned")
    assert bring_in(bank.book, file_of("EARLIER", 1, 5, "0.00", *there_and_back)) == (2, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("last", "lines"), [(8, (paid_in(8, "5.00"),)), (8, (paid_in(3, "5.00"),)), (8, ())])
def test_a_statement_of_days_that_have_not_come_is_refused(last: int, lines: tuple[ParsedLine, ...]) -> None:
    book = make_bank_account(book=make_book(today=date(2025, 3, 7))).book
    with pytest.raises(
        StatementAhead, match="ends on 8 March 2025, after 7 March 2025, the business date of Village fund"
    ):
        bring_in(book, file_of("S-1", 1, last, "0.00", *lines))
    assert not BankStatementLine.objects.exists()
    let_days_pass(book, to=date(2025, 3, 8))
    assert bring_in(book, file_of("S-1", 1, last, "0.00", *lines)) == (len(lines), 0)


VILLAGE = Path(__file__).parent / "files" / "village_1.ofx"


def ofx(*changes: tuple[str, str]) -> bytes:
    """The OFX sample, of 16 to 20 March 2025, with pieces replaced."""
    text = VILLAGE.read_bytes().decode("cp1252")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode("cp1252")


class TestOfx:
    """OFX states no opening balance: the books' own balance is held against its closing one."""

    def test_comes_in_once_however_often_and_agrees_with_the_bank(self, bank: BankAccount) -> None:
        assert bring_in(bank.book, ofx(), "statement.ofx") == (6, 0)
        assert bring_in(bank.book, ofx(), "renamed.txt") == (0, 6)
        assert bring_in(bank.book, ofx(("20250316", "20250301"))) == (0, 6)
        statement = BankStatement.objects.earliest("pk")
        assert (statement.opening, statement.closing, statement.format) == (None, 65700, "ofx")
        assert statement.notes == "1 line of nought left out."
        assert balance(bank.account, date(2025, 3, 20)) == pounds("657.00")
        assert examine(bank.book) == []

    def test_overlapping_files_bring_only_what_is_new(self, bank: BankAccount) -> None:
        bring_in(bank.book, ofx())
        later = ofx(
            ("<DTEND>20250320", "<DTEND>20250321"),
            ("</BANKTRANLIST>", "<STMTTRN><DTPOSTED>20250321<TRNAMT>43<FITID>9</STMTTRN></BANKTRANLIST>"),
            ("657.00<DTASOF>20250320", "700.00<DTASOF>20250321"),
        )
        assert bring_in(bank.book, later) == (1, 6)

    def test_a_gap_before_it_is_named(self, bank: BankAccount) -> None:
        bring_in(bank.book, file_of("S-1", 1, 5, "0.00", paid_in(3, "5.00")))
        with pytest.raises(BalanceMismatch) as refused:
            bring_in(bank.book, ofx(("657.00", "700.00")))
        assert (
            "with its lines the books say £662.00, a difference of £38.00. A file is missing in between (this file "
            "begins on 16 March 2025 and the last one ends on 5 March 2025): import that first."
        ) in str(refused.value)
        assert BankStatementLine.objects.count() == 1

    def test_without_a_balance_nothing_is_compared_and_that_is_kept(self, bank: BankAccount) -> None:
        assert bring_in(bank.book, ofx(("<BALAMT>657.00", "<BALAMT>"))) == (6, 0)
        assert "nothing was compared" in BankStatement.objects.get().notes
        assert latest_bank_statement(bank) is None
        assert examine(bank.book) == []

    def test_of_another_account_or_currency_is_refused(self, bank: BankAccount) -> None:
        with pytest.raises(WrongAccount):
            bring_in(bank.book, ofx(("31926819", "31926818")))
        with pytest.raises(WrongCurrency):
            bring_in(bank.book, ofx(("<CURDEF>GBP", "<CURDEF>EUR")))


class TestCsv:
    """A CSV does not say of which account it is, nor how it is read: both are kept with the bank account."""

    CONTENT = (VILLAGE.parent / "lloyds_like.csv").read_bytes()

    @pytest.fixture
    def mapped(self, bank: BankAccount) -> BankAccount:
        mapping = propose_mapping(self.CONTENT, currency="GBP", max_bytes=MAX_BANK_FILE_BYTES)
        first, again = (
            keep_csv_mapping(
                bank_account=bank, mapping=mapping, content=self.CONTENT, by=by, max_bytes=MAX_BANK_FILE_BYTES
            )
            for by in (make_user(), make_user())
        )
        assert first == again
        return bank

    def test_comes_in_once_with_its_twins_and_agrees_with_the_bank(self, mapped: BankAccount) -> None:
        assert bring_in(mapped.book, self.CONTENT, "statement.csv") == (6, 0)
        assert bring_in(mapped.book, self.CONTENT, "renamed.txt") == (0, 6)
        assert balance(mapped.account, date(2025, 3, 20)) == pounds("657.00")
        assert BankStatement.objects.latest("pk").format == "csv"
        assert examine(mapped.book) == []

    def test_overlapping_files_bring_only_what_is_new(self, mapped: BankAccount) -> None:
        bring_in(mapped.book, self.CONTENT)
        head, rows = self.CONTENT.split(b"\n", 1)
        newest = b"21/03/2025,FPI,'60-16-13,31926819,NETHERBY,,43.00,700.00"
        assert bring_in(mapped.book, b"\n".join([head, newest, rows])) == (1, 6)

    def test_a_gap_before_it_is_refused(self, mapped: BankAccount) -> None:
        head, *rows = self.CONTENT.splitlines()
        with pytest.raises(BalanceMismatch, match="A file is missing in between"):
            bring_in(mapped.book, b"\n".join([head, *rows[:3]]))
        assert not BankStatementLine.objects.exists()

    def test_what_a_statement_to_the_same_day_tells_in_other_words_is_not_brought_in_twice(
        self, bank: BankAccount
    ) -> None:
        """A CSV without balances, over days that ended in a balance already: only that balance can show it."""
        bring_in(bank.book, file_of("S-1", 1, 5, "0.00", paid_in(5, "5.00")))
        content = b"Date,Description,Amount\r\n05/03/2025,A NEIGHBOUR THANKS,5.00\r\n"
        mapping = CsvMapping(date="Date", date_format="DD/MM/YYYY", amount="Amount", description="Description")
        given = {"content": content, "by": make_user(), "max_bytes": MAX_BANK_FILE_BYTES}
        keep_csv_mapping(bank_account=bank, mapping=mapping, **given)
        with pytest.raises(BalanceMismatch, match=r"dated by 5 March 2025; with it they would say £10\.00 .* 'S-1'"):
            bring_in(bank.book, content)
        assert BankStatementLine.objects.count() == 1

    def test_a_mapping_is_kept_only_if_the_whole_file_can_be_read_by_it(self, mapped: BankAccount) -> None:
        wrong = CsvMapping(date="Transaction Date", date_format="MM/DD/YYYY", amount="Credit Amount")
        with pytest.raises(BankFileError):
            keep_csv_mapping(
                bank_account=mapped,
                mapping=wrong,
                content=self.CONTENT,
                by=make_user(),
                max_bytes=MAX_BANK_FILE_BYTES,
            )
        assert BankCsvMapping.objects.count() == 1


def test_a_statement_of_the_same_evening_that_says_otherwise_is_refused(bank: BankAccount) -> None:
    bring_in(bank.book, file_of("FIRST", 3, 3, "0.00", paid_in(3, "5.00")))
    with pytest.raises(BalanceMismatch, match=r"statement 'FIRST', brought in already, closes with £5\.00"):
        bring_in(bank.book, file_of("OTHER", 3, 3, "0.00", paid_in(3, "5.00"), paid_in(3, "2.00", "more")))
    assert BankStatementLine.objects.count() == 1


def test_a_statement_that_goes_on_the_same_day_where_another_ends_comes_in(bank: BankAccount) -> None:
    noon = file_of("NOON", 3, 3, "0.00", paid_in(3, "5.00"))
    evening = file_of("EVENING", 3, 3, "5.00", paid_in(3, "2.00", "afternoon"))
    assert [bring_in(bank.book, noon), bring_in(bank.book, evening)] == [(1, 0), (1, 0)]
    assert bring_in(bank.book, file_of("NOON-AGAIN", 3, 3, "0.00", paid_in(3, "5.00"))) == (0, 1)
    latest = latest_bank_statement(bank)
    assert latest is not None
    assert (latest.statement_id, latest.closing) == ("EVENING", 7_00), "what is told again does not come last"
    assert bring_in(bank.book, file_of("NIGHT", 3, 4, "7.00", paid_in(4, "1.00"))) == (1, 0)
    assert bring_in(bank.book, file_of("NOON", 3, 3, "0.00", paid_in(3, "5.00")), name="again.xml") == (0, 1)
    assert balance(bank.account, date(2025, 3, 4)) == pounds("8.00")
