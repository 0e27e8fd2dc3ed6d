"""How the API says no: every refusal in the one envelope, in the words of the service that refused.

It is apart from the API's own errors because the framework's views, which it needs, load the parsers that raise those.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from borrowers.domain.errors import BorrowerError
from commonweal.access.envelope import NOT_FOUND, envelope
from commonweal.jobs.refusals import REFUSALS
from investors.domain.errors import InvestorError

ANSWERS = (*REFUSALS, BorrowerError, InvestorError)
"""Errors of ours that are answers to the person who asked; everything else is a fault."""

NOT_RIGHT = "Some fields are not right; each is named under fields. Nothing was changed."


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception; None for a fault of ours, which the error page answers."""
    if isinstance(error, ANSWERS):
        return Response(envelope(code_of(error), str(error), _field_of(error)), status=status.HTTP_409_CONFLICT)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = envelope("invalid", NOT_RIGHT, _fields(error.detail))
    elif isinstance(error, Http404 | NotFound):
        response.data = envelope("not_found", NOT_FOUND)
    elif isinstance(error, APIException):
        response.data = envelope(_code(error), str(error.detail))
    elif isinstance(error, PermissionDenied):
        response.data = envelope("permission_denied", str(error) or "You may not do this. Nothing was changed.")
    return response


def code_of(error: Exception) -> str:
    """The word for programs: the class name in snake case, `PeriodClosed` → `period_closed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(error).__name__).lower()


def _field_of(error: Exception) -> dict[str, list[str]]:
    """The field that a refusal is about, where it says so."""
    field = getattr(error, "field", "")
    return {field: [str(error)]} if field else {}


def _code(error: APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _fields(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"": detail}
