"""Which types of files are taken from outside, and what are they called?"""

from __future__ import annotations

from enum import Enum


class FileKind(Enum):
    """A type of file: its content type and the endings that its name may have, the usual one first."""

    PDF = "application/pdf", (".pdf",)
    PNG = "image/png", (".png",)
    JPEG = "image/jpeg", (".jpg", ".jpeg")
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)
    CSV = "text/csv", (".csv",)
    TEXT = "text/plain", (".txt",)

    def __init__(self, content_type: str, endings: tuple[str, ...]) -> None:
        self.content_type = content_type
        self.endings = endings

    def __str__(self) -> str:
        return self.name if self is not FileKind.TEXT else "text"


def kind_named(name: str) -> FileKind | None:
    """The type that a file's name tells by its last ending, in capitals or not.

    >>> str(kind_named("Accounts 2025.PDF")), kind_named("accounts.pdf.exe")
    ('PDF', None)
    """
    ending = f".{name.rpartition('.')[2]}".lower()
    return next((kind for kind in FileKind if ending in kind.endings), None)


def in_words(kinds: frozenset[FileKind]) -> str:
    """Several types in a sentence, in their usual order.

    >>> in_words(frozenset({FileKind.CSV, FileKind.XLSX}))
    'XLSX or CSV'
    """
    names = [str(kind) for kind in FileKind if kind in kinds]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
