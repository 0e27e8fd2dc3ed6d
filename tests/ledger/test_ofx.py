"""OFX files: what is read of both generations, what is said of bad ones. The samples are made up."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.bank_formats import content_type_of, format_of
from ledger.domain import bank_errors
from ledger.domain.bank_errors import BankFileError
from ledger.domain.bank_statement import ParsedStatement
from ledger.ofx import parse_ofx

FILES = Path(__file__).parent / "files"
LIMIT = 20 * 1024 * 1024


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def village(*changes: tuple[str, str]) -> bytes:
    """The first sample with pieces replaced, each of which stands in it."""
    text = (FILES / "village_1.ofx").read_bytes().decode("cp1252")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode("cp1252")


def parse_one(data: bytes) -> ParsedStatement:
    (statement,) = parse_ofx(data, max_bytes=LIMIT)
    return statement


def refusal(data: bytes, error: type[BankFileError]) -> str:
    """What is said of a file that is refused with exactly this error."""
    with pytest.raises(BankFileError) as caught:
        parse_ofx(data, max_bytes=LIMIT)
    assert type(caught.value) is error, caught.value
    return str(caught.value)


class TestWhatIsRead:
    def test_the_head_of_an_sgml_statement(self) -> None:
        statement = parse_one(village())
        assert (statement.account_identification, statement.currency) == ("60161331926819", "GBP")
        assert (statement.from_on, statement.to_on) == (date(2025, 3, 16), date(2025, 3, 20))
        assert (statement.opening, statement.closing) == (None, pounds("657.00"))
        assert statement.notes == ("1 line of nought left out.",)

    def test_its_lines(self) -> None:
        lines = [
            (x.booked_on.day, str(x.amount.amount), x.bank_reference, x.counterparty, x.reference, x.description)
            for x in parse_one(village()).lines
        ]
        assert lines == [
            (17, "676.65", "202503170001", "NETHERBY CORNER SHOP", "HH-0108 March", ""),
            (18, "120.50", "202503180001", "Café & Brûlée", "", "DIRECTDEP"),
            (18, "5.00", "", "PAID IN AT BRANCH", "", "CASH"),
            (18, "5.00", "", "PAID IN AT BRANCH", "", "CASH"),
            (19, "-150.00", "202503190001", "", "000417", "CHECK"),
            (20, "-0.15", "202503200001", "", "Fees < 1 pound", "SRVCHG"),
        ]

    def test_twins_are_numbered(self) -> None:
        assert [line.occurrence for line in parse_one(village()).lines] == [1, 1, 1, 2, 1, 1]

    def test_the_second_generation(self) -> None:
        statement = parse_one((FILES / "village_2.ofx").read_bytes())
        assert (statement.account_identification, statement.closing) == ("GB29NWBK60161331926819", pounds("1050.00"))
        assert (statement.from_on, statement.to_on) == (date(2025, 3, 20), date(2025, 3, 22))
        first = statement.lines[0]
        assert (first.counterparty, first.reference) == ("Zółta Łąka Spółdzielnia", "HH-0109 & thanks")
        assert (first.value_on, first.description) == (date(2025, 3, 24), "XFER; PLN at 0.1978")

    def test_closed_elements_in_sgml_are_the_same(self) -> None:
        closed = village(
            ("<NAME>PAID IN AT BRANCH", "<NAME>PAID IN AT BRANCH</NAME>"), ("<CURDEF>GBP", "<CURDEF>GBP</CURDEF>")
        )
        assert parse_one(closed) == parse_one(village())

    def test_utf_8_that_calls_itself_1252(self) -> None:
        data = village().decode("cp1252").replace("Café", "Łąka").encode("utf-8")
        assert parse_one(data).lines[1].counterparty == "Łąka & Brûlée"

    def test_without_a_header_and_behind_a_byte_order_mark(self) -> None:
        text = village().decode("cp1252")
        assert parse_one(b"\xef\xbb\xbf" + text[text.index("<OFX>") :].encode()) == parse_one(village())

    def test_two_accounts_in_one_file(self) -> None:
        text = village().decode("cp1252")
        one = text[text.index("<STMTTRNRS>") : text.index("</BANKMSGSRSV1>")]
        two = text.replace(one, one + one.replace("31926819", "31926820"))
        first, second = parse_ofx(two.encode("cp1252"), max_bytes=LIMIT)
        assert (first.account_identification[-2:], second.account_identification[-2:]) == ("19", "20")

    def test_the_number_alone_where_it_has_the_sort_code(self) -> None:
        assert parse_one(village(("<ACCTID>31926819", "<ACCTID>60161331926819"))) == parse_one(village())


class TestBalances:
    def test_a_balance_of_a_later_day_closes_nothing(self) -> None:
        statement = parse_one(village(("657.00<DTASOF>20250320", "657.00<DTASOF>20250325")))
        assert statement.closing is None
        assert "is of 25 March 2025, after its last day, and was not compared" in statement.notes[-1]

    def test_a_balance_of_an_earlier_day_is_carried_on_by_the_lines_after_it(self) -> None:
        statement = parse_one(
            village(("657.00<DTASOF>20250320221500</LEDGERBAL>", "807.15<DTASOF>20250318</LEDGERBAL>"))
        )
        assert statement.closing == pounds("657.00")

    @pytest.mark.parametrize("balance", ["<LEDGERBAL><BALAMT><DTASOF></LEDGERBAL>", ""])
    def test_none_is_told(self, balance: str) -> None:
        statement = parse_one(village(("<LEDGERBAL><BALAMT>657.00<DTASOF>20250320221500</LEDGERBAL>", balance)))
        assert statement.closing is None
        assert "The file states no balance: nothing was compared with the bank." in statement.notes


class TestRefused:
    @pytest.mark.parametrize("amount", ["NaN", "1e3", "1,234.50", "", "٥", "£5", "--5", "0x1"])
    def test_amounts(self, amount: str) -> None:
        data = village().decode("cp1252").replace("<TRNAMT>-150<", f"<TRNAMT>{amount}<").encode("utf-8")
        refusal(data, bank_errors.UnreadableAmount if amount else bank_errors.MissingPart)

    def test_fine_and_absurd_amounts(self) -> None:
        assert "GBP has 2 decimals" in refusal(village(("676.65", "676.655")), bank_errors.OverPreciseAmount)
        refusal(village(("676.65", "9" * 16)), bank_errors.AbsurdAmount)
        assert len(refusal(village(("676.65", "9" * 5_000)), bank_errors.AbsurdAmount)) < 200

    @pytest.mark.parametrize("day", ["20250230", "2025", "tomorrow", "00010101", "31032025"])
    def test_days(self, day: str) -> None:
        refusal(village(("<DTPOSTED>20250319", f"<DTPOSTED>{day}")), bank_errors.UnreadableDate)

    @pytest.mark.parametrize(
        ("change", "error", "says"),
        [
            (("<CURDEF>GBP", "<CURDEF>"), "MissingPart", "has no CURDEF"),
            (("<CURDEF>GBP", "<CURDEF>QQQ"), "MixedCurrencies", "no currency"),
            (("<ACCTID>31926819", "<ACCTID>"), "MissingPart", "has no ACCTID"),
            (("<MEMO>HH-0108 March", "<CURRENCY><CURRATE>1<CURSYM>EUR</CURRENCY>"), "MixedCurrencies", "in EUR"),
            (("<MEMO>HH-0108 March", "<CORRECTFITID>7<CORRECTACTION>DELETE"), "NotOfx", "corrects an earlier one"),
            (("COMPRESSION:NONE", "COMPRESSION:GZIP"), "NotOfx", "compressed"),
            (("</BANKTRANLIST>", ""), "NotOfx", "never closes the BANKTRANLIST"),
            (("</BANKTRANLIST>", "</BANKTRANLIST></PAYEE>"), "NotOfx", "closes PAYEE, which is not open"),
            (("<BANKTRANLIST>", "<BANKTRANLIST>text"), "NotOfx", "has text directly in BANKTRANLIST"),
            (("</STMTRS>", "</STMTRS>text"), "NotOfx", "has text behind the end of STMTRS"),
            (("</OFX>", "</OFX><OFX></OFX>"), "NotOfx", "behind the end of OFX"),
            (("<OFX>", "<!DOCTYPE x><OFX>"), "HasDoctype", "DOCTYPE"),
            (("BANKMSGSRSV1", "INVSTMTMSGSRSV1"), "NotOfx", "it holds INVSTMTMSGSRSV1"),
            (("<MEMO>HH-0108 March", "<A>" * 100), "BeyondXmlLimits", "nested deeper than 64"),
        ],
    )
    def test_what_is_no_statement(self, change: tuple[str, str], error: str, says: str) -> None:
        assert says in refusal(village(change), getattr(bank_errors, error))

    def test_logging_in_that_failed(self) -> None:
        data = (
            b"OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500</STATUS></SONRS></SIGNONMSGSRSV1></OFX>"
        )
        assert "logging in failed" in refusal(data, bank_errors.NotOfx)

    def test_an_answer_without_a_statement(self) -> None:
        text = village().decode("cp1252")
        statement = text[text.index("<STMTRS>") : text.index("</STMTTRNRS>")]
        message = refusal(
            village((statement, ""), ("<CODE>0<SEVERITY>INFO</STATUS>", "<CODE>2003<MESSAGE>Not yours</STATUS>")),
            bank_errors.NotOfx,
        )
        assert "status '2003' Not yours" in message

    def test_every_way_to_cut_it_off(self) -> None:
        data = village()
        for length in range(200, len(data) - 10, 97):
            with pytest.raises(BankFileError):
                parse_ofx(data[:length], max_bytes=LIMIT)
        assert "ends in the middle" in refusal(data[:1200], bank_errors.CutOff)

    def test_bytes_that_are_no_text(self) -> None:
        data = village(("CHARSET:1252", "CHARSET:UTF-8"))
        assert "line 6 behind its header is not" in refusal(data, bank_errors.WrongEncoding)
        refusal(village(("CHARSET:1252", "CHARSET:KOI8-R")), bank_errors.WrongEncoding)

    def test_an_external_entity_of_the_second_generation(self) -> None:
        data = (FILES / "village_2.ofx").read_bytes()
        hostile = data.replace(b"<OFX>", b'<!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]><OFX>', 1)
        refusal(hostile, bank_errors.HasDoctype)
        refusal(data[:-60], bank_errors.CutOff)


class TestFormats:
    def test_are_told_by_content(self) -> None:
        assert format_of(village()).code == "ofx"
        assert format_of((FILES / "village_2.ofx").read_bytes()).code == "ofx"
        assert format_of((FILES.parent / "camt" / "village.xml").read_bytes()).code == "camt053"
        assert format_of("\ufeff<Document/>".encode("utf-16-le")).code == "camt053"

    @pytest.mark.parametrize(
        ("head", "says"), [(b"%PDF-1.7", "a PDF"), (b"PK\x03\x04", "spreadsheet"), (b"", "empty"), (b"{1:F01", "MT940")]
    )
    def test_what_is_none(self, head: bytes, says: str) -> None:
        with pytest.raises(bank_errors.NotABankFile, match=says):
            format_of(head)
        assert content_type_of(head) == "application/octet-stream"


class TestHostileFiles:
    @given(st.binary(max_size=400))
    def test_any_bytes_end_in_a_declared_error(self, data: bytes) -> None:
        with suppress(BankFileError):
            parse_ofx(data, max_bytes=LIMIT)
        with suppress(BankFileError):
            parse_ofx(b"OFXHEADER:100\n<OFX>" + data, max_bytes=LIMIT)

    @given(st.data())
    def test_any_mutation_ends_in_a_declared_error(self, data: st.DataObject) -> None:
        file = bytearray(village())
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(file) - 1))
            piece = data.draw(
                st.sampled_from(
                    [b"", b"<", b">", b"</", b"<STMTTRN>", b"&#0;", b"&#99999;", b"\x00", b"<![CDATA[", b"9"]
                )
            )
            file[at : at + data.draw(st.integers(0, 30))] = piece
        with suppress(BankFileError):
            parse_ofx(bytes(file), max_bytes=LIMIT)

    @pytest.mark.parametrize(
        "body",
        [
            b"<A>" * 390_000,
            b"<A>1" * 390_000,
            b"<A>" * 60 + b"<B>1" * 300_000 + b"</OFX>",
            b"<![CDATA[" * 300_000,
            b"<A>" + b"&#9;" * 5_000_000,
        ],
        ids=["deep", "wide", "carried up", "open cdata", "entities"],
    )
    def test_more_than_a_bank_would_send_is_refused(self, body: bytes) -> None:
        with pytest.raises(BankFileError):
            parse_ofx(b"OFXHEADER:100\n<OFX>" + body[: LIMIT - 100], max_bytes=LIMIT)
