"""What would the fund's bank send? Writes a bank statement as a CAMT.053.001.08 file, the same bytes every time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree
from moneyed import Money

from ledger.domain.bank_statement import ParsedLine, ParsedStatement
from ledger.domain.money import minor_digits

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_AS_DEFAULT: dict[Any, str] = {None: NAMESPACE}


def write_camt053(statement: ParsedStatement) -> bytes:
    """A file that parses back to the statement; `notes` are the reader's and are not written."""
    document = etree.Element(f"{{{NAMESPACE}}}Document", nsmap=_AS_DEFAULT)
    message = _add(document, "BkToCstmrStmt")
    _write_header(_add(message, "GrpHdr"), statement)
    element = _add(message, "Stmt")
    _add(element, "Id", statement.statement_id)
    _add(element, "CreDtTm", _at(statement.to_on, "23:00:00"))
    period = _add(element, "FrToDt")
    _add(period, "FrDtTm", _at(statement.from_on, "00:00:00"))
    _add(period, "ToDtTm", _at(statement.to_on, "23:59:59"))
    _write_account(_add(element, "Acct"), statement)
    for code, on, balance in (
        ("OPBD", statement.from_on, statement.opening),
        ("CLBD", statement.to_on, statement.closing),
    ):
        if balance is not None:
            _write_balance(_add(element, "Bal"), code, on, balance)
    _write_summary(_add(element, "TxsSummry"), statement)
    for line in statement.lines:
        _write_entry(_add(element, "Ntry"), line)
    etree.indent(document)
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _write_header(element: etree._Element, statement: ParsedStatement) -> None:
    _add(element, "MsgId", statement.statement_id)
    _add(element, "CreDtTm", _at(statement.to_on, "23:00:00"))


def _write_account(element: etree._Element, statement: ParsedStatement) -> None:
    identification = _add(element, "Id")
    account = statement.account_identification
    if account[:2].isalpha() and account[2:4].isdigit():
        _add(identification, "IBAN", account)
    else:
        _add(_add(identification, "Othr"), "Id", account)
    _add(element, "Ccy", statement.currency)


def _write_balance(element: etree._Element, code: str, on: date, balance: Money) -> None:
    _add(_add(_add(element, "Tp"), "CdOrPrtry"), "Cd", code)
    _write_signed(element, balance)
    _add(_add(element, "Dt"), "Dt", on.isoformat())


def _write_summary(element: etree._Element, statement: ParsedStatement) -> None:
    signed, digits = [line.amount.amount for line in statement.lines], minor_digits(statement.currency)
    for name, amounts in (
        ("TtlNtries", signed),
        ("TtlCdtNtries", [amount for amount in signed if amount > 0]),
        ("TtlDbtNtries", [amount for amount in signed if amount < 0]),
    ):
        total = _add(element, name)
        _add(total, "NbOfNtries", str(len(amounts)))
        _add(total, "Sum", f"{sum(map(abs, amounts), Decimal()):.{digits}f}")


def _write_entry(element: etree._Element, line: ParsedLine) -> None:
    _write_signed(element, line.amount)
    _add(_add(element, "Sts"), "Cd", "BOOK")
    _add(_add(element, "BookgDt"), "Dt", line.booked_on.isoformat())
    _add(_add(element, "ValDt"), "Dt", line.value_on.isoformat())
    if line.bank_reference:
        _add(element, "AcctSvcrRef", line.bank_reference)
    details = _add(_add(element, "NtryDtls"), "TxDtls")
    _add(_add(details, "Refs"), "EndToEndId", "NOTPROVIDED")
    if line.counterparty:
        role = "Dbtr" if line.amount.amount > 0 else "Cdtr"
        _add(_add(_add(_add(details, "RltdPties"), role), "Pty"), "Nm", line.counterparty)
    if line.reference:
        _add(_add(details, "RmtInf"), "Ustrd", line.reference)
    if line.description:
        _add(element, "AddtlNtryInf", line.description)


def _write_signed(element: etree._Element, money: Money) -> None:
    digits = minor_digits(money.currency.code)
    _add(element, "Amt", f"{abs(money.amount):.{digits}f}").set("Ccy", money.currency.code)
    _add(element, "CdtDbtInd", "DBIT" if money.amount < 0 else "CRDT")


def _at(on: date, time: str) -> str:
    return f"{on.isoformat()}T{time}"


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child
