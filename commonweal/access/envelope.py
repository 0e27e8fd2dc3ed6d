"""The one shape in which the API says no: `{"error": {"code", "message", "fields"}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import JSONRenderer

API_PREFIX = "/api/"

NOT_FOUND = "There is nothing at this address, or it is not yours to see. Nothing was changed."


def envelope(code: str, message: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of a refusal: a word for programs, a sentence for people, and what is wrong with which field."""
    return {"error": {"code": code, "message": message, "fields": dict(fields or {})}}


def refusal(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A refusal before any API view was reached, in the bytes that a view would have sent."""
    body = JSONRenderer().render(envelope(code, message))
    return HttpResponse(body, status=status, content_type="application/json", headers=dict(headers or {}))


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, to be answered with JSON even where no address matches."""
    return request.path_info.startswith(API_PREFIX)
