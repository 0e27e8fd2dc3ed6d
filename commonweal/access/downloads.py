"""Handing out a file that somebody sent: as a download under a name of ours, which no browser runs or shows."""

from __future__ import annotations

from django.http import HttpResponse

from commonweal.access.models import User
from commonweal.access.reads import record_read
from ledger.queries import attachment
from loans.models import StoredFile

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def handed_out(*, name: str, content_type: str, content: bytes) -> HttpResponse:
    """The bytes as a download; the caller has looked the file up among those that the person may see."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def kept_file_response(user: User, file: StoredFile) -> HttpResponse:
    """A document kept with a business or a loan; the reading is recorded."""
    record_read(user=user, what="file", subject=file.opaque_name)
    found = attachment(file.attachment_id)
    content = bytes(found.content) if found else b""
    return handed_out(name=file.download_name, content_type=file.content_type, content=content)
