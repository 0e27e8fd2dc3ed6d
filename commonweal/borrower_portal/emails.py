"""Which e-mails do I get?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.components import Tab
from commonweal.letters.forms import ChoicesForm
from commonweal.letters.kinds import LEGAL, OF_BORROWERS

SECTION = "borrower:emails"


def emails(request: PersonRequest) -> HttpResponse:
    """Each kind with a box to tick; what has to be told is said beside it."""
    form = ChoicesForm(request.POST if request.method == "POST" else None, person=request.user, kinds=OF_BORROWERS)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, "Your choice is kept.")
        return redirect(SECTION)
    context = {
        "form": form,
        "always": [kind.label for kind in OF_BORROWERS if kind in LEGAL],
        "tabs": tabs(SECTION),
        "address": request.user.email,
    }
    loans = own_loans(request)
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/emails.html", section=SECTION, book=book, context=context)


def tabs(current: str) -> list[Tab]:
    """The two pages about what comes to the reader."""
    pages = (("E-mails", SECTION), ("Calendar", "borrower:calendars"))
    return [Tab(label, reverse(name), current=name == current) for label, name in pages]
