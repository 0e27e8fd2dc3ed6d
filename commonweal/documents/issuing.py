"""What an issued document is called, who signs it, its stored bytes, and whether a file is one of them.

Names of documents are `<period>-<subject>`, such as `2026-Q3-L-0108`; a later one about the same adds `.2`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from commonweal.documents.models import Document, DocumentFile
from loans.statements import Issuer

if TYPE_CHECKING:
    from ledger.models import Book

ONE_ISSUER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7415))"


@dataclass(frozen=True, slots=True)
class Issued:
    """The document, and whether it stood already."""

    document: Document
    repeated: bool


def issuer_of(book: Book) -> Issuer:
    """How a book's fund signs: its name, address, registration and contact, as far as they were given."""
    return Issuer(
        name=book.fund_name,
        address=tuple(line.strip() for line in book.address.splitlines() if line.strip()),
        registration=book.registration,
        contact_name=book.contact_name,
        contact_phone=book.contact_phone,
        contact_email=book.contact_email,
    )


def period_label(start: date, end: date) -> str:
    """A period in a document's number, `end` exclusive: `2026`, `2026-Q3`, `2026-09`, or its first and last day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day == end.day == 1:
        if months == 12 and start.month == 1:
            return f"{start.year}"
        if months == 3 and start.month % 3 == 1:
            return f"{start.year}-Q{start.month // 3 + 1}"
        if months == 1:
            return f"{start:%Y-%m}"
    return f"{start:%Y%m%d}-{end - timedelta(days=1):%Y%m%d}"


def impact_subject(book: Book) -> str:
    """What the impact statement of a whole fund is about; the book's code alone is what an auditor's pack is about."""
    return f"{book.code}-impact"


def number_document(document: Document, before: Document | None) -> None:
    """Number a document that is not stored yet: `before` is the latest about the same, which it replaces."""
    document.replaces, document.revision = before, before.revision + 1 if before else 1
    document.number = number_of(document.period_start, document.period_end, document.subject, document.revision)


def number_of(start: date, end: date, subject: str, revision: int) -> str:
    """The number of a document about a subject and a period, `end` exclusive."""
    return f"{period_label(start, end)}-{subject}" + (f".{revision}" if revision > 1 else "")


def content(document: Document) -> bytes:
    """The stored bytes of a document."""
    return bytes(DocumentFile.objects.values_list("content", flat=True).get(pk=document.file_id))


def recognise(file: bytes) -> Document | None:
    """Which issued document is this very file? None for a file of which a single byte is other, or that is not ours."""
    return by_sha256(sha256(file).hexdigest())


def by_sha256(digest: str) -> Document | None:
    """The issued document whose bytes have this SHA-256, however its letters are written; None if there is none."""
    return Document.objects.filter(file=digest.strip().lower()).select_related("book").first()


def verify(document: Document) -> list[str]:
    """What is wrong with a stored document, in sentences; empty when its bytes are those that were issued."""
    stored = content(document)
    found = []
    if sha256(stored).hexdigest() != document.sha256:
        found.append(f"Document {document.number}: its bytes do not have the SHA-256 under which they were issued.")
    if len(stored) != document.size:
        found.append(f"Document {document.number}: {len(stored)} bytes are stored, and {document.size} were issued.")
    return found
