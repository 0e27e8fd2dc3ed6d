"""What a reader sees when a request cannot be answered: what to do next and an incident id, and nothing of the inside.

The id is written to the log beside the request, so that a person who quotes it can be helped.
"""

import logging
import secrets
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from commonweal.templatetags.commonweal import THEMES

logger = logging.getLogger("commonweal.incident")


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """The error page of a status, made without the database, the session or the person."""
    incident = secrets.token_hex(4)
    logger.warning("incident %s: %s %r answered %d", incident, request.method, request.path, status)
    chosen = request.COOKIES.get("theme", "")
    context = {"incident": f"{incident[:4]} {incident[4:]}", "theme": chosen if chosen in THEMES else ""}
    return HttpResponse(render_to_string(f"{status:d}.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself makes no sense."""
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not yours to do."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or it is somebody else's; the two look the same on purpose."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the fault is ours."""
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old or came from elsewhere (`CSRF_FAILURE_VIEW`)."""
    return _page(request, HTTPStatus.FORBIDDEN)
