"""What businesses and investors wrote to the fund, and what it answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.models import User
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, organisations_for
from commonweal.desk.contacts import SECTION, crumbs_to, tabs
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.letters import write_for_fund
from commonweal.letters import messages as said
from commonweal.letters.kinds import Side
from commonweal.letters.models import Message
from commonweal.letters.writing import people_of, people_of_investor
from investors.queries import investors_in
from loans.queries import loans_of

if TYPE_CHECKING:
    from ledger.models import Book


class MessageForm(PlainForm):
    """What is said to a business or an investor."""

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
    silent = organisations_for(request.user).filter(loans__book=of).exclude(pk__in=_known(rows, "organisation_id"))
    unheard = investors_in(of).exclude(pk__in=_known(rows, "investor_id"))
    context = {
        "rows": rows,
        "silent": silent.distinct(),
        "unheard": unheard,
        "tabs": tabs(of, "desk:messages"),
    }
    return desk_page(request, "desk/messages/list.html", of, section=SECTION, context=context)


def _known(rows: Sequence[Message], name: str) -> list[int]:
    return [key for row in rows if (key := getattr(row, name)) is not None]


def _sheet(book: Book, rows: Sequence[Message]) -> Sheet:
    """The latest message of each conversation."""
    headings = ("With", "About", "Last message", "Written by", "On", "Not read")
    listed = [
        (
            str(one.party),
            one.get_topic_display(),
            one.text,
            str(one.written_by),
            one.written_at.date(),
            vars(one)["unread"],
        )
        for one in rows
    ]
    return Sheet(f"messages-{book.code}-{book.business_date}", headings, listed)


def conversation(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """What a business and the fund wrote to each other."""
    of = book_of(request, book)
    found = get_object_or_404(organisations_for(request.user), pk=organisation)
    context = {"people": _names(people_of(found)), "loans": loans_of(found).filter(book=of)}
    return _conversation(request, of, found, "desk:conversation", context)


def investor_conversation(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """What an investor and the fund wrote to each other: questions, documents asked for, changes told of."""
    of = book_of(request, book)
    found = get_object_or_404(investors_for(request.user), pk=investor)
    context = {"people": _names(people_of_investor(found)), "investor": found}
    return _conversation(request, of, found, "desk:investor-conversation", context)


def _conversation(
    request: PersonRequest, of: Book, party: said.Party, here: str, context: Mapping[str, Any]
) -> HttpResponse:
    """One conversation, in order. Whoever may answer reads it for the fund; an auditor looks over their shoulder."""
    form = MessageForm(request.POST or None)
    refused = why_not(request.user, here, "POST", book=of.pk)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            write_for_fund(book=of, party=party, text=form.cleaned_data["text"], by=request.user)
            notices.success(request, f"Sent to {party}.")
            return redirect(here, of.code, party.pk)
    if not refused:
        said.mark_read(book=of, party=party, side=Side.FUND, by=request.user)
    shown = {"party": party, "said": list(said.conversation(of, party)), "form": form, "why_not": refused, **context}
    crumbs = crumbs_to(of, "Messages", "desk:messages", str(party))
    return desk_page(request, "desk/messages/conversation.html", of, section=SECTION, crumbs=crumbs, context=shown)


def _names(people: Iterable[User]) -> str:
    return ", ".join(f"{person.name} ({person.email})" for person in people)
