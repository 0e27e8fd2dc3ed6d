"""Bank statement files: what is read from good ones, what is said of bad ones. The samples are made up."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from commonweal.demo.camt import write_camt053
from ledger.camt053 import parse_camt053, read_camt053
from ledger.domain import bank_errors
from ledger.domain.bank_errors import BankFileError
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, is_same_account, number_occurrences

SAMPLES = Path(__file__).parent / "camt"
LIMIT = 1024 * 1024


def pounds(amount: str) -> Money:
    return Money(amount, "GBP")


def village(*changes: tuple[str, str]) -> bytes:
    """The first sample with pieces replaced, each of which stands in it."""
    text = (SAMPLES / "village.xml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def parse_one(data: bytes) -> ParsedStatement:
    (statement,) = parse_camt053(data, max_bytes=LIMIT)
    return statement


def refusal(data: bytes, error: type[BankFileError]) -> str:
    """What is said of a file that is refused with exactly this error."""
    with pytest.raises(BankFileError) as caught:
        parse_camt053(data, max_bytes=LIMIT)
    assert type(caught.value) is error, caught.value
    message = str(caught.value)
    assert message.endswith("Nothing was imported.")
    return message


NO_SUMMARY = village()[village().index(b"<TxsSummry>") : village().index(b"</TxsSummry>")].decode() + "</TxsSummry>"


class TestWhatIsRead:
    def test_the_head_of_a_statement(self) -> None:
        statement = parse_one(village())
        assert statement.statement_id == "SAMPLE-0321"
        assert statement.account_identification == "20000012345678"
        assert (statement.currency, statement.from_on, statement.to_on) == (
            "GBP",
            date(2026, 11, 16),
            date(2026, 11, 20),
        )
        assert (statement.opening, statement.closing) == (pounds("1000.00"), pounds("1841.65"))

    def test_every_booked_line_with_batches_split(self) -> None:
        lines = [
            (str(line.booked_on)[8:], str(line.amount.amount), line.bank_reference, line.counterparty, line.reference)
            for line in parse_one(village()).lines
        ]
        assert lines == [
            ("16", "676.65", "FPS-7781", "Netherby Corner Shop Society", "HH-0108 November instalment"),
            ("17", "120.00", "BACS-55", "Żółta Łąka Spółdzielnia", "HH-0109"),
            ("17", "80.00", "BACS-55", "Caffi'r Gymuned Tŷ Newydd", "HH-0110"),
            ("17", "100.00", "BACS-55-3", "", "HH-0111"),
            ("18", "5.00", "", "", ""),
            ("18", "5.00", "", "", ""),
            ("19", "-150.00", "FPS-7790", "Millrace Makers Co-operative", "RF18 5390 0754 7034"),
            ("20", "32.00", "FPS-7801", "A Closed Account Ltd", ""),
            ("20", "-27.00", "", "", ""),
        ]

    def test_texts_and_the_value_date(self) -> None:
        first = parse_one(village()).lines[0]
        assert (first.value_on, first.description) == (date(2026, 11, 17), "FASTER PAYMENT IN")
        assert parse_one(village()).lines[4].value_on == date(2026, 11, 18)

    def test_lines_that_are_alike_stay_two(self) -> None:
        twins = [line for line in parse_one(village()).lines if line.description == "CASH PAID IN"]
        assert [line.occurrence for line in twins] == [1, 2]
        assert twins[0].fingerprint == twins[1].fingerprint

    def test_what_is_not_booked_is_left_out_and_noted(self) -> None:
        (note,) = parse_one(village()).notes
        assert note.startswith("What is not booked yet was left out: 1 of status PDNG, -£30.00 in all")

    def test_prefixes_an_envelope_two_statements_and_an_overdrawn_account(self) -> None:
        first, second = parse_camt053((SAMPLES / "two_days.xml").read_bytes(), max_bytes=LIMIT)
        assert (first.opening, first.closing, second.closing) == (pounds("-40"), pounds("-15"), pounds("-15"))
        assert (first.from_on, first.to_on) == (date(2026, 11, 19), date(2026, 11, 19))
        assert (first.lines[0].counterparty, first.lines[0].reference) == ("Dale Bakery Ltd", "HH-0112")
        assert second.lines == ()

    @pytest.mark.parametrize("version", range(2, 14))
    def test_every_version_from_2_to_13(self, version: int) -> None:
        statement = parse_one(village(("camt.053.001.02", f"camt.053.001.{version:02}")))
        assert len(statement.lines) == 9

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_other_encodings(self, encoding: str) -> None:
        text = village(('encoding="UTF-8"', 'encoding="UTF-16"')).decode()
        assert parse_one(text.encode(encoding)) == parse_one(village())

    def test_latin_1_and_leading_white_space(self) -> None:
        text = village(('encoding="UTF-8"', 'encoding="ISO-8859-1"'), ("Żółta Łąka Spółdzielnia", "Café"), ("Tŷ", "Ty"))
        data = b"\r\n" + text.decode().encode("iso-8859-1")
        assert parse_one(data).lines[1].counterparty == "Café"


class TestVersionEight:
    """The later structure: coded statuses, parties within `Pty` or `Agt`, amounts in other currencies, returns."""

    first, second = parse_camt053((SAMPLES / "eight.xml").read_bytes(), max_bytes=LIMIT)

    def test_every_line_of_the_first_day(self) -> None:
        lines = [(str(x.amount.amount), x.counterparty, x.reference, x.description) for x in self.first.lines]
        assert lines == [
            ("520.00", "Κοινότητα Αγίου Νικολάου", "HH-0120", "EUR 600.00 at 0.8667"),
            ("400.00", "Crème & Brûlée SCIC", "", "INV-7; EUR 461.54"),
            ("-45.00", "Millrace Makers Co-operative", "HH-0121", "Returned: AC04 Account closed"),
            ("75.00", "", "BACS-COLLECTION-9", "DIRECT DEBIT COLLECTION"),
            ("-12.50", "Severn Valley Bank", "", "QUARTERLY FEE"),
            ("100.00", "Ōsaka Machizukuri", "", "USD 128.00 at 0.78125"),
        ]

    def test_the_next_day_follows_with_its_twins(self) -> None:
        assert (self.second.opening, self.second.closing) == (pounds("1537.50"), pounds("1547.50"))
        assert [line.occurrence for line in self.second.lines] == [1, 2]


class TestBatches:
    def test_details_that_do_not_sum_are_one_line_and_noted(self) -> None:
        statement = parse_one(village(("120.00", "121.00")))
        batch = statement.lines[1]
        assert (batch.amount, batch.reference, batch.counterparty) == (pounds("300.00"), "BATCH-55", "")
        assert batch.description == "HH-0109; HH-0110; HH-0111"
        assert "A batch of 3 payments of £300.00 is one line" in statement.notes[0]

    def test_details_in_another_currency_are_one_line(self) -> None:
        assert len(parse_one(village(('<Amt Ccy="GBP">120.00', '<Amt Ccy="EUR">120.00'))).lines) == 7

    def test_a_detail_may_go_the_other_way(self) -> None:
        marked = "</TxAmt></AmtDtls><CdtDbtInd>DBIT</CdtDbtInd>\n            <RltdPties><Dbtr><Nm>Caffi"
        statement = parse_one(
            village(("120.00", "280.00"), ("</TxAmt></AmtDtls>\n            <RltdPties><Dbtr><Nm>Caffi", marked))
        )
        assert [str(line.amount.amount) for line in statement.lines[1:4]] == ["280.00", "-80.00", "100.00"]

    def test_a_detail_of_nought_makes_no_line(self) -> None:
        statement = parse_one(village(("120.00", "200.00"), ("80.00", "0.00")))
        assert [str(line.amount.amount) for line in statement.lines[1:3]] == ["200.00", "100.00"]


class TestReversals:
    """ISO 20022: the credit or debit mark is the entry's own; some banks mark what was reversed instead."""

    MARKED_AS_REVERSED = ("32.00</Amt>\n        <CdtDbtInd>CRDT", "32.00</Amt>\n        <CdtDbtInd>DBIT")

    def test_the_balances_settle_a_mark_against_the_standard(self) -> None:
        statement = parse_one(village(self.MARKED_AS_REVERSED, (NO_SUMMARY, "")))
        assert statement.lines[7].amount == pounds("32.00")
        assert statement.lines[7].counterparty == "A Closed Account Ltd"
        assert "Reversals bear the sign" in statement.notes[0]

    def test_nothing_is_turned_where_that_does_not_tie(self) -> None:
        message = refusal(
            village(self.MARKED_AS_REVERSED, (NO_SUMMARY, ""), ("1841.65", "1841.64")), bank_errors.BalanceMismatch
        )
        assert "a difference of £63.99" in message


class TestSums:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("<NbOfNtries>7<", "<NbOfNtries>9<", "TtlNtries/NbOfNtries 9 and its entries make 7, a difference of 2"),
            ("<Sum>1195.65<", "<Sum>1195.66<", "TtlNtries/Sum 1195.66 and its entries make 1195.65"),
            ("<TtlNetNtryAmt>841.65<", "<TtlNetNtryAmt>840.65<", "a difference of -1.00"),
            ("<NbOfNtries>5<", "<NbOfNtries>6<", "TtlCdtNtries/NbOfNtries 6 and its entries make 5"),
            ("<Sum>177.00<", "<Sum>207.00<", "TtlDbtNtries/Sum 207.00 and its entries make 177.00"),
        ],
    )
    def test_each_control_sum_is_held(self, old: str, new: str, says: str) -> None:
        assert says in refusal(village((old, new)), bank_errors.ControlSumMismatch)

    def test_the_net_amount_of_later_versions(self) -> None:
        old = "<TtlNetNtryAmt>841.65</TtlNetNtryAmt>"
        assert parse_one(village((old, "<TtlNetNtry><Amt>841.65</Amt></TtlNetNtry>")))
        refusal(village((old, "<TtlNetNtry><Amt>841.66</Amt></TtlNetNtry>")), bank_errors.ControlSumMismatch)

    def test_a_summary_may_count_what_is_not_booked(self) -> None:
        counts_all = village(
            ("<NbOfNtries>7<", "<NbOfNtries>8<"),
            ("<Sum>1195.65<", "<Sum>1225.65<"),
            ("<TtlNetNtryAmt>841.65<", "<TtlNetNtryAmt>811.65<"),
            ("<NbOfNtries>2<", "<NbOfNtries>3<"),
            ("<Sum>177.00<", "<Sum>207.00<"),
        )
        assert len(parse_one(counts_all).lines) == 9

    def test_a_closing_balance_that_does_not_tie(self) -> None:
        message = refusal(village(("1841.65", "1900.00")), bank_errors.BalanceMismatch)
        assert "make £1,841.65, yet the closing balance is £1,900.00: a difference of £58.35" in message

    def test_two_opening_balances_that_differ(self) -> None:
        message = refusal(village(("000000000001000.00", "999.99")), bank_errors.BalanceMismatch)
        assert "a difference of £0.01" in message

    def test_the_previous_closing_balance_opens_a_statement(self) -> None:
        data = village(("<Cd>OPBD</Cd>", "<Cd>OPAV</Cd>"), ("<FrDtTm>2026-11-16T00:00:00+00:00</FrDtTm>", ""))
        statement = parse_one(data)
        assert (statement.opening, statement.from_on) == (pounds("1000.00"), date(2026, 11, 16))

    def test_of_several_days_the_first_opening_and_the_last_closing_count(self) -> None:
        of_the_first_day = """<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">1676.65</Amt>
            <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-16</Dt></Dt></Bal><TxsSummry>"""
        assert parse_one(village(("<TxsSummry>", of_the_first_day))).closing == pounds("1841.65")


class TestStatementsOfOneFile:
    def test_one_that_stands_twice_is_refused(self) -> None:
        text = village().decode()
        statement = text[text.index("<Stmt>") : text.index("</BkToCstmrStmt>")]
        message = refusal(
            village(("</BkToCstmrStmt>", statement + "</BkToCstmrStmt>")), bank_errors.StatementsDoNotFollow
        )
        assert "stands twice" in message

    def test_a_gap_between_two_is_refused(self) -> None:
        data = (
            (SAMPLES / "two_days.xml").read_bytes().replace(b'<bank:Amt Ccy="GBP">15.00', b'<bank:Amt Ccy="GBP">20.00')
        )
        data = data.replace(b'<bank:Amt Ccy="GBP">20.00', b'<bank:Amt Ccy="GBP">15.00', 1)
        message = refusal(data, bank_errors.StatementsDoNotFollow)
        assert (
            "closes on 19 November 2026 with -£15.00 and statement 'DAY-2' opens on 20 November 2026 with -£20.00"
            in message
        )

    def test_twins_are_numbered_across_statements_that_follow(self) -> None:
        line = ParsedLine("", date(2026, 5, 1), date(2026, 5, 1), pounds("5"))
        first = ParsedStatement("1", "A1", "GBP", line.booked_on, line.booked_on, pounds("0"), pounds("5"), (line,))
        second = ParsedStatement("2", "A1", "GBP", line.booked_on, line.booked_on, pounds("5"), pounds("10"), (line,))
        numbered = number_occurrences((first, second))
        assert [statement.lines[0].occurrence for statement in numbered] == [1, 2]


class TestRefusedAmountsAndDates:
    @pytest.mark.parametrize("text", ["NaN", "Infinity", "1e3", "-5.00", "1,000.00", "٥.٠٠", "", "0x10", "5_0", "£5"])
    def test_what_is_no_plain_number(self, text: str) -> None:
        message = refusal(village((">27.00<", f">{text}<")), bank_errors.UnreadableAmount)
        assert "Amt in line" in message

    def test_finer_than_a_penny(self) -> None:
        message = refusal(village((">27.00<", ">27.005<")), bank_errors.OverPreciseAmount)
        assert "Ntry in line 145 has Amt 27.005; GBP has 2 decimals" in message

    @pytest.mark.parametrize("text", ["10000000000000.00", "9" * 41, "1" + "0" * 100_000])
    def test_absurd(self, text: str) -> None:
        assert len(refusal(village((">27.00<", f">{text}<")), bank_errors.AbsurdAmount)) < 200

    def test_the_largest_amount_is_read(self) -> None:
        data = village(
            (">27.00<", ">9999999999999.99<"),
            ("1841.65</Amt>\n        <CdtDbtInd>CRDT", "9999999998131.34</Amt>\n        <CdtDbtInd>DBIT"),
            (NO_SUMMARY, ""),
        )
        assert parse_one(data).lines[-1].amount == pounds("-9999999999999.99")

    def test_neither_credit_nor_debit(self) -> None:
        data = village(("27.00</Amt>\n        <CdtDbtInd>DBIT", "27.00</Amt>\n        <CdtDbtInd>BOTH"))
        assert "'BOTH'" in refusal(data, bank_errors.UnreadableAmount)

    @pytest.mark.parametrize("text", ["2026-02-30", "20.11.2026", "2026-11", "0001-01-01", "tomorrow", "2026-W47-5"])
    def test_no_day_of_the_calendar(self, text: str) -> None:
        refusal(village(("<Dt>2026-11-19</Dt>", f"<Dt>{text}</Dt>")), bank_errors.UnreadableDate)

    def test_a_booking_after_the_closing_balance(self) -> None:
        message = refusal(
            village(("<BookgDt><Dt>2026-11-19</Dt>", "<BookgDt><Dt>2026-11-21</Dt>")), bank_errors.UnreadableDate
        )
        assert "a line of -£150.00 booked on 21 November 2026" in message

    def test_a_booking_before_the_period_widens_it(self) -> None:
        data = village(("<BookgDt><Dt>2026-11-19</Dt>", "<BookgDt><Dt>2026-11-13</Dt>"))
        assert parse_one(data).from_on == date(2026, 11, 13)

    def test_a_statement_that_runs_backwards(self) -> None:
        data = village(("<FrDtTm>2026-11-16", "<FrDtTm>2026-12-16"))
        assert parse_one(data).from_on == date(2026, 11, 16)
        with pytest.raises(bank_errors.UnreadableDate, match="backwards"):
            ParsedStatement("1", "A", "GBP", date(2026, 5, 2), date(2026, 5, 1), pounds("1"), pounds("1"), ())

    def test_an_entry_without_any_date(self) -> None:
        data = village(("<BookgDt><Dt>2026-11-18</Dt></BookgDt>", ""))
        assert "neither booking nor value date" in refusal(data, bank_errors.UnreadableDate)

    @pytest.mark.parametrize("code", ["EUR", "QQQ", ""])
    def test_another_currency(self, code: str) -> None:
        refusal(village(('<Amt Ccy="GBP">27.00', f'<Amt Ccy="{code}">27.00')), bank_errors.MixedCurrencies)

    def test_an_entry_of_nought_is_left_out_and_noted(self) -> None:
        data = village((NO_SUMMARY, '<Ntry><Amt Ccy="GBP">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>'))
        assert "An entry of nought was left out." in parse_one(data).notes


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ([("<Id>SAMPLE-0321</Id>", "")], "has no Id"),
            ([("<Id>20-00-00 12345678</Id>", "")], "of which account it is"),
            ([("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>")], "no closing balance"),
            ([("<Cd>OPBD</Cd>", "<Cd>ITBD</Cd>"), ("<Cd>PRCD</Cd>", "<Cd>ITBD</Cd>")], "no opening balance"),
            ([("<Sts>PDNG</Sts>", "")], "has no Sts"),
            ([("Stmt>", "Rpt>"), ("BkToCstmrRpt>", "BkToCstmrStmt>")], "has no statement in it"),
        ],
    )
    def test_a_part_is_missing(self, changes: list[tuple[str, str]], says: str) -> None:
        assert says in refusal(village(*changes), bank_errors.MissingPart)

    @pytest.mark.parametrize(
        "kind", ["camt.053.001.01", "camt.053.001.14", "camt.052.001.08", "camt.054.001.08", "pain.001.001.09"]
    )
    def test_another_kind_of_message(self, kind: str) -> None:
        assert kind in refusal(village(("camt.053.001.02", kind)), bank_errors.NotCamt053)

    @pytest.mark.parametrize("data", [b"<a/>", b"<Document/>", b'<Document xmlns="urn:other"/>'])
    def test_other_xml(self, data: bytes) -> None:
        refusal(data, bank_errors.NotCamt053)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b" \n",
            b"date,amount\n2026-11-20,5.00\n",
            b"%PDF-1.7\n\x00\x01\x02",
            b"<html><body><p>Your session has ended<br></body>",
            b"\x00" * 50,
            b"\xff\xfe<\x00a\x00\x00\xd8>\x00",
            "<a/>".encode("utf-32"),
            b'<?xml version="1.0" encoding="UTF-7"?><a/>',
            b'<?xml version="1.0" encoding="no-such"?><a/>',
            b"<?xml version='1.0'?><Document>\xff\xfe</Document>",
            b"<?xml version='1.0'?><Document>&nbsp;</Document>",
            b"<?xml version='1.0'?><Document></Document><Document></Document>",
        ],
    )
    def test_what_is_not_xml(self, data: bytes) -> None:
        refusal(data, bank_errors.NotXml)

    def test_a_file_cut_off_anywhere(self) -> None:
        whole = village().rstrip()
        for end in range(1, len(whole), 7):
            assert "ends in the middle" in refusal(whole[:end], bank_errors.CutOff)

    def test_utf_16_cut_off_inside_a_character(self) -> None:
        refusal(village().decode().encode("utf-16")[:5001], bank_errors.CutOff)


BILLION_LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><l x="&d;">&d;</l>"""
EXTERNAL_ENTITY = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'


class TestHostileFiles:
    @pytest.mark.parametrize(
        "text", [BILLION_LAUGHS, EXTERNAL_ENTITY, "<!DOCTYPE l><l/>", "<!DOCTYPE l SYSTEM 'http://x/'><l/>"]
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_a_doctype_in_any_encoding(self, text: str, encoding: str) -> None:
        refusal(text.encode(encoding), bank_errors.HasDoctype)

    def test_a_doctype_inside_a_good_statement(self) -> None:
        refusal(village(("<Document ", '<!DOCTYPE Document SYSTEM "camt.dtd">\n<Document ')), bank_errors.HasDoctype)

    @pytest.mark.parametrize("codec", ["cp037", "cp500"])
    def test_a_doctype_in_ebcdic_never_reaches_the_parser(self, codec: str) -> None:
        refusal(f"<?xml version='1.0' encoding='{codec}'?>{EXTERNAL_ENTITY[21:]}".encode(codec), bank_errors.NotXml)

    def test_deep_nesting(self) -> None:
        depth = 10_000
        refusal(b"<Document>" + b"<a>" * depth + b"</a>" * depth + b"</Document>", bank_errors.BeyondXmlLimits)

    @pytest.mark.parametrize("element", [b"<a/>", b"<a b='' c=''/>"])
    def test_very_many_elements_or_attributes(self, element: bytes) -> None:
        data = b"<Document>" + element * (1_000_000 // (element.count(b"=") + 1)) + b"</Document>"
        with pytest.raises(bank_errors.BeyondXmlLimits, match="1,000,000 tags"):
            parse_camt053(data, max_bytes=10**7)

    def test_a_hundred_megabytes_are_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "large.xml"
        with path.open("wb") as file:
            os.truncate(file.fileno(), 100 * 1024 * 1024)
        with path.open("rb") as file:
            with pytest.raises(bank_errors.TooLarge) as caught:
                read_camt053(file, max_bytes=LIMIT)
            assert file.tell() == 0
        assert "104,857,600 bytes and the limit is 1,048,576: 103,809,024 too many" in str(caught.value)

    def test_a_stream_without_end_is_read_up_to_the_limit(self) -> None:
        endless = Endless()
        with pytest.raises(bank_errors.TooLarge, match="at least 1,048,577 bytes"):
            read_camt053(endless, max_bytes=LIMIT)
        assert endless.given == LIMIT + 1

    def test_a_file_that_fits_is_read(self) -> None:
        assert read_camt053(io.BytesIO(village()), max_bytes=len(village())) == parse_camt053(
            village(), max_bytes=LIMIT
        )

    def test_long_texts_are_shortened(self) -> None:
        line = parse_one(village(("CASH PAID IN", "A" * 5000))).lines[4]
        assert (len(line.description), line.description[-1]) == (500, "…")

    @given(st.data())
    def test_no_bytes_raise_anything_else(self, data: st.DataObject) -> None:
        whole = bytearray(village())
        for _ in range(data.draw(st.integers(1, 4))):
            position = data.draw(st.integers(0, len(whole) - 1))
            whole[position : position + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
        with suppress(BankFileError):
            assert parse_camt053(bytes(whole), max_bytes=LIMIT)


class Endless(io.RawIOBase):
    """A stream that cannot tell its length."""

    given = 0

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.given += size
        return b" " * size


TEXTS = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=30).map(
    lambda text: " ".join(text.split())
)
REFERENCES = TEXTS.filter(
    lambda text: text.upper() not in {"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOTAVAILABLE", "UNKNOWN"}
)
PENCE = st.integers(-(10**14), 10**14).filter(bool)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def statements(draw: st.DrawFn) -> ParsedStatement:
    """Statements that add up, with honest twins among their lines."""
    from_on, to_on = sorted((draw(DAYS), draw(DAYS)))
    currency, digits = draw(st.sampled_from([("GBP", 2), ("JPY", 0), ("BHD", 3)]))
    money = st.builds(lambda units: Money(Decimal(units).scaleb(-digits), currency), PENCE)
    booked = st.dates(from_on, to_on)
    line = st.builds(ParsedLine, REFERENCES, booked, booked, money, REFERENCES, REFERENCES, TEXTS)
    lines = draw(st.lists(line, max_size=5))
    lines += draw(st.lists(st.sampled_from(lines), max_size=3)) if lines else []
    opening = draw(money)
    closing = sum((line.amount for line in lines), opening)
    account = draw(st.sampled_from(["GB29NWBK60161331926819", "20000012345678"]))
    statement = ParsedStatement("S-1", account, currency, from_on, to_on, opening, closing, tuple(lines))
    return number_occurrences([statement])[0]


@given(statements())
def test_what_is_written_reads_back_the_same(statement: ParsedStatement) -> None:
    data = write_camt053(statement)
    assert parse_camt053(data, max_bytes=LIMIT) == (statement,)
    assert write_camt053(statement) == data


def test_the_same_account_under_two_names() -> None:
    assert is_same_account("GB29 NWBK 6016 1331 9268 19", "60-16-13 31926819")
    assert not is_same_account("GB29 NWBK 6016 1331 9268 19", "60-16-13 31926818")
    assert not is_same_account("", "")


def test_a_line_is_the_same_in_another_file_whatever_its_words_where_the_bank_gives_a_reference() -> None:
    day = date(2026, 11, 20)
    one = ParsedLine("FPS-1", day, day, pounds("5.0"), "Dale Bakery", "HH-1")
    assert one.fingerprint == ParsedLine("FPS-1", day, day, pounds("5.00"), "DALE BAKERY LTD").fingerprint
    assert one.fingerprint != ParsedLine("FPS-1", day, day, pounds("6"), "Dale Bakery", "HH-1").fingerprint
    assert (
        ParsedLine("", day, day, pounds("5"), "A").fingerprint != ParsedLine("", day, day, pounds("5"), "B").fingerprint
    )
