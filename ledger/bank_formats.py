"""In which format is a bank's file? Recognised by what stands in it; its name says nothing."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ledger.camt053 import parse_camt053
from ledger.domain.bank_errors import NotABankFile
from ledger.domain.bank_statement import ParsedStatement
from ledger.ofx import is_ofx, parse_ofx

_HEAD = 4096
"""So many bytes tell the format."""
_ASK = "Ask the bank for CAMT.053 or OFX."
_OTHERS = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a spreadsheet or an archive"), (b":20:", "MT940"), (b"{1:F01", "MT940"))


class Reader(Protocol):
    """Reads the statements of a file. Raises BankFileError and no other error, for any bytes whatever."""

    def __call__(self, data: bytes, *, max_bytes: int) -> tuple[ParsedStatement, ...]: ...


@dataclass(frozen=True, slots=True)
class BankFormat:
    """A format of bank files: how it is recognised by the first bytes of a file, and how it is read."""

    code: str
    name: str
    content_type: str
    recognises: Callable[[bytes], bool]
    read: Reader


def _is_xml(head: bytes) -> bool:
    return head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").startswith(b"<")


CAMT053 = BankFormat("camt053", "CAMT.053", "application/xml", _is_xml, parse_camt053)
OFX = BankFormat("ofx", "OFX", "application/x-ofx", is_ofx, parse_ofx)
FORMATS = (OFX, CAMT053)
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
    return next((each for each in FORMATS if each.recognises(head)), None)
