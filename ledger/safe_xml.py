"""May this file be read as XML? Files from outside pass here: bounded in size, no DOCTYPE, no entity, no network."""

from __future__ import annotations

import codecs
import os
import re
from typing import Any, BinaryIO

from lxml import etree

from ledger.domain.bank_errors import BeyondXmlLimits, CutOff, HasDoctype, NotXml, TooLarge

ENCODINGS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
"""Encodings in which ASCII stands for itself, so that a DOCTYPE can be seen before any parser reads the file."""

MAX_MARKS = 1_000_000
"""More `<` and `=` than this is no statement: twenty thousand payments have fewer. It bounds the memory of the tree."""

SAFE_PARSING: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every parser of a file from outside is set."""

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_FIRST_TAG = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_RESOURCE_LIMIT = 114
"""libxml2's XML_ERR_RESOURCE_LIMIT: too deep, or a text of more than ten million characters."""


def read_at_most(file: BinaryIO, *, max_bytes: int) -> bytes:
    """The bytes of a file, or TooLarge: a longer file is refused by its length, and never read into memory whole."""
    size = _size(file)
    if size is not None:
        hold_size(size, max_bytes)
    data = file.read(max_bytes + 1)
    hold_size(len(data), max_bytes, at_least="at least ")
    return data


def load_xml(data: bytes, *, max_bytes: int) -> etree._Element:
    """The root element of an XML file from outside, comments and processing instructions left out.

    Raises TooLarge, NotXml, HasDoctype, CutOff and BeyondXmlLimits.
    """
    hold_size(len(data), max_bytes)
    if not data.strip():
        raise NotXml("The bank file is empty. Download it again.")
    encoding, data = _with_known_encoding(data)
    if b"<!DOCTYPE" in data:
        raise HasDoctype(
            "The bank file carries a DOCTYPE, by which it could reach for other files; bank statements have none. "
            "Ask the bank where the file is from."
        )
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise BeyondXmlLimits(f"The bank file has over {MAX_MARKS:,} tags and attributes. Ask for shorter periods.")
    return _parse(data.lstrip(), encoding)


def _parse(data: bytes, encoding: str) -> etree._Element:
    parser = etree.XMLParser(encoding=encoding, **SAFE_PARSING)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _in_plain_words(error, data) from error


def _in_plain_words(error: etree.XMLSyntaxError, data: bytes) -> Exception:
    where = f"line {error.lineno}, column {error.offset}"
    if getattr(error, "code", None) == _RESOURCE_LIMIT:
        return BeyondXmlLimits(f"The bank file is nested too deeply or has too long a text at {where}. Ask the bank.")
    if _is_cut_off(data):
        return CutOff(f"The bank file of {len(data):,} bytes ends in the middle, at {where}. Download it again.")
    return NotXml(
        f"The bank file is not XML at {where} ({error.msg.partition(', line')[0]}). "
        "Download the statement again as CAMT.053 (XML), not as CSV, PDF or a web page."
    )


def _is_cut_off(data: bytes) -> bool:
    """Whether the file begins as XML and its outermost element is never closed."""
    if not data.removeprefix(codecs.BOM_UTF8).startswith(b"<"):
        return False
    outermost = _FIRST_TAG.search(data)
    if outermost is None:
        return True
    if outermost[1].lower() == b"html":
        return False
    return not re.search(rb"</" + re.escape(outermost[1]) + rb"\s*>\s*\Z", data[-1000:])


def _with_known_encoding(data: bytes) -> tuple[str, bytes]:
    """An encoding of ENCODINGS and the bytes in it; UTF-16 is written anew as UTF-8. Raises NotXml for any other."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _unknown_encoding("UTF-32")
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        beginning = "<".encode(encoding)
        if data.startswith(bom) or data[:2] == beginning:
            return "utf-8", _from_utf_16(data.removeprefix(bom), encoding)
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", data.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(data)
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding.startswith("utf-16"):
        return "utf-8", data
    if encoding not in ENCODINGS:
        raise _unknown_encoding(encoding)
    return encoding, data


def _from_utf_16(data: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(data).encode()
    except UnicodeDecodeError as error:
        raise NotXml(f"The bank file is not UTF-16 text at byte {error.start:,}. Download it again.") from error


def _unknown_encoding(encoding: str) -> NotXml:
    known = ", ".join(sorted(ENCODINGS | {"utf-16"}))
    return NotXml(f"The bank file is written in {encoding}; read are {known}. Ask the bank for UTF-8.")


def _size(file: BinaryIO) -> int | None:
    """The length of what is left of a file, where the file can tell without being read."""
    if not file.seekable():
        return None
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


def hold_size(size: int, max_bytes: int, at_least: str = "") -> None:
    """Raises TooLarge where a file has more bytes than the limit."""
    if size > max_bytes:
        raise TooLarge(
            f"The bank file has {at_least}{size:,} bytes and the limit is {max_bytes:,}: "
            f"{size - max_bytes:,} too many. Ask the bank for shorter periods, one file each."
        )
