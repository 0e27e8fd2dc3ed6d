"""Is this OFX, of which generation, and in which encoding is it written? (OFX 1.6 §2.2, OFX 2.3 §2.2.)"""

from __future__ import annotations

import codecs
import re

from ledger.domain.bank_errors import NotOfx, WrongEncoding

_OFX_1 = re.compile(rb"\A\s*(?:OFXHEADER\s*:|<OFX>)")
_OFX_2 = re.compile(rb"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?(?:<\?OFX\b|<OFX>)", re.DOTALL)
_FIELD = re.compile(rb"([A-Z]{4,12})\s*:\s*([^\s<]{0,40})")
_CHARSETS = {"1252": "cp1252", "8859-1": "iso-8859-1", "ISO-8859-1": "iso-8859-1", "UTF-8": "utf-8", "NONE": "cp1252"}
_LONGEST = 2000
"""Bytes of a header: nine short fields are far fewer."""


def is_ofx(head: bytes) -> bool:
    """Whether the first bytes of a file are OFX, of either generation.

    >>> is_ofx(b"OFXHEADER:100"), is_ofx(b"<Document/>")
    (True, False)
    """
    return is_sgml(head) or bool(_OFX_2.match(head.removeprefix(codecs.BOM_UTF8)))


def is_sgml(data: bytes) -> bool:
    """Whether a file has the header of OFX 1, or none."""
    return bool(_OFX_1.match(data.removeprefix(codecs.BOM_UTF8)))


def body_of_sgml(data: bytes) -> str:
    """The text of an OFX 1 file behind its header. Raises NotOfx and WrongEncoding.

    Many banks write UTF-8 and call it 1252. What is UTF-8 throughout is read as that: no other text is so by chance.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    end = data.find(b"<", 0, _LONGEST)
    if end < 0:
        raise NotOfx("The OFX file has a header and nothing behind it. Download it again.")
    fields = {name.decode(): value.decode("ascii", "replace").upper() for name, value in _FIELD.findall(data[:end])}
    if fields.get("COMPRESSION", "NONE") != "NONE" or fields.get("SECURITY", "NONE") != "NONE":
        raise NotOfx("The OFX file is compressed or encrypted. Download it as a plain file.")
    try:
        return data[end:].decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data[end:], fields)


def _decoded(body: bytes, fields: dict[str, str]) -> str:
    named = fields.get("CHARSET", "") or "NONE"
    encoding = "utf-8" if fields.get("ENCODING") in ("UTF-8", "UNICODE") else _CHARSETS.get(named)
    if encoding is None:
        raise WrongEncoding(f"The OFX file is written in {named}; read are UTF-8, 1252 and ISO-8859-1. Ask the bank.")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise WrongEncoding(
            f"The OFX file says that it is written in {encoding}; line {line} behind its header is not. "
            "Download it again, then ask the bank."
        ) from error
