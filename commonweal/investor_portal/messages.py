"""What did we ask the fund, what did it answer, and has it been read?"""

from __future__ import annotations

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from borrowers.domain.errors import NameMalformed
from commonweal.access.requests import PersonRequest
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.form_fields import PlainForm
from commonweal.investor_portal.frame import portal_page, standing
from commonweal.letters.errors import LetterError
from commonweal.letters.kinds import Side, Topic
from commonweal.letters.messages import LONGEST, conversation, mark_read, write_message
from commonweal.letters.models import Message
from commonweal.templatetags.commonweal import moment

SECTION = "investor:messages"
HEADINGS = ("Written at", "By", "Side", "About", "Message", "Read at")


class RequestForm(PlainForm):
    """Something to be asked or told."""

    topic = forms.ChoiceField(
        label="What would you like to do?", choices=Topic.choices, initial=Topic.QUESTION, widget=forms.RadioSelect
    )
    text = forms.CharField(label="In your words", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


def messages(request: PersonRequest) -> HttpResponse:
    """The conversation with the fund, the oldest first, and a place to write; looking at it counts as reading."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=SECTION)
    said = conversation(about.book, about.investor)
    if file := download(request, Sheet(f"messages-{about.investor.code}", HEADINGS, [_row(one) for one in said])):
        return file
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_message(
                book=about.book,
                party=about.investor,
                side=Side.INVESTOR,
                topic=Topic(form.cleaned_data["topic"]),
                text=form.cleaned_data["text"],
                by=request.user,
            )
        except (LetterError, NameMalformed) as refusal:
            form.add_error("text", str(refusal))
        else:
            notices.success(request, f"Sent to {about.book.fund_name}. You will get an answer here, and by e-mail.")
            return redirect(f"{reverse(SECTION)}{about.query}")
    mark_read(book=about.book, party=about.investor, side=Side.INVESTOR, by=request.user)
    context = {"said": list(said), "form": form}
    return portal_page(request, "investor_portal/messages.html", about, section=SECTION, context=context)


def _row(one: Message) -> tuple[Value, ...]:
    seen = vars(one)["seen_at"]
    return (
        moment(one.written_at),
        str(one.written_by),
        one.get_side_display(),
        one.get_topic_display(),
        one.text,
        moment(seen) if seen else None,
    )
