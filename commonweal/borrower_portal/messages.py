"""What did the fund write to us, what did we answer, and has it been read?"""

from __future__ import annotations

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from borrowers.domain.errors import NameMalformed
from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.between import chosen_of, others, pairs
from commonweal.borrower_portal.frame import portal_page
from commonweal.form_fields import PlainForm
from commonweal.letters.errors import LetterError
from commonweal.letters.kinds import Side
from commonweal.letters.messages import LONGEST, conversation, mark_read, write_message


class MessageForm(PlainForm):
    """Something to be said to the fund."""

    text = forms.CharField(label="Your message", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


def messages(request: PersonRequest) -> HttpResponse:
    """The conversation, the oldest first, and a place to write; looking at it counts as having read it."""
    every = pairs(request)
    chosen = chosen_of(request, every)
    if chosen is None:
        return portal_page(request, "borrower_portal/messages.html", section="borrower:messages", book=None)
    book, organisation = chosen.book, chosen.organisation
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data["text"]
            write_message(book=book, party=organisation, side=Side.BUSINESS, text=said, by=request.user)
        except (LetterError, NameMalformed) as refusal:
            form.add_error("text", str(refusal))
        else:
            notices.success(request, f"Sent to {chosen.book.fund_name}. You will get an answer here, and by e-mail.")
            return redirect(f"{reverse('borrower:messages')}{chosen.query}")
    mark_read(book=book, party=organisation, side=Side.BUSINESS, by=request.user)
    context = {
        "between": chosen,
        "others": others(every, chosen),
        "said": list(conversation(book, organisation)),
        "form": form,
    }
    return portal_page(
        request, "borrower_portal/messages.html", section="borrower:messages", book=book, context=context
    )
