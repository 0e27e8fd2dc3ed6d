"""Asking for a pause or for smaller payments: what it would do is shown before it is sent, and it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.borrower_portal.frame import loan_page, own_loan
from commonweal.components import Fact
from commonweal.form_fields import PlainForm
from commonweal.request_words import AFTERWARDS, INTEREST, asked_facts
from loans.domain.errors import LoanError
from loans.domain.events import Happened, HolidayGranted, Restructured
from loans.domain.outlook import Outlook
from loans.domain.servicing import HolidayInterest
from loans.models import Answer, BorrowerRequest, Loan, RequestKind
from loans.outlook import longer_terms, outlook_of, regular_payment
from loans.queries import position_of
from loans.services import answer_request, ask

LONGEST = 1000
AROUND = 3
"""How many payments after a pause are shown with it."""


class AskForm(PlainForm):
    """What a business asks for; `event` is what would grant it."""

    kind: ClassVar[RequestKind]

    def event(self, loan: Loan) -> Happened:
        """The event on the loan's business date. Raises LoanError."""
        raise NotImplementedError


class PauseForm(AskForm):
    """How long, what becomes of the interest, and how it goes on."""

    kind = RequestKind.HOLIDAY

    payments = forms.IntegerField(
        label="How many payments would you like to pause?",
        help_text="From the next one on.",
        min_value=1,
        max_value=24,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    interest = forms.ChoiceField(label="And the interest?", choices=list(INTEREST.items()), widget=forms.RadioSelect)
    afterwards = forms.ChoiceField(label="After the pause?", choices=list(AFTERWARDS.items()), widget=forms.RadioSelect)

    def event(self, loan: Loan) -> Happened:
        said = self.cleaned_data
        return HolidayGranted(
            loan.book.business_date,
            0,
            said["payments"],
            interest=HolidayInterest(said["interest"]),
            extends=said["afterwards"] == "later",
        )


class LongerForm(AskForm):
    """Over how many more payments what is left is spread."""

    kind = RequestKind.NEW_TERMS

    payments = forms.IntegerField(
        label="How many more payments?",
        help_text="Twelve monthly payments are a year longer.",
        min_value=1,
        max_value=120,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )

    def event(self, loan: Loan) -> Happened:
        return longer_terms(loan, self.cleaned_data["payments"])


def pause(request: PersonRequest, loan: int) -> HttpResponse:
    """Ask for a pause."""
    return _asking(request, own_loan(request, loan), PauseForm, view="borrower:pause")


def longer(request: PersonRequest, loan: int) -> HttpResponse:
    """Ask for smaller payments over a longer time."""
    return _asking(request, own_loan(request, loan), LongerForm, view="borrower:longer")


@require_POST
def withdraw(request: PersonRequest, asked: int) -> HttpResponse:
    """Take back what was asked for and is not answered."""
    found = get_object_or_404(BorrowerRequest, pk=asked, loan__in=loans_for(request.user))
    try:
        answer_request(request=found, answer=Answer.WITHDRAWN, words="", by=request.user)
    except LoanError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "You have taken your request back. Nothing about your loan has changed.")
    return redirect("borrower:home")


def _asking(request: PersonRequest, loan: Loan, form_class: type[AskForm], *, view: str) -> HttpResponse:
    """The questions; the answers with what they would do, to be checked; and then it is sent."""
    asked: MultiValueDict[str, Any] = request.POST if request.method == "POST" else request.GET
    is_new = "payments" not in asked or "change" in asked
    form = form_class(initial={name: asked[name] for name in asked}) if is_new else form_class(asked)
    outlook = None if is_new else _shown(form, loan)
    if request.method == "POST" and outlook and _sent(form, loan, request):
        return redirect("borrower:home")
    context = {
        "form": form,
        "view": view,
        "position": position_of(loan, loan.book.business_date),
        "is_waiting": loan.requests.filter(kind=form.kind, answer=None).exists(),
        "outlook": outlook,
        "longest": LONGEST,
        "message": asked.get("message", ""),
    }
    if outlook:
        context |= _effect(form, loan, outlook)
    return loan_page(request, "borrower_portal/asking.html", view=view, loan=loan, context=context)


def _shown(form: AskForm, loan: Loan) -> Outlook | None:
    """What the answers would do to the loan; None, with the reason on the form, where they cannot be."""
    if not form.is_valid():
        return None
    try:
        return outlook_of(loan, form.event(loan))
    except LoanError as refusal:
        form.add_error(None, str(refusal))
        return None


def _sent(form: AskForm, loan: Loan, request: PersonRequest) -> bool:
    message = request.POST.get("message", "").strip()
    if len(message) > LONGEST:
        form.add_error(None, f"Write at most {LONGEST} characters to us. Nothing was sent yet.")
        return False
    try:
        ask(loan=loan, kind=form.kind, event=form.event(loan), message=message, by=request.user)
    except LoanError as refusal:
        form.add_error(None, str(refusal))
        return False
    who = loan.book.contact_name or "Somebody at the fund"
    messages.success(request, f"Your request is sent. {who} will answer; until then everything stays as it is.")
    return True


def _effect(form: AskForm, loan: Loan, outlook: Outlook) -> Mapping[str, Any]:
    """What the answers were, and the payments to come as they would be."""
    event = form.event(loan)
    after = outlook.after
    coming = [row for row in after.instalments if row.instalment.due_on > after.as_of]
    shown = (event.instalments if isinstance(event, HolidayGranted) else 0) + AROUND
    return {
        "answers": [Fact(label, value) for label, value in asked_facts(event, outlook.before)],
        "given": {name: form.data.get(name, "") for name in form.fields},
        "coming": coming[:shown],
        "more": max(len(coming) - shown, 0),
        "usual_before": regular_payment(outlook.before),
        "usual_after": regular_payment(after),
        "adds_arrears": isinstance(event, Restructured) and event.capitalises,
    }
