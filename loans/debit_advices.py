"""What do the banks report of Direct Debits? Files of ARUDD, ADDACS, AUDDIS and indemnity claims (DDICA), read safely.

Sources: the names in Bacs's advice files (newbacs-advices.xsd) as public readers of them have them:
`BACSDocument/Data/ARUDD` for unpaid collections, `BACSDocument/Data/MessagingAdvices` for mandates (record types A of
ADDACS, N and D of AUDDIS, V and R of a file as a whole), `VocaDocument/Data/Document/NewAdvices` for claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.domain.money import to_minor
from ledger.safe_xml import load_xml
from loans.domain.direct_debit.reasons import Report
from loans.domain.errors import DebitAdviceRefused

if TYPE_CHECKING:
    from lxml import etree

MAX_ADVICE_BYTES = 5 * 1024 * 1024
_AMOUNT = re.compile(r"[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]{1,2})?")
_MANDATE_REPORTS = {"A": Report.ADDACS, "N": Report.AUDDIS, "D": Report.AUDDIS}
_OF_THE_FILE = ("V", "R")


@dataclass(frozen=True, slots=True)
class Advice:
    """One report about a mandate or a collection; pence where it is of money, another account where one is told."""

    report: Report
    reference: str
    code: str
    on: date | None
    minor: int | None = None
    new_sort_code: str = ""
    new_account_number: str = ""


@dataclass(frozen=True, slots=True)
class AdviceFile:
    """All of one file, and whose service user number it is for."""

    user_number: str
    advices: tuple[Advice, ...]


def read_advices(content: bytes) -> AdviceFile:
    """A file of advices. Raises DebitAdviceRefused for any other file, and what `ledger.safe_xml.load_xml` raises."""
    root = load_xml(content, max_bytes=MAX_ADVICE_BYTES)
    for path, reader in _READERS.items():
        found = root.find(path)
        if found is not None:
            return reader(found)
    raise DebitAdviceRefused(
        "The file is none of ARUDD, ADDACS, AUDDIS or DDICA. Download the report from the Bacs payment services page "
        "as XML; nothing of it was recorded."
    )


def _arudd(report: etree._Element) -> AdviceFile:
    on = _said_day(_attribute(report.find("Header"), "currentProcessingDate"))
    items = report.iterfind("Advice/OriginatingAccountRecords/OriginatingAccountRecord/ReturnedDebitItem")
    return AdviceFile(
        _attribute(report.find("ServiceLicenseInformation"), "userNumber"),
        tuple(
            Advice(
                Report.ARUDD,
                _attribute(item, "ref").strip() or _attribute(item.find("PayerAccount"), "ref").strip(),
                _attribute(item, "returnCode")[:1].upper(),
                on,
                _pence(_attribute(item, "valueOf")),
            )
            for item in items
        ),
    )


def _messaging(report: etree._Element) -> AdviceFile:
    number = _attribute(report.find("MessagingHeader"), "user-number")
    return AdviceFile(number, tuple(_mandate_advices(report)))


def _mandate_advices(report: etree._Element) -> Iterator[Advice]:
    for item in report.iterfind("MessagingAdvice"):
        kind = _attribute(item, "record-type").upper()
        if kind in _OF_THE_FILE:
            continue
        if kind not in _MANDATE_REPORTS:
            raise DebitAdviceRefused(
                f"The file has records of type {kind!r}, which neither ADDACS nor AUDDIS has. Check where it is from; "
                "nothing of it was recorded."
            )
        yield Advice(
            _MANDATE_REPORTS[kind],
            _attribute(item, "reference").strip(),
            _attribute(item, "reason-code")[:1].upper(),
            _day(_attribute(item, "effective-date")),
            new_sort_code=re.sub(r"\D", "", _attribute(item, "payer-new-sort-code")),
            new_account_number=re.sub(r"\D", "", _attribute(item, "payer-new-account-number")),
        )


def _claims(report: etree._Element) -> AdviceFile:
    return AdviceFile(
        _text(report, "ServiceUserNumber"),
        tuple(
            Advice(
                Report.DDICA,
                _text(item, "SUReference"),
                _text(item, "ReasonCode")[:1].upper(),
                _said_day(_text(advices, "DateOfDebit")),
                _pence(_text(item, "TotalAmount")),
            )
            for advices in report.iterfind("NewAdvices")
            for item in advices.iterfind("DDICAdvice")
        ),
    )


_READERS = {"Data/ARUDD": _arudd, "Data/MessagingAdvices": _messaging, "Data/Document": _claims}


def _attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name, ""))


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _said_day(text: str) -> date:
    """The day of a report of collections, without which a file that comes again could not be known."""
    on = _day(text)
    if on is None:
        raise DebitAdviceRefused(
            "The file does not say of which day it is, so nobody can tell which collections it is of. Ask the bank; "
            "nothing of it was recorded."
        )
    return on


def _pence(text: str) -> int:
    plain = text.strip()
    if not _AMOUNT.fullmatch(plain):
        raise DebitAdviceRefused(
            f"The file has {text[:30]!r} where an amount such as 65.00 is due. Ask the bank; "
            "nothing of it was recorded."
        )
    return to_minor(Decimal(plain.replace(",", "")), "GBP")
