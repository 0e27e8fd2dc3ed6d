"""What works without logging in because its address is a secret: stopping a kind of e-mail, and reading a calendar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from commonweal.letters.calendars import read_calendar
from commonweal.letters.choices import choices_of, choose, read_token
from commonweal.letters.kinds import LEGAL


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, so that a mail system that opens every link stops nothing, then stop this kind for this person.

    Without form protection, as mail programs send the one-click request (RFC 8058); the signed address is the right.
    """
    known = read_token(token)
    if known is None or known[1] in LEGAL:
        raise Http404
    person, kind = known
    if request.method == "POST":
        choose(person=person, wanted={kind: False})
    context = {"kind": kind.label, "is_stopped": not choices_of(person)[kind], "address": person.email}
    return render(request, "public/unsubscribe.html", context)


def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind an address that its owner has not revoked."""
    text = read_calendar(secret, on=timezone.localdate())
    if text is None:
        raise Http404
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'attachment; filename="payments.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
