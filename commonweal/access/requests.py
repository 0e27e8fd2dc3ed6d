"""A request that the access table let through to a page for people who have logged in."""

from __future__ import annotations

from django.http import HttpRequest

from commonweal.access.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who has logged in: the middleware lets nobody else reach such a page."""

    user: User
