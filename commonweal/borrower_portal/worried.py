"""“I am worried about paying”: a person and a number, and three plain things that one may say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.form_fields import DayField, PlainForm
from commonweal.letters.errors import LetterError
from commonweal.letters.kinds import Worry
from commonweal.letters.messages import LONGEST
from commonweal.letters.worries import tell_worry
from commonweal.templatetags.commonweal import weekday_day
from loans.models import Loan


class WorryForm(PlainForm):
    """What somebody tells the fund before a payment is missed, or after."""

    loan = forms.ChoiceField(label="Which loan?", widget=forms.RadioSelect)
    worry = forms.ChoiceField(label="What would you like to tell us?", choices=Worry.choices, widget=forms.RadioSelect)
    pay_on = DayField(
        noun="the day on which you will pay",
        label="If you will pay later: on which day?",
        help_text="Your best guess is good enough.",
        required=False,
    )
    words = forms.CharField(
        label="Anything else we should know?",
        help_text="Only if you like.",
        required=False,
        max_length=LONGEST // 4,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, loans: list[Loan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["loan"]
        if len(loans) < 2:
            del self.fields["loan"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [(str(loan.pk), f"{loan.organisation}, {loan.product.name}, {loan}") for loan in loans]


def worried(request: PersonRequest) -> HttpResponse:
    """The three choices; what is chosen becomes a message, and a task for somebody at the fund."""
    loans = own_loans(request)
    form = WorryForm(request.POST or None, loans=loans)
    if request.method == "POST" and loans and form.is_valid():
        said = form.cleaned_data
        loan = next((one for one in loans if str(one.pk) == said.get("loan")), loans[0])
        try:
            contact = tell_worry(
                loan=loan,
                worry=Worry(said["worry"]),
                pay_on=said["pay_on"],
                words=said["words"],
                on=loan.book.business_date,
                by=request.user,
            )
        except LetterError as refusal:
            field = getattr(refusal, "field", "")
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            who = loan.book.contact_name or "Somebody at the fund"
            when = weekday_day(contact.next_step_on)
            told = f"Thank you for telling us. {who} will be in touch by {when}. Nothing about your loan has changed."
            messages.success(request, told)
            return redirect("borrower:messages")
    context = {"loans": loans, "form": form}
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/worried.html", section="borrower:worried", book=book, context=context)
