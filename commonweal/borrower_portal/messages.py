"""What did the fund write to us, what did we answer, and has it been read?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, loans_for
from commonweal.borrower_portal.frame import portal_page
from commonweal.form_fields import PlainForm
from commonweal.letters.errors import LetterError
from commonweal.letters.kinds import Side
from commonweal.letters.messages import LONGEST, conversation, mark_read, write_message

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book


class MessageForm(PlainForm):
    """Something to be said to the fund."""

    text = forms.CharField(label="Your message", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


@dataclass(frozen=True, slots=True)
class Between:
    """A business and a fund that deal with each other."""

    book: Book
    organisation: Organisation

    @property
    def query(self) -> str:
        """The query string that keeps the page at these two."""
        return f"?{urlencode({'fund': self.book.code, 'business': str(self.organisation.pk)})}"


def messages(request: PersonRequest) -> HttpResponse:
    """The conversation, the oldest first, and a place to write; looking at it counts as having read it."""
    every = pairs(request)
    chosen = _chosen(request, every)
    if chosen is None:
        return portal_page(request, "borrower_portal/messages.html", section="borrower:messages", book=None)
    book, organisation = chosen.book, chosen.organisation
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data["text"]
            write_message(book=book, organisation=organisation, side=Side.BUSINESS, text=said, by=request.user)
        except LetterError as refusal:
            form.add_error("text", str(refusal))
        else:
            notices.success(request, f"Sent to {chosen.book.fund_name}. You will get an answer here, and by e-mail.")
            return redirect(f"{reverse('borrower:messages')}{chosen.query}")
    mark_read(book=book, organisation=organisation, side=Side.BUSINESS, by=request.user)
    context = {
        "between": chosen,
        "others": [(one, one == chosen) for one in every] if len(every) > 1 else [],
        "said": list(conversation(book, organisation)),
        "form": form,
    }
    return portal_page(
        request, "borrower_portal/messages.html", section="borrower:messages", book=book, context=context
    )


def pairs(request: PersonRequest) -> list[Between]:
    """Each fund that each of the person's businesses deals with."""
    lent = loans_for(request.user).select_related("book", "organisation").order_by("approved_on", "pk")
    asked = applications_for(request.user).select_related("book", "organisation").order_by("applied_on", "pk")
    found = [Between(one.book, one.organisation) for one in lent] + [
        Between(one.book, one.organisation) for one in asked
    ]
    return list(dict.fromkeys(found))


def _chosen(request: PersonRequest, every: list[Between]) -> Between | None:
    fund, business = request.GET.get("fund"), request.GET.get("business")
    found = [
        one
        for one in every
        if (not fund or one.book.code == fund) and (not business or str(one.organisation.pk) == business)
    ]
    if every and not found:
        raise Http404
    return found[0] if found else None
