"""Keys for programs: made once, shown once, found by their hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from django.utils import timezone

from commonweal.access.models import ApiToken, User

MARK = "cw_"
"""What every token begins with, so that one which lies about is recognised."""


def make_token(*, user: User, label: str) -> tuple[ApiToken, str]:
    """A token for a person and, this once, its text (256 bits of chance, so a plain SHA-256 keeps it)."""
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, label=label, prefix=text[:11], digest=_digest(text))
    return token, text


def revoke_token(*, token: ApiToken, at: datetime) -> None:
    """Make a token useless from now on; a second time changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


class TokensEndWithPassword:
    """Revokes a person's tokens when their password is changed, by whichever way: whoever changes it may have lost it.

    Django asks every password validator to take note of a change (not of a mere rehash at log-in), so this is one; it
    finds no fault with any password. A person's other log-ins end by themselves: each is bound to the password.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Any password will do."""

    def get_help_text(self) -> str:
        """Said where a password is chosen."""
        return "Changing your password ends your other log-ins and the keys of your programs."

    def password_changed(self, password: str, user: User | None = None) -> None:
        """End the tokens that the person has."""
        if user is not None and user.pk:
            ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def find_token(text: str, *, on: date) -> ApiToken | None:
    """The token with this text, if it still counts and its person may still log in; its use is noted once a day."""
    token = ApiToken.objects.select_related("user").filter(digest=_digest(text), revoked_at=None).first()
    if token is None or not token.user.is_active:
        return None
    if token.last_used_on != on:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=on)
    return token


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
