"""Issuing a statement: once for what it knew, numbered, rendered and stored with its hash, in one transaction.

Names of documents are `<period>-<subject>`, such as `2026-Q3-L-0108`; a later one about the same adds `.2`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection, transaction

from borrowers.models import Organisation
from commonweal.access.models import User
from commonweal.documents.models import Document, DocumentFile, DocumentKind
from commonweal.documents.statements import RenderedDocument, render_investor_statement, render_loan_statement
from investors.models import Investor
from investors.statements import InvestorStatement
from loans.loan_statement import LoanStatement
from loans.statements import Issuer, StatementHead, StatementStatus

if TYPE_CHECKING:
    from ledger.models import Book

ONE_ISSUER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7415))"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a run of statements is about: period (end exclusive), status, the seal, who signs, and on which day."""

    issuer: Issuer
    period_start: date
    period_end: date
    status: StatementStatus
    seal: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Issued:
    """The document, and whether it stood already."""

    document: Document
    repeated: bool


def issue_loan_statement(
    build: Callable[[StatementHead], LoanStatement],
    *,
    book: Book,
    loan: str,
    organisation: Organisation,
    coverage: Coverage,
    by: User | None,
) -> Issued:
    """A loan's statement for its borrower. `build` makes it under the head that says its number.

    Safe to repeat: the same loan, period, status and seal give the document that stands, and `build` is not called.
    Raises StatementTooEarly, StatementDoesNotAdd, DocumentError, MissingSystemLibrary; then nothing is stored.
    """
    about = Document(book=book, kind=DocumentKind.LOAN_STATEMENT, subject=loan, organisation=organisation)
    return _issue(about, coverage, by, lambda head: render_loan_statement(build(head)))


def issue_investor_statement(
    build: Callable[[StatementHead], InvestorStatement],
    *,
    book: Book,
    investor: Investor,
    coverage: Coverage,
    by: User | None,
) -> Issued:
    """An investor's statement; otherwise as `issue_loan_statement`."""
    about = Document(book=book, kind=DocumentKind.INVESTOR_STATEMENT, subject=investor.code, investor=investor)
    return _issue(about, coverage, by, lambda head: render_investor_statement(build(head)))


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


def _issue(
    document: Document, coverage: Coverage, by: User | None, render: Callable[[StatementHead], RenderedDocument]
) -> Issued:
    """One at a time for each book, kind, subject and period: two runs at once make one document."""
    document.period_start, document.period_end = coverage.period_start, coverage.period_end
    with transaction.atomic(), connection.cursor() as cursor:
        about = (document.book_id, document.kind, document.subject, document.period_start, document.period_end)
        cursor.execute(ONE_ISSUER, [":".join(str(part) for part in about)])
        earlier = Document.objects.filter(
            book=document.book,
            kind=document.kind,
            subject=document.subject,
            period_start=document.period_start,
            period_end=document.period_end,
        ).order_by("-revision")
        standing = earlier.filter(status=coverage.status, seal=coverage.seal).first()
        if standing is not None:
            return Issued(standing, repeated=True)
        number_document(document, earlier.first())
        rendered = render(_head(document, coverage))
        _store(document, coverage, rendered, by)
    return Issued(document, repeated=False)


def number_document(document: Document, before: Document | None) -> None:
    """Number a document that is not stored yet: `before` is the latest about the same, which it replaces."""
    document.replaces, document.revision = before, before.revision + 1 if before else 1
    label = period_label(document.period_start, document.period_end)
    document.number = f"{label}-{document.subject}" + (f".{document.revision}" if before else "")


def _head(document: Document, coverage: Coverage) -> StatementHead:
    return StatementHead(
        issuer=coverage.issuer,
        number=document.number,
        status=coverage.status,
        period_start=coverage.period_start,
        period_end=coverage.period_end,
        issued_on=coverage.issued_on,
        seal=coverage.seal,
        replaces=document.replaces.number if document.replaces else "",
    )


def _store(document: Document, coverage: Coverage, rendered: RenderedDocument, by: User | None) -> None:
    document.file = DocumentFile.objects.create(sha256=rendered.sha256, content=rendered.pdf)
    document.size, document.renderer = len(rendered.pdf), rendered.renderer
    document.status, document.seal = coverage.status.value, coverage.seal
    document.issued_on, document.issued_by = coverage.issued_on, by
    document.save(force_insert=True)


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
