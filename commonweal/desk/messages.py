"""What businesses wrote to the fund, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from borrowers.models import Organisation
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import organisations_for
from commonweal.desk.contacts import SECTION, crumbs_to, tabs
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.letters import write_to_business
from commonweal.letters import messages as said
from commonweal.letters.kinds import Side
from commonweal.letters.models import Message
from commonweal.letters.writing import people_of
from loans.queries import loans_of

if TYPE_CHECKING:
    from ledger.models import Book


class MessageForm(PlainForm):
    """What is said to a business."""

    text = forms.CharField(
        label="Your message",
        help_text="Its people are told by e-mail that there is a message, once a day.",
        max_length=said.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def messages(request: PersonRequest, book: str) -> HttpResponse:
    """The conversations, those with something new first seen by their count; and businesses to write to."""
    of = book_of(request, book)
    rows = list(said.conversations(of))
    if file := download(request, _sheet(of, rows)):
        return file
    silent = (
        organisations_for(request.user).filter(loans__book=of).exclude(pk__in=[row.organisation_id for row in rows])
    )
    context = {"rows": rows, "silent": silent.distinct(), "tabs": tabs(of, "desk:messages")}
    return desk_page(request, "desk/messages/list.html", of, section=SECTION, context=context)


def _sheet(book: Book, rows: Sequence[Message]) -> Sheet:
    """The latest message of each conversation."""
    headings = ("Business", "Last message", "Written by", "On", "Not read")
    listed = [
        (str(one.organisation), one.text, str(one.written_by), one.written_at.date(), vars(one)["unread"])
        for one in rows
    ]
    return Sheet(f"messages-{book.code}-{book.business_date}", headings, listed)


def conversation(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """One conversation, in order. Whoever may answer reads it for the fund; an auditor looks over their shoulder."""
    of = book_of(request, book)
    found = get_object_or_404(organisations_for(request.user), pk=organisation)
    form = MessageForm(request.POST or None)
    refused = why_not(request.user, "desk:conversation", "POST", book=of.pk)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            write_to_business(book=of, organisation=found, text=form.cleaned_data["text"], by=request.user)
            notices.success(request, f"Sent to {found}.")
            return redirect("desk:conversation", of.code, found.pk)
    if not refused:
        said.mark_read(book=of, organisation=found, side=Side.FUND, by=request.user)
    context = {
        "organisation": found,
        "said": list(said.conversation(of, found)),
        "form": form,
        "why_not": refused,
        "people": _people(found),
        "loans": loans_of(found).filter(book=of),
    }
    crumbs = crumbs_to(of, "Messages", "desk:messages", str(found))
    return desk_page(request, "desk/messages/conversation.html", of, section=SECTION, crumbs=crumbs, context=context)


def _people(organisation: Organisation) -> str:
    return ", ".join(f"{person.name} ({person.email})" for person in people_of(organisation))
