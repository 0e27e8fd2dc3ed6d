"""Issuing a pack: stored with its hash like every document, and no new one where the bytes are those that stand."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection, transaction

from commonweal.access.models import User
from commonweal.documents.auditors_pack.about import PackAbout, software_version
from commonweal.documents.issuing import ONE_ISSUER, Issued, number_document
from commonweal.documents.models import Document, DocumentFile, DocumentKind, DocumentStatus
from commonweal.documents.renderer import renderer_version


def issue_pack(about: PackAbout, content: bytes, *, by: User | None) -> Issued:
    """Store the bytes of a pack under a number of its own; the latest of the same days and bytes is given again.

    A pack can say more under the same seal: that its days were closed, or opened again. So it is told by its bytes.
    """
    digest, book = sha256(content).hexdigest(), about.book
    pack = Document(
        book=book,
        kind=DocumentKind.AUDITORS_PACK,
        subject=book.code,
        period_start=about.starts_on,
        period_end=about.ends_on,
        status=DocumentStatus.FINAL if about.is_closed else DocumentStatus.PROVISIONAL,
        seal=about.seal_text,
        renderer=f"commonweal {software_version()} {renderer_version()}",
        size=len(content),
        issued_on=book.business_date,
        issued_by=by,
    )
    days = {"period_start": pack.period_start, "period_end": pack.period_end}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_ISSUER, [f"{book.pk}:{pack.kind}:{about.starts_on}:{about.ends_on}"])
        before = Document.objects.filter(book=book, kind=pack.kind, **days).order_by("-revision").first()
        if before is not None and before.file_id == digest:
            return Issued(before, repeated=True)
        number_document(pack, before)
        pack.file, _ = DocumentFile.objects.get_or_create(sha256=digest, defaults={"content": content})
        pack.save(force_insert=True)
    return Issued(pack, repeated=False)
