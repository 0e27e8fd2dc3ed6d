"""Holding every request to the access table, before any view sees it.

A person of the other side is answered as if the address did not exist; a person of the right side who lacks the role
is told why, and whom to ask.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRedirect
from rest_framework.exceptions import AuthenticationFailed

from commonweal.access.authentication import SCHEME, token_of
from commonweal.access.brake import TooManyAttempts
from commonweal.access.envelope import is_api, refusal
from commonweal.access.models import User
from commonweal.access.reasons import reason
from commonweal.access.roles import roles_of
from commonweal.access.rules import Permission, Rule
from commonweal.access.table import TABLE

log = logging.getLogger(__name__)

LOG_IN_FIRST = "Log in, or send a token, to use the API. Nothing was changed."


class AccessTableMiddleware:
    """Lets a request through to its view only if a line of the access table says so.

    What somebody who has logged in is answered is kept by no browser and nothing on the way: it is for them alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_of_person", False):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """The refusal of a request, or None to let it through. Raises Http404 and PermissionDenied."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        rule = TABLE.get(name)
        if rule is None:
            log.error("%s (%r) has no line in the access table and was refused.", request.path, name)
            raise Http404
        try:
            user = _person(request)
        except AuthenticationFailed as failed:
            return _unauthenticated(str(failed.detail))
        if isinstance(user, User):
            request.is_of_person = True  # type: ignore[attr-defined]
            return _admit(request, user, rule, book=kwargs.get("book"))
        return _admit_anonymous(request, rule)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a person who has guessed too often."""
        if not isinstance(exception, TooManyAttempts):
            return None
        headers = {"Retry-After": str(exception.retry_after)}
        if is_api(request):
            return refusal(429, "too_many_attempts", str(exception), headers)
        return HttpResponse(render_to_string("429.html", {"reason": str(exception)}), status=429, headers=headers)


def _person(request: HttpRequest) -> User | AnonymousUser:
    token = token_of(request) if is_api(request) else None
    return request.user if token is None else token.user


def _admit_anonymous(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    permission = rule.permission(request.method or "")
    if permission is None and any(said.is_open for said in rule.permissions.values()):
        return _other_method(request, rule)
    if permission is not None and permission.is_open:
        return None
    return _unauthenticated(LOG_IN_FIRST) if is_api(request) else _to_log_in(request)


def _admit(request: HttpRequest, user: User, rule: Rule, book: str | None) -> HttpResponseBase | None:
    """The refusal of a person who has logged in; `book` is the code of the book in the address, where one stands."""
    user.all_roles = roles_of(user)
    roles = user.all_roles if book is None else user.all_roles.in_book(user.all_roles.codes.get(book))
    if not rule.concerns(roles.kinds):
        raise Http404
    permission = rule.permission(request.method or "")
    if permission is None:
        return _other_method(request, rule)
    if not permission.admits(roles.kinds):
        raise PermissionDenied(f"{reason(roles, permission)} Nothing was changed.")
    user.acting_as = roles if _asks_no_role(permission) else roles.narrowed(permission.roles)
    return None


def _asks_no_role(permission: Permission) -> bool:
    return permission.admits(frozenset())


def _other_method(request: HttpRequest, rule: Rule) -> HttpResponse:
    allowed = sorted(rule.permissions)
    if is_api(request):
        message = f"{request.method} is not possible here; {' and '.join(allowed)} are. Nothing was changed."
        return refusal(405, "method_not_allowed", message, {"Allow": ", ".join(allowed)})
    page = render_to_string("405.html", request=request) if request.method == "GET" else ""
    return HttpResponseNotAllowed(allowed, page)


def _unauthenticated(message: str) -> HttpResponse:
    return refusal(401, "not_authenticated", message, {"WWW-Authenticate": SCHEME})


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back; a fragment that htmx asked for must not be filled with it, so the page moves."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect_to_login(back) if back else redirect_to_login(resolve_url(settings.LOGIN_REDIRECT_URL))
