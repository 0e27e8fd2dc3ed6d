"""What does the bank's file say? A pain.001 message in version 09 or 03, the same bytes for the same payments.

ISO 20022, Customer Credit Transfer Initiation: a group header with the number and the sum of all payments, then a block
for each service level, with its own number and sum. British accounts stand as sort code (clearing system `GBDSC`) and
account number (`BBAN`); others by IBAN and BIC. Texts are in the signs of the SEPA set (EPC 217-08).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from lxml import etree
from moneyed import Money

from ledger.domain.bank_details import BankDetails
from ledger.domain.money import minor_digits
from ledger.domain.payments import IBAN, PaymentFormat, Scheme, Transfer, TransferFile, latin

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:{format}"

SERVICE_LEVEL = {Scheme.UK: "URNS", Scheme.SEPA: "SEPA"}
"""Codes of ISO's external list: URNS is settled net and urgently, which is Faster Payments."""

CHARGES = {Scheme.SEPA: "SLEV"}
"""Who bears the charges: as the scheme says in SEPA, shared elsewhere."""

LONGEST_NAME, LONGEST_TEXT = 70, 140


def write_pain001(file: TransferFile) -> bytes:
    """The file as the bank takes it, UTF-8, one element to a line."""
    namespace = NAMESPACE.format(format=file.format)
    as_default: dict[Any, str] = {None: namespace}
    document = etree.Element(f"{{{namespace}}}Document", nsmap=as_default)
    message = _add(document, "CstmrCdtTrfInitn")
    _write_header(_add(message, "GrpHdr"), file)
    for block_id, scheme, transfers in file.blocks:
        _write_block(_add(message, "PmtInf"), file, block_id, scheme, transfers)
    etree.indent(document)
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _write_header(header: etree._Element, file: TransferFile) -> None:
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _write_totals(header, file.transfers)
    _add(_add(header, "InitgPty"), "Nm", latin(file.debtor_name, LONGEST_NAME))


def _write_block(
    block: etree._Element, file: TransferFile, block_id: str, scheme: Scheme, transfers: Sequence[Transfer]
) -> None:
    _add(block, "PmtInfId", block_id)
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "true" if file.is_batch else "false")
    _write_totals(block, transfers)
    if level := SERVICE_LEVEL.get(scheme):
        _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", level)
    requested = _add(block, "ReqdExctnDt")
    if file.format is PaymentFormat.PAIN_03:
        requested.text = file.requested_on.isoformat()
    else:
        _add(requested, "Dt", file.requested_on.isoformat())
    _add(_add(block, "Dbtr"), "Nm", latin(file.debtor_name, LONGEST_NAME))
    _write_debtor_account(block, file)
    _add(block, "ChrgBr", CHARGES.get(scheme, "SHAR"))
    for transfer in transfers:
        _write_transfer(_add(block, "CdtTrfTxInf"), transfer, file.format)


def _write_totals(element: etree._Element, transfers: Sequence[Transfer]) -> None:
    total = sum((transfer.amount for transfer in transfers[1:]), transfers[0].amount)
    _add(element, "NbOfTxs", str(len(transfers)))
    _add(element, "CtrlSum", _decimal(total))


def _write_debtor_account(block: etree._Element, file: TransferFile) -> None:
    account, agent = _add(block, "DbtrAcct"), _add(_add(block, "DbtrAgt"), "FinInstnId")
    if IBAN.fullmatch(file.debtor_account):
        _add(_add(account, "Id"), "IBAN", file.debtor_account)
        _add(_add(agent, "Othr"), "Id", "NOTPROVIDED")
        return
    _write_number(account, file.debtor_account[6:])
    _write_sort_code(agent, file.debtor_account[:6])


def _write_transfer(element: etree._Element, transfer: Transfer, version: PaymentFormat) -> None:
    identification = _add(element, "PmtId")
    _add(identification, "InstrId", transfer.end_to_end_id)
    _add(identification, "EndToEndId", transfer.end_to_end_id)
    instructed = _add(_add(element, "Amt"), "InstdAmt", _decimal(transfer.amount))
    instructed.set("Ccy", transfer.amount.currency.code)
    _write_creditor(element, transfer.details, version)
    _add(_add(element, "RmtInf"), "Ustrd", latin(transfer.reference, LONGEST_TEXT))


def _write_creditor(element: etree._Element, details: BankDetails, version: PaymentFormat) -> None:
    """The payee's bank, the payee, the account, in the order of the schema."""
    agent = _add(_add(element, "CdtrAgt"), "FinInstnId")
    if details.iban:
        _add(agent, "BIC" if version is PaymentFormat.PAIN_03 else "BICFI", details.bic)
    else:
        _write_sort_code(agent, details.sort_code)
    _add(_add(element, "Cdtr"), "Nm", latin(details.account_name, LONGEST_NAME))
    account = _add(element, "CdtrAcct")
    if details.iban:
        _add(_add(account, "Id"), "IBAN", details.iban)
    else:
        _write_number(account, details.account_number)


def _write_sort_code(agent: etree._Element, sort_code: str) -> None:
    member = _add(agent, "ClrSysMmbId")
    _add(_add(member, "ClrSysId"), "Cd", "GBDSC")
    _add(member, "MmbId", sort_code)


def _write_number(account: etree._Element, number: str) -> None:
    other = _add(_add(account, "Id"), "Othr")
    _add(other, "Id", number)
    _add(_add(other, "SchmeNm"), "Cd", "BBAN")


def _decimal(amount: Money) -> str:
    return f"{amount.amount:.{minor_digits(amount.currency.code)}f}"


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    child.text = text
    return child
