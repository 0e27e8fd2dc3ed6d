"""What a reader sees when a request cannot be answered: what to do next and an incident id, and nothing of the inside.

The id is written to the log beside the request, so that a person who quotes it can be helped. A program that asked the
API gets the same in its envelope.
"""

import logging
import secrets
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from commonweal.access.envelope import NOT_FOUND, is_api, refusal
from commonweal.templatetags.commonweal import THEMES

logger = logging.getLogger("commonweal.incident")

UNREADABLE = "The request could not be understood. Nothing was changed."
FORBIDDEN = "You may not do that. Nothing was changed."
OURS = "Something went wrong on our side: what was asked was done completely or not at all. Trying again is safe."
AWAY = (
    "The database cannot be reached just now. What was asked was done completely or not at all. "
    "Try again in half a minute; trying again is safe."
)
SECRET = frozenset({"token", "secret"})
"""What a part of an address is called that opens something to whoever has it."""

RETRY_AFTER = 30
"""Seconds after which trying again makes sense while the database is away."""

STALE_FORM = (
    "The form was open for too long, or did not come from this site. Nothing was changed. "
    "Go back, load the page again and send it once more."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself makes no sense."""
    return _answer(request, HTTPStatus.BAD_REQUEST, UNREADABLE)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not yours to do, with the reason that was given for it."""
    return _answer(request, HTTPStatus.FORBIDDEN, str(exception) or FORBIDDEN, reason=str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is too old or came from elsewhere (`CSRF_FAILURE_VIEW`)."""
    return _answer(request, HTTPStatus.FORBIDDEN, STALE_FORM, reason=STALE_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or it is somebody else's; the two look the same on purpose."""
    return _answer(request, HTTPStatus.NOT_FOUND, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the fault is ours; 503 while the database cannot be reached, which heals by itself."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, AWAY)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, OURS, fault=sys.exc_info()[1])


def without_secrets(request: HttpRequest) -> str:
    """The path of a request as it may stand in a log: whoever reads that holds no key to an account or a calendar."""
    path = request.path
    for name, said in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        path = path.replace(str(said), "…") if name in SECRET else path
    return path


def _answer(
    request: HttpRequest, status: HTTPStatus, message: str, reason: str = "", fault: BaseException | None = None
) -> HttpResponse:
    """The answer for a status, made without the database, the session or the person: any of them may be what failed.

    A `fault` of ours is logged with where it happened, under the incident: nothing else keeps it.
    """
    incident = secrets.token_hex(4)
    path = without_secrets(request)
    logger.warning("incident %s: %s %r answered %d", incident, request.method, path, status, exc_info=fault)
    if is_api(request):
        return refusal(status, status.name.lower(), f"{message} Incident {incident}.")
    chosen = request.COOKIES.get("theme", "")
    context = {"incident": incident, "reason": reason, "theme": chosen if chosen in THEMES else ""}
    return HttpResponse(render_to_string(f"{status:d}.html", context), status=status)
