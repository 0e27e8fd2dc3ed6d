"""Handing a stored document to somebody who may have it, and noting that they did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpResponse

from commonweal.access.models import User
from commonweal.access.reads import record_read
from commonweal.access.scope import documents_for
from commonweal.documents.issuing import content
from commonweal.documents.list_files import Sheet
from commonweal.documents.models import Document, DocumentFile, DocumentKind, PreparedStatement
from commonweal.documents.words import plain

if TYPE_CHECKING:
    from ledger.models import Book


MOST_ISSUED = 6
"""Statements named on the page about impact; all stand among the documents."""


def documents_sheet(documents: Iterable[Document]) -> Sheet:
    """The list of what was issued to somebody."""
    headings = ("Number", "From", "To", "State", "Issued on", "File")
    rows = [
        (one.number, one.period_start, one.last_day, str(one.status), one.issued_on, one.file_name) for one in documents
    ]
    return Sheet("statements", headings, rows)


def issued_impact_statements(user: User, book: Book) -> QuerySet[Document]:
    """The impact statements of a whole fund that somebody may read, the latest of each period, the latest first."""
    found = documents_for(user).filter(book=book, kind=DocumentKind.IMPACT_STATEMENT, replaced_by=None)
    return found.order_by("-period_end", "-pk")[:MOST_ISSUED]


def document_response(user: User, document: Document) -> HttpResponse:
    """The file as a download. The caller has looked the document up among those that the person may see."""
    record_read(user=user, what="document", subject=str(document.pk))
    response = HttpResponse(content(document), content_type=document.content_type)
    response["Content-Disposition"] = f'attachment; filename="{document.file_name}"'
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{document.sha256}"'
    return response


def prepared_response(user: User, prepared: PreparedStatement) -> HttpResponse:
    """A statement that is prepared and may not be published yet, to be looked at; the reading is noted."""
    record_read(user=user, what="prepared statement", subject=str(prepared.pk))
    pdf = bytes(DocumentFile.objects.values_list("content", flat=True).get(pk=prepared.file_id))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{prepared.run}-{plain(prepared.number)}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
