"""Is this process alive, and may it be sent requests? For whoever watches: a process manager, a load balancer.

`/live` asks nobody, so that a database that is away does not get the web server restarted for it. `/ready` asks the
database. Both say one word and nothing of the inside, and neither is kept by anybody on the way.
"""

from __future__ import annotations

from http import HTTPStatus

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

RETRY_AFTER = 5
"""Seconds after which asking again makes sense."""


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 for as long as the process answers at all."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        headers = {"Retry-After": str(RETRY_AFTER)}
        return HttpResponse(
            "not ready\n", content_type="text/plain", status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers
        )
    return HttpResponse("ready\n", content_type="text/plain")
