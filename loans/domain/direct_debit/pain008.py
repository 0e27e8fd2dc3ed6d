"""The file that asks SEPA banks for money: pain.008.001.02 and pain.008.001.08, core scheme.

Source: ISO 20022 Customer Direct Debit Initiation as the European Payments Council restricts it for the core scheme
("SEPA Direct Debit Core Customer-to-PSP Implementation Guidelines", EPC130-08). One PmtInf for each sequence type, as
the guidelines want it; control sums on the file and on each part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ledger.domain.bank_details import BankDetails
from loans.domain.direct_debit.signs import sepa_text
from loans.domain.errors import DebitSettingRefused

_CREDITOR = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")


class Pain008(StrEnum):
    """Versions of the message."""

    V02 = "pain.008.001.02"
    V08 = "pain.008.001.08"

    @property
    def bic(self) -> str:
        """What a BIC is called in it."""
        return "BIC" if self is Pain008.V02 else "BICFI"


class SequenceType(StrEnum):
    """Where a collection stands among those of its mandate, in the order of the parts of a file."""

    FIRST = "FRST"
    RECURRENT = "RCUR"
    FINAL = "FNAL"
    ONE_OFF = "OOFF"


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who asks: name, creditor identifier, and the account that is credited."""

    name: str
    identifier: str
    account: BankDetails


@dataclass(frozen=True, slots=True)
class SepaRecord:
    """One payer: the account, the mandate, what the payer reads, and cents. `end_to_end` tells collections apart."""

    sequence: SequenceType
    account: BankDetails
    mandate: str
    signed_on: date
    cents: int
    end_to_end: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A file as a whole: its identification and its days."""

    identification: str
    made_on: date
    collect_on: date
    version: Pain008 = Pain008.V08


def hold_creditor_identifier(identifier: str) -> None:
    """Raise DebitSettingRefused for a creditor identifier that is mistyped.

    Its check digits leave 1 by 97 over the national part and the country; the three signs of the business code, places
    5 to 7, do not count (EPC262-08).

    >>> hold_creditor_identifier("DE98ZZZ09999999999")
    """
    if not _CREDITOR.fullmatch(identifier):
        raise DebitSettingRefused(
            "identifier",
            f"{identifier!r} is no creditor identifier: a country, two digits, three signs of one's own and the "
            "national part, such as DE98ZZZ09999999999. Correct it; nothing was changed.",
        )
    counted = identifier[7:] + identifier[:4]
    if int("".join(str(int(sign, 36)) for sign in counted)) % 97 != 1:
        raise DebitSettingRefused(
            "identifier",
            f"The check digits of the creditor identifier {identifier} are wrong: it is mistyped. "
            "Correct it; nothing was changed.",
        )


def pain008(creditor: Creditor, records: Sequence[SepaRecord], message: Message) -> str:
    """The whole message as indented XML in UTF-8. The same rows give the same bytes."""
    root = Element("Document", xmlns=f"urn:iso:std:iso:20022:tech:xsd:{message.version}")
    initiation = SubElement(root, "CstmrDrctDbtInitn")
    _group_header(initiation, creditor, records, message)
    order = list(SequenceType)
    in_order = sorted(records, key=lambda one: order.index(one.sequence))
    for sequence, part in groupby(in_order, key=lambda one: one.sequence):
        _part(initiation, creditor, sequence, list(part), message)
    indent(root)
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _group_header(parent: Element, creditor: Creditor, records: Sequence[SepaRecord], message: Message) -> None:
    header = SubElement(parent, "GrpHdr")
    _add(header, "MsgId", message.identification)
    _add(header, "CreDtTm", f"{message.made_on.isoformat()}T00:00:00")
    _add_sums(header, records)
    _add(SubElement(header, "InitgPty"), "Nm", sepa_text(creditor.name))


def _part(
    parent: Element, creditor: Creditor, sequence: SequenceType, records: Sequence[SepaRecord], message: Message
) -> None:
    part = SubElement(parent, "PmtInf")
    _add(part, "PmtInfId", f"{message.identification}-{sequence}")
    _add(part, "PmtMtd", "DD")
    _add(part, "BtchBookg", "true")
    _add_sums(part, records)
    kind = SubElement(part, "PmtTpInf")
    _add(kind, "SvcLvl/Cd", "SEPA")
    _add(kind, "LclInstrm/Cd", "CORE")
    _add(kind, "SeqTp", sequence)
    _add(part, "ReqdColltnDt", message.collect_on.isoformat())
    _add(part, "Cdtr/Nm", sepa_text(creditor.name))
    _add(part, "CdtrAcct/Id/IBAN", creditor.account.iban)
    _add(part, f"CdtrAgt/FinInstnId/{message.version.bic}", creditor.account.bic)
    _add(part, "ChrgBr", "SLEV")
    other = _path(part, "CdtrSchmeId/Id/PrvtId/Othr")
    _add(other, "Id", creditor.identifier)
    _add(other, "SchmeNm/Prtry", "SEPA")
    for one in records:
        _collection(part, one, message)


def _collection(parent: Element, one: SepaRecord, message: Message) -> None:
    collection = SubElement(parent, "DrctDbtTxInf")
    _add(collection, "PmtId/EndToEndId", one.end_to_end)
    _add(collection, "InstdAmt", _euros(one.cents)).set("Ccy", "EUR")
    mandate = _path(collection, "DrctDbtTx/MndtRltdInf")
    _add(mandate, "MndtId", one.mandate)
    _add(mandate, "DtOfSgntr", one.signed_on.isoformat())
    _add(collection, f"DbtrAgt/FinInstnId/{message.version.bic}", one.account.bic)
    _add(collection, "Dbtr/Nm", sepa_text(one.account.account_name))
    _add(collection, "DbtrAcct/Id/IBAN", one.account.iban)
    _add(collection, "RmtInf/Ustrd", sepa_text(one.text, 140))


def _add_sums(parent: Element, records: Sequence[SepaRecord]) -> None:
    _add(parent, "NbOfTxs", str(len(records)))
    _add(parent, "CtrlSum", _euros(sum(one.cents for one in records)))


def _path(parent: Element, path: str) -> Element:
    for name in path.split("/"):
        parent = SubElement(parent, name)
    return parent


def _add(parent: Element, path: str, text: str) -> Element:
    element = _path(parent, path)
    element.text = str(text)
    return element


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
