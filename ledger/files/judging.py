"""What is this file, and may it be kept? Told by its content, which has to agree with its name."""

from __future__ import annotations

import re

from ledger.domain.file_errors import FileTooLarge, NotWhatItsName, TwoFilesInOne, UnknownFileType
from ledger.domain.file_kinds import FileKind, in_words, kind_named
from ledger.files.containers import ZIP_END, ZIP_START, open_container
from ledger.files.office import OLD_OFFICE, check_office, office_kind, refuse_old_office
from ledger.files.parts import KEPT, Meter, XmlBounds
from ledger.files.plain import check_jpeg, check_pdf, check_png, check_text, is_text

MAX_FILE_BYTES = 10 * 1024 * 1024
ALL_KINDS = frozenset(FileKind)

STARTS = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
}
CHECKS = {FileKind.PDF: check_pdf, FileKind.PNG: check_png, FileKind.JPEG: check_jpeg}

ZIP_COMMENT_AT_MOST = 65_557
"""A zip's end record lies this near the end of a file, however long its comment is."""

_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)


def judge_file(
    name: str,
    content: bytes,
    *,
    among: frozenset[FileKind] = ALL_KINDS,
    max_bytes: int = MAX_FILE_BYTES,
    xml: XmlBounds = KEPT,
) -> FileKind:
    """The type of a file that may be kept.

    Nothing is unpacked before it is known how much that would be, and no more than `xml` is looked through. Raises a
    FileRefused: FileTooLarge, UnknownFileType, NotWhatItsName, DamagedFile, UnpacksTooLarge, TooMuchToRead,
    EncryptedFile, ActiveContent, HasExternalLink and TwoFilesInOne.
    """
    if not 0 < len(content) <= max_bytes:
        raise FileTooLarge(f"{name} has {len(content):,} bytes; 1 to {max_bytes:,} are taken. Send a smaller file.")
    named, kind = kind_named(name), _kind(name, content, xml)
    if kind is not named and {kind, named} != {FileKind.CSV, FileKind.TEXT}:
        raise NotWhatItsName(
            f"{name} is {'an' if kind is FileKind.XLSX else 'a'} {kind} file by its content, and its name says "
            f"otherwise. Name it {kind.endings[0]}, or save it anew as what its name says."
        )
    found = named or kind
    if found not in among:
        raise UnknownFileType(f"{name} is {found}; here {in_words(among)} is taken. Save it as that.")
    _refuse_two_in_one(name, content, found)
    if found in CHECKS:
        CHECKS[found](name, content)
    return found


def _kind(name: str, content: bytes, xml: XmlBounds) -> FileKind:
    for kind, start in STARTS.items():
        if content.startswith(start):
            return kind
    if content.startswith(ZIP_START):
        container, meter = open_container(name, content), Meter(name, xml)
        kind = office_kind(name, container, meter)
        check_office(name, container, meter)
        return kind
    if content.startswith(OLD_OFFICE):
        refuse_old_office(name, content)
    if not is_text(content):
        raise _unknown(name)
    if _MARKUP.search(content[:1024]) or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"%!PS")):
        raise _unknown(name, "it is written in a language that browsers and printers run (HTML, SVG, XML), and ")
    check_text(name, content)
    return FileKind.CSV if kind_named(name) is FileKind.CSV else FileKind.TEXT


def _unknown(name: str, why: str = "") -> UnknownFileType:
    return UnknownFileType(f"{name} is not kept: {why}taken are {in_words(ALL_KINDS)} files. Save it as one of these.")


def _refuse_two_in_one(name: str, content: bytes, kind: FileKind) -> None:
    """Refuse what other programs would take for something else: a web page before a PDF, a zip behind a picture."""
    other = ""
    if kind in STARTS and _MARKUP.search(content[:1024]):
        other = "a web page"
    elif kind is not FileKind.PDF and b"%PDF-" in content[:1024]:
        other = "a PDF"
    elif kind in STARTS and _ends_as_zip(content):
        other = "a zip file"
    if other:
        raise TwoFilesInOne(f"{name} is {kind} and can be read as {other} too. Ask where it is from.")


def _ends_as_zip(content: bytes) -> bool:
    """Whether a zip's end record stands there whose comment ends where the file does."""
    tail = content[-ZIP_COMMENT_AT_MOST:]
    at = tail.rfind(ZIP_END)
    return at >= 0 and len(tail) >= at + 22 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") <= len(tail)
