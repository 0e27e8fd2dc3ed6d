"""Which e-mails does somebody who acts for an investor get?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.requests import PersonRequest
from commonweal.investor_portal.frame import portal_page, standing
from commonweal.letters.forms import ChoicesForm
from commonweal.letters.kinds import OF_INVESTORS

SECTION = "investor:emails"


def emails(request: PersonRequest) -> HttpResponse:
    """Each kind with a box to tick."""
    form = ChoicesForm(request.POST if request.method == "POST" else None, person=request.user, kinds=OF_INVESTORS)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, "Your choice is kept.")
        return redirect(SECTION)
    context = {"form": form, "address": request.user.email}
    return portal_page(request, "investor_portal/emails.html", standing(request), section=SECTION, context=context)
