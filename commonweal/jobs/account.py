"""Who acts where nobody asked: the account of scheduled work."""

from __future__ import annotations

from commonweal.access.models import User

ACCOUNT = "schedule@commonweal.invalid"
NAME = "Commonweal, by schedule"


def scheduler() -> User:
    """The account that asks for scheduled work: it cannot log in, has no role, and is nobody's second pair of eyes."""
    defaults = {"name": NAME, "is_active": False, "password": "!"}
    return User.objects.get_or_create(email=ACCOUNT, defaults=defaults)[0]
