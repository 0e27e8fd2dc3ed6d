"""How much may somebody send? Judged by the length that a request declares, before a byte of it is read.

It stands before the session, the log-in and the form protection, which reads a form's files to find its token: so
nobody who has not logged in makes the server take in what no page of it would take.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from commonweal.access.envelope import is_api, refusal
from ledger.files import MAX_FILE_BYTES
from ledger.services import MAX_BANK_FILE_BYTES

AROUND_A_FILE = 512 * 1024
"""What a form or JSON has besides its file."""

IN_BASE64 = 4 / 3

LARGEST_BOOK = 2 * MAX_FILE_BYTES
"""All files together of a book of loans that moves in."""

LARGEST = {
    "desk:bank-import": MAX_BANK_FILE_BYTES + AROUND_A_FILE,
    "desk:draft-new": MAX_FILE_BYTES + AROUND_A_FILE,
    "desk:files": MAX_FILE_BYTES + AROUND_A_FILE,
    "borrower:return-question": MAX_FILE_BYTES + AROUND_A_FILE,
    "borrower:files": MAX_FILE_BYTES + AROUND_A_FILE,
    "desk:reading-evidence": MAX_FILE_BYTES + AROUND_A_FILE,
    "desk:moving-in-new": LARGEST_BOOK + AROUND_A_FILE,
    "api:moving-in-list": int(LARGEST_BOOK * IN_BASE64) + AROUND_A_FILE,
    "api:bank-import": int(MAX_BANK_FILE_BYTES * IN_BASE64) + AROUND_A_FILE,
    "api:file-list": int(MAX_FILE_BYTES * IN_BASE64) + AROUND_A_FILE,
    "api:evidence-list": int(MAX_FILE_BYTES * IN_BASE64) + AROUND_A_FILE,
    "api:return-answer-list": int(MAX_FILE_BYTES * IN_BASE64) + AROUND_A_FILE,
    "api:journal-list": int(MAX_FILE_BYTES * IN_BASE64) + AROUND_A_FILE,
}
"""The bytes that a request may have where files are sent; everywhere else the framework's limit for a form holds."""


class UploadLimitMiddleware:
    """Answers 413 to a request that declares more than its address takes, and 411 to one that declares no length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _refused(request) or self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse | None:
    told = str(request.META.get("CONTENT_LENGTH") or "")
    if not told and request.META.get("HTTP_TRANSFER_ENCODING"):
        why = (
            "The request does not say how long it is, so it was not read. Send it with its length (a Content-Length "
            "header, not in chunks); nothing was changed."
        )
        return _answer(request, HTTPStatus.LENGTH_REQUIRED, "length_required", why)
    usual = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if told.isdigit() and int(told) > usual and int(told) > (limit := _limit(request, usual)):
        why = (
            f"The request has {int(told):,} bytes; at most {limit:,} are taken here, so it was not read. "
            "Send a smaller file, or one for a shorter period; nothing was changed."
        )
        return _answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request_too_large", why)
    return None


def _limit(request: HttpRequest, usual: int) -> int:
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        name = ""
    return LARGEST.get(name, usual)


def _answer(request: HttpRequest, status: HTTPStatus, code: str, why: str) -> HttpResponse:
    if is_api(request):
        return refusal(status, code, why)
    return HttpResponse(render_to_string("413.html", {"reason": why}), status=status)
