"""Who is asking: a password under the log-in brake, or a program with its token."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from commonweal.access.brake import forget_attempts, note_attempt
from commonweal.access.models import ApiToken, User
from commonweal.access.tokens import find_token

SCHEME = "Bearer"

REFUSED = "This token is not known, or has been revoked. Ask the fund for a new one. Nothing was changed."


class PasswordBackend(ModelBackend):
    """Log in by e-mail address and password. Raises TooManyAttempts while the brake is on, right password or not."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if username is None or password is None:
            return None
        address = request.META.get("REMOTE_ADDR") if request is not None else None
        note_attempt(email=username, address=address or None)
        user = super().authenticate(request, username=username, password=password)
        if user is not None:
            forget_attempts(email=username)
        return user


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cw_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        token = token_of(request._request)
        return None if token is None else (token.user, token)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def token_of(request: HttpRequest) -> ApiToken | None:
    """The token a request carries, looked up once; None if it carries none. Raises AuthenticationFailed."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower():
        return None
    known: ApiToken | None = getattr(request, "api_token", None)
    if known is None:
        known = find_token(text.strip(), on=timezone.localdate())
        if known is None:
            raise AuthenticationFailed(REFUSED)
        request.api_token = known  # type: ignore[attr-defined]
    return known
