"""Which letters and reminders go out next, which went, and which did not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.desk.contacts import SECTION, crumbs_to, tabs
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.letters import ladder, sending
from commonweal.letters.candidates import late_positions
from commonweal.letters.errors import LetterError
from commonweal.letters.kinds import Act, LetterState
from commonweal.letters.ladder import Planned, Step
from commonweal.letters.models import Letter

if TYPE_CHECKING:
    from ledger.models import Book

AHEAD = timedelta(days=14)
PER_PAGE = 30
STATES = {
    LetterState.WAITING: "due",
    LetterState.SENDING: "watch",
    LetterState.SENT: "good",
    LetterState.FAILED: "late",
    LetterState.HELD: "closed",
}


class ReasonForm(PlainForm):
    """Why something does not go out."""

    reason = forms.CharField(label="Reason", max_length=200)


class StepsForm(PlainForm):
    """How many days after the due date each kind of reminder is taken; empty leaves it out."""

    email = forms.IntegerField(label="Friendly e-mail after", required=False, min_value=1, max_value=365)
    call = forms.IntegerField(label="Call after", required=False, min_value=1, max_value=365)
    letter = forms.IntegerField(label="Letter after", required=False, min_value=1, max_value=365)


def letters(request: PersonRequest, book: str) -> HttpResponse:
    """What is planned, what waits, what went."""
    of = book_of(request, book)
    found = Letter.objects.filter(book=of).select_related("person", "loan").order_by("-pk")
    if file := download(request, _sheet(of, found[:10_000])):
        return file
    now = ladder.ladder_of(of)
    return _page(request, of, StepsForm(initial={step.act.value: step.days for step in now}))


def letter(request: PersonRequest, book: str, letter: int) -> HttpResponse:
    """A letter as its reader sees it, and what became of it."""
    of = book_of(request, book)
    found = get_object_or_404(Letter.objects.select_related("person", "loan"), pk=letter, book=of)
    context = {
        "letter": found,
        "text": found.text.partition("\n--\n")[0],
        "state": STATES[LetterState(found.state)],
        "returns": found.returns.all(),
        "may_hold": found.state == LetterState.WAITING,
        "why_not": why_not(request.user, "desk:letter-hold", "POST", book=of.pk),
    }
    crumbs = crumbs_to(of, "Letters", "desk:letters", found.subject)
    return desk_page(request, "desk/letters/letter.html", of, section=SECTION, crumbs=crumbs, context=context)


def hold(request: PersonRequest, book: str, letter: int) -> HttpResponse:
    """Keep a letter from going."""
    of = book_of(request, book)
    found = get_object_or_404(Letter, pk=letter, book=of)
    form = ReasonForm(request.POST)
    try:
        if form.is_valid():
            sending.hold(letter=found, reason=form.cleaned_data["reason"])
            messages.success(request, f"“{found.subject}” does not go out.")
        else:
            messages.error(request, "Say why the letter does not go out. Nothing was changed.")
    except LetterError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:letter", of.code, found.pk)


def leave_out(request: PersonRequest, book: str) -> HttpResponse:
    """Leave out a step that is planned."""
    of = book_of(request, book)
    named = (request.POST.get("loan", ""), request.POST.get("due_on", ""), request.POST.get("act", ""))
    one = next((one for one in _planned(of) if (str(one.loan.pk), str(one.due_on), one.step.act.value) == named), None)
    if one is None or not loans_for(request.user).filter(pk=one.loan.pk).exists():
        messages.error(request, "This reminder is not planned any more. Look at the list again; nothing was changed.")
        return redirect("desk:letters", of.code)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "Say why the reminder is left out: the auditor reads it. Nothing was changed.")
        return redirect("desk:letters", of.code)
    try:
        ladder.leave_out(one=one, reason=reason, on=of.business_date, by=request.user)
        messages.success(request, f"The {one.step.act.label.lower()} for {one.loan} is left out.")
    except LetterError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:letters", of.code)


def steps(request: PersonRequest, book: str) -> HttpResponse:
    """Write the steps of the reminders anew."""
    of = book_of(request, book)
    form = StepsForm(request.POST)
    if not form.is_valid():
        return _page(request, of, form)
    asked = [Step(days, Act(act)) for act, days in form.cleaned_data.items() if days]
    try:
        ladder.set_ladder(book=of, steps=asked, by=request.user)
    except LetterError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, of, form)
    messages.success(request, "The steps are changed; reminders that were sent stay as they are.")
    return redirect("desk:letters", of.code)


def _page(request: PersonRequest, book: Book, form: StepsForm) -> HttpResponse:
    found = Letter.objects.filter(book=book).select_related("person", "loan").order_by("-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "planned": _planned(book),
        "through": book.business_date + AHEAD,
        "page": page,
        "rows": [(one, STATES[LetterState(one.state)]) for one in page],
        "waiting": found.filter(state=LetterState.WAITING).count(),
        "is_on": sending.is_on(),
        "form": form,
        "tabs": tabs(book, "desk:letters"),
        "why_not_steps": why_not(request.user, "desk:reminder-steps", "POST", book=book.pk),
        "why_not_leave": why_not(request.user, "desk:reminder-leave-out", "POST", book=book.pk),
    }
    return desk_page(request, "desk/letters/list.html", book, section=SECTION, context=context)


def _planned(book: Book) -> list[Planned]:
    on = book.business_date
    return ladder.planned(book, late_positions(book, on), on + AHEAD)


def _sheet(book: Book, found: Iterable[Letter]) -> Sheet:
    headings = ("Written", "About", "Kind", "To", "Address", "Subject", "State", "Note")
    return Sheet(
        f"letters-{book.code}-{book.business_date}",
        headings,
        [
            (
                one.written_at.date(),
                one.about,
                one.get_kind_display(),
                one.person.name,
                one.address,
                one.subject,
                one.get_state_display(),
                one.note,
            )
            for one in found
        ],
    )
