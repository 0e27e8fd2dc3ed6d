"""The files that ask for money, against published layouts; the same rows give the same bytes."""

from datetime import date
from xml.etree import ElementTree as xml

import pytest

from ledger.domain.bank_details import BankDetails
from loans.domain.direct_debit.pain008 import (
    Creditor,
    Message,
    Pain008,
    SepaRecord,
    SequenceType,
    hold_creditor_identifier,
    pain008,
)
from loans.domain.direct_debit.standard18 import BacsRecord, ServiceUser, Submission, TransactionCode, standard18
from loans.domain.errors import DebitSettingRefused

FUND = ServiceUser("123456", "Calder Community Fund", "601613", "31926819")
SENT = Submission(7, "DD-0007", made_on=date(2026, 8, 14), processing_on=date(2026, 8, 21))
NOTHING = 0


def record(
    code: TransactionCode, pence: int, name: str = "Netherby Shop", reference: str = "L-0108-DD01"
) -> BacsRecord:
    return BacsRecord(code, "204512", "12345678", name, reference, pence)


def test_a_file_of_collections_has_the_layout_that_banks_publish():
    first, regular = TransactionCode.FIRST, TransactionCode.REGULAR
    written = standard18(FUND, [record(first, 51231), record(regular, 100, "Café Líle (Ely)", "L-0109-DD01")], SENT)
    assert written.split("\r\n") == [
        "VOL1000007                               123456                                1",
        "HDR1A123456S   12345600000700010001       26226 26247 000000                    ",
        "HDR2F0200000100                                   00                            ",
        "UHL1 26233999999    000000001 DAILY  007                                        ",
        "2045121234567800160161331926819    00000051231CALDER COMMUNITY FL-0108-DD01       NETHERBY SHOP     ",
        "2045121234567801760161331926819    00000000100CALDER COMMUNITY FL-0109-DD01       CAFE LILE  ELY    ",
        "6016133192681909960161331926819    00000051331DD-0007           CONTRA            CALDER COMMUNITY F",
        "EOF1A123456S   12345600000700010001       26226 26247 000000                    ",
        "EOF2F0200000100                                   00                            ",
        "UTL10000000051331000000005133100000020000001        0000000                     ",
        "",
    ]
    assert written.isascii()


def test_instructions_move_nothing_need_no_contra_and_are_counted_apart():
    lines = standard18(FUND, [record(TransactionCode.NEW_INSTRUCTION, NOTHING)], SENT).split("\r\n")
    assert [line[:4] for line in lines] == ["VOL1", "HDR1", "HDR2", "UHL1", "2045", "EOF1", "EOF2", "UTL1", ""]
    assert lines[4][15:17] == "0N"
    assert lines[7] == "UTL1" + "0" * 40 + " " * 8 + "0000001" + " " * 21


def sepa(sequence: SequenceType, cents: int, no: int) -> SepaRecord:
    payer = BankDetails("Bäckerei & Söhne", iban="DE89370400440532013000", bic="COBADEFFXXX")
    return SepaRecord(sequence, payer, "L-0108-DD01", date(2026, 4, 1), cents, f"DD-0007-{no}", "Loan L-0108")


CREDITOR = Creditor(
    "Calder Community Fund", "DE98ZZZ09999999999", BankDetails("Calder", iban="NL91ABNA0417164300", bic="ABNANL2A")
)


@pytest.mark.parametrize("version", Pain008)
def test_sepa_parts_by_sequence_type_and_sums_add_up(version):
    records = [
        sepa(SequenceType.RECURRENT, 10_05, 1),
        sepa(SequenceType.FIRST, 512_31, 2),
        sepa(SequenceType.FIRST, 7, 3),
    ]
    message = Message("DD-0007", date(2026, 8, 14), date(2026, 8, 24), version)
    written = pain008(CREDITOR, records, message)
    assert written == pain008(CREDITOR, records, message)
    root = xml.fromstring(written)
    space = {"": f"urn:iso:std:iso:20022:tech:xsd:{version}"}

    def all_of(path: str) -> list[str | None]:
        return [found.text for found in root.findall(path, space)]

    header, part = "CstmrDrctDbtInitn/GrpHdr/", "CstmrDrctDbtInitn/PmtInf/"
    assert all_of(f"{header}CtrlSum") == ["522.43"]
    assert all_of(f"{header}NbOfTxs") == ["3"]
    assert all_of(f"{part}PmtTpInf/SeqTp") == ["FRST", "RCUR"]
    assert all_of(f"{part}CtrlSum") == ["512.38", "10.05"]
    assert all_of(f"{part}PmtInfId") == ["DD-0007-FRST", "DD-0007-RCUR"]
    assert all_of(f"{part}DrctDbtTxInf/InstdAmt") == ["512.31", "0.07", "10.05"]
    assert all_of(f"{part}DrctDbtTxInf/Dbtr/Nm") == ["Backerei + Sohne"] * 3
    assert all_of(f"{part}CdtrAgt/FinInstnId/{version.bic}") == ["ABNANL2A"] * 2
    assert all_of(f"{part}CdtrSchmeId/Id/PrvtId/Othr/Id") == ["DE98ZZZ09999999999"] * 2


@pytest.mark.parametrize("identifier", ["DE98ZZZ09999999998", "123456", "DE98ZZZ"])
def test_a_mistyped_creditor_identifier_is_refused(identifier):
    with pytest.raises(DebitSettingRefused, match="creditor identifier"):
        hold_creditor_identifier(identifier)
