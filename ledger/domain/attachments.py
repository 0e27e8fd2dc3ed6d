"""What is the file behind a journal called, where everybody who may read the journal sees it?"""

from __future__ import annotations

from ledger.domain.file_kinds import FileKind

ENDINGS = {kind.content_type: kind.endings[0] for kind in FileKind} | {
    "application/xml": ".xml",
    "application/x-ofx": ".ofx",
}


def file_name(journal: int, content_type: str) -> str:
    """A name from the journal's number: a file is kept by its content, so its own name may be another uploader's.

    >>> file_name(12, "text/csv"), file_name(12, "text/plain")
    ('journal-12.csv', 'journal-12.txt')
    """
    return f"journal-{journal}{ENDINGS.get(content_type, '.txt')}"
