"""In which format is a bank's file? Recognised by what stands in it; its name says nothing."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ledger.bank_csv import MappedAccount, is_csv, parse_csv
from ledger.camt053 import parse_camt053
from ledger.domain.bank_errors import MappingNeeded, NotABankFile
from ledger.domain.bank_statement import ParsedStatement
from ledger.ofx import is_ofx, parse_ofx

_HEAD = 4096
"""So many bytes tell the format."""
_ASK = "Ask the bank for CAMT.053, OFX or CSV."
_OTHERS = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a spreadsheet or an archive"), (b":20:", "MT940"), (b"{1:F01", "MT940"))


class Reader(Protocol):
    """Reads the statements of a file. Raises BankFileError and no other error, for any bytes whatever.

    `mapped` is the account of a file that does not say it, and how its columns are read.
    """

    def __call__(self, data: bytes, *, max_bytes: int, mapped: MappedAccount | None) -> tuple[ParsedStatement, ...]: ...


@dataclass(frozen=True, slots=True)
class BankFormat:
    """A format of bank files: how it is recognised by the first bytes of a file, and how it is read."""

    code: str
    name: str
    content_type: str
    recognises: Callable[[bytes], bool]
    read: Reader
    is_mapped: bool = False
    """Whether it is read by a mapping that is kept for the bank account."""


def _is_xml(head: bytes) -> bool:
    return head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").startswith(b"<")


def _read_camt053(data: bytes, *, max_bytes: int, mapped: MappedAccount | None) -> tuple[ParsedStatement, ...]:
    return parse_camt053(data, max_bytes=max_bytes)


def _read_ofx(data: bytes, *, max_bytes: int, mapped: MappedAccount | None) -> tuple[ParsedStatement, ...]:
    return parse_ofx(data, max_bytes=max_bytes)


def _read_csv(data: bytes, *, max_bytes: int, mapped: MappedAccount | None) -> tuple[ParsedStatement, ...]:
    if mapped is None:
        raise MappingNeeded("The CSV file has no mapping. Bring it in at the desk and confirm the mapping.")
    return parse_csv(data, max_bytes=max_bytes, mapped=mapped)


CAMT053 = BankFormat("camt053", "CAMT.053", "application/xml", _is_xml, _read_camt053)
OFX = BankFormat("ofx", "OFX", "application/x-ofx", is_ofx, _read_ofx)
CSV = BankFormat("csv", "CSV", "text/csv", is_csv, _read_csv, is_mapped=True)
FORMATS = (OFX, CAMT053, CSV)
"""The first that recognises a file is taken; CAMT.053 says what is wrong with any other XML."""


def format_of(content: bytes) -> BankFormat:
    """The format of a file. Raises NotABankFile, naming what the file seems to be.

    >>> format_of(b"OFXHEADER:100").name
    'OFX'
    """
    if found := _recognised(content):
        return found
    head = content[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    if not head:
        raise NotABankFile(f"The bank file is empty. {_ASK}")
    seems = next((name for start, name in _OTHERS if head.startswith(start)), "of no format that is read")
    raise NotABankFile(f"The bank file is {seems}. {_ASK}")


def content_type_of(content: bytes) -> str:
    """The content type under which a file is kept, whether it can be read or not."""
    found = _recognised(content)
    return found.content_type if found else "application/octet-stream"


def _recognised(content: bytes) -> BankFormat | None:
    head = content[:_HEAD]
    if head.startswith(tuple(start for start, _ in _OTHERS)):
        return None
    return next((each for each in FORMATS if each.recognises(head)), None)
