"""My payments in my own calendar: an address to subscribe to, which I can make useless again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from borrowers.domain.errors import NameMalformed
from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.emails import SECTION, tabs
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.form_fields import PlainForm
from commonweal.letters.calendars import calendars_of, make_calendar, revoke_calendar
from commonweal.letters.errors import LetterError
from commonweal.letters.wording import absolute

HERE = "borrower:calendars"


class CalendarForm(PlainForm):
    """What a calendar address is for."""

    label = forms.CharField(label="Where will you use it?", help_text="Such as: my phone.", max_length=100)


def calendars(request: PersonRequest) -> HttpResponse:
    """The addresses that still work, and a new one, whose text is shown this once."""
    form, address = CalendarForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = make_calendar(person=request.user, label=form.cleaned_data["label"])
        except (LetterError, NameMalformed) as refusal:
            form.add_error(None, str(refusal))
        else:
            address = absolute(reverse("public:calendar", args=[secret]))
            form = CalendarForm()
    context = {"form": form, "address": address, "rows": calendars_of(request.user), "tabs": tabs(HERE)}
    loans = own_loans(request)
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/calendars.html", section=SECTION, book=book, context=context)


def revoke(request: PersonRequest, calendar: int) -> HttpResponse:
    """Make one of my addresses useless."""
    token = get_object_or_404(calendars_of(request.user), pk=calendar)
    revoke_calendar(token=token, at=timezone.now())
    messages.success(request, f"The address for “{token.label}” does not work any more.")
    return redirect(HERE)
