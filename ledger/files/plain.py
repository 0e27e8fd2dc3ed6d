"""Is this PDF, picture or text whole, and does it carry nothing that runs?"""

from __future__ import annotations

import re

from ledger.domain.file_errors import ActiveContent, DamagedFile, EncryptedFile, TwoFilesInOne

TAIL = 2048
"""A PDF's end mark stands this near its end."""

_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ENCRYPT = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_PDF_RUNS = re.compile(rb"/(?:JavaScript|Launch|RichMedia|XFA)(?=[\s/<>\[\]()%])")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_text(content: bytes) -> bool:
    """Whether the bytes are text, by their beginning: no sign that only programs read."""
    return _CONTROL.search(content[:4096]) is None


def check_text(name: str, content: bytes) -> None:
    """Refuse text that is not UTF-8, or holds control signs. Raises DamagedFile."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DamagedFile(
            f"{name} is not UTF-8 text in line {line:,}. Save it as UTF-8: in Excel as “CSV UTF-8”."
        ) from error
    if found := _CONTROL.search(content):
        line = content.count(b"\n", 0, found.start()) + 1
        raise DamagedFile(f"{name} holds the control sign U+{found[0][0]:04X} in line {line:,}. Save it as plain text.")


def check_pdf(name: str, content: bytes) -> None:
    """Refuse a PDF that is cut off, encrypted, or runs scripts that can be seen. Raises DamagedFile and others.

    What lies in compressed object streams is not looked into: a viewer that heeds scripts is a viewer to replace.
    """
    if b"%%EOF" not in content[-TAIL:]:
        raise DamagedFile(f"{name} ends in the middle: a PDF ends with %%EOF. Save it anew or send it again.")
    if _PDF_ENCRYPT.search(content):
        raise EncryptedFile(f"{name} is locked: a password or restrictions are set in it. Save it without.")
    plain = _NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if found := _PDF_RUNS.search(plain):
        raise ActiveContent(f"{name} carries something that runs ({found[0].decode()}). Print it to a new PDF.")


def check_png(name: str, content: bytes) -> None:
    """Refuse a PNG that does not end with its last chunk. Raises DamagedFile and TwoFilesInOne."""
    at = 8
    while content[at + 4 : at + 8] != b"IEND":
        if len(content) < at + 12:
            raise DamagedFile(f"{name} ends in the middle: its picture is not whole. Send it again.")
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    if len(content) < at + 12:
        raise DamagedFile(f"{name} ends in the middle: its picture is not whole. Send it again.")
    if len(content) > at + 12:
        raise TwoFilesInOne(f"{name} has {len(content) - at - 12:,} bytes behind its picture. Save the picture anew.")


def check_jpeg(name: str, content: bytes) -> None:
    """Refuse a JPEG without an end; phones put more pictures behind it. Raises DamagedFile."""
    if b"\xff\xd9" not in content:
        raise DamagedFile(f"{name} ends in the middle: its picture is not whole. Send it again.")
