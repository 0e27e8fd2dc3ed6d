"""Statements as a run of one publishes them, for tests that need a document and not what it says."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from commonweal.documents.issuing import period_label
from commonweal.documents.models import Document, DocumentFile, PreparedStatement, StatementRun
from commonweal.documents.runs import publish_run, run_sha256
from ledger.models import Book
from tests.builders import make_user

QUARTERS = {2: (date(2026, 4, 1), date(2026, 7, 1)), 3: (date(2026, 7, 1), date(2026, 10, 1))}


def prepare_file(book: Book, subject: str, content: bytes, quarter: int = 2, **recipient: Any) -> StatementRun:
    """A run of one statement for a quarter of 2026, prepared with these bytes and not decided; the fund's own impact
    statement where it is for nobody alone."""
    kinds = {"organisation": "loan-statement", "investor": "investor-statement"}
    kind = next((kinds[key] for key in recipient), "impact-statement")
    run = StatementRun.objects.create(
        book=book,
        period_start=QUARTERS[quarter][0],
        period_end=QUARTERS[quarter][1],
        status="provisional",
        seal="s",
        issued_on=date(2026, 10, 2),
        planned=[[kind, subject]],
        prepared_by=make_user(),
    )
    add_prepared(run, kind, subject, content, **recipient)
    return run


def add_prepared(run: StatementRun, kind: str, subject: str, content: bytes, **recipient: Any) -> PreparedStatement:
    """One more statement of a run with these bytes, whether it was planned or not."""
    return PreparedStatement.objects.create(
        run=run,
        kind=kind,
        subject=subject,
        number=f"{period_label(run.period_start, run.period_end)}-{subject}",
        revision=1,
        file=DocumentFile.objects.create(sha256=sha256(content).hexdigest(), content=content),
        size=len(content),
        renderer="r",
        figures_sha256="",
        **recipient,
    )


def publish_file(book: Book, subject: str, content: bytes, **recipient: Any) -> Document:
    """The same for the third quarter, published."""
    run = prepare_file(book, subject, content, quarter=3, **recipient)
    publish_run(run=run, shown_sha256=run_sha256(run), by=make_user())
    return Document.objects.get(prepared__run=run)
