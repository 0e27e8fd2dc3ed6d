"""What is the investor asked to agree to, as a lender of a loan; and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import consents_for
from commonweal.components import Link
from commonweal.consent_words import ConsentTold, LenderTold, consent_told
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.form_fields import PlainForm
from commonweal.investor_portal.frame import CONSENTS, Standing, portal_page, standing
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.servicing import take_answer
from investors.models import ConsentAsked

HEADINGS = ("Consent", "Borrower", "What", "Asked on", "Answer by", "State", "Your part", "Of the whole", "Your answer")
REASON = forms.Textarea(attrs={"rows": 3})


class AnswerForm(PlainForm):
    """Yes or no."""

    agrees = forms.TypedChoiceField(
        label="Your answer",
        choices=[("yes", "Yes, we agree"), ("no", "No, we do not agree")],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why", help_text="Needed for a no. The fund reads it.", required=False, max_length=500, widget=REASON
    )


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """What an investor is asked, and how it answered."""

    told: ConsentTold
    mine: LenderTold


def consents(request: PersonRequest) -> HttpResponse:
    """What was asked, the latest first; what waits for an answer stands out."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=CONSENTS)
    rows = [_own(one, about) for one in consents_for(request.user).filter(**_of(about))]
    if file := download(request, Sheet(f"consents-{about.investor.code}", HEADINGS, [_row(one) for one in rows])):
        return file
    return portal_page(request, "investor_portal/consents.html", about, section=CONSENTS, context={"rows": rows})


def consent(request: PersonRequest, consent: int) -> HttpResponse:
    """One question with the count so far, and the answer; another replaces it until all have decided."""
    about = standing(request)
    if about is None:
        raise Http404
    found = get_object_or_404(consents_for(request.user).filter(**_of(about)), pk=consent)
    own = _own(found, about)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = about.book.business_date
        try:
            kept = take_answer(consent=found, investor=about.investor, **form.cleaned_data, on=on, by=request.user)
        except REFUSALS as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            word = "yes" if kept.agrees else "no"
            messages.success(request, f"Thank you. Your {word} is recorded. You may change it until the count is made.")
            return redirect(f"{reverse('investor:consent', args=[found.pk])}{about.query}")
    crumbs = [Link("Consents", reverse(CONSENTS) + about.query), Link(str(found))]
    context = {"own": own, "told": own.told, "form": form}
    return portal_page(request, "investor_portal/consent.html", about, section=CONSENTS, crumbs=crumbs, context=context)


def _of(about: Standing) -> dict[str, object]:
    return {"loan__book": about.book, "participation_set__participations__investor": about.investor}


def _own(one: ConsentAsked, about: Standing) -> OwnConsent:
    told = consent_told(one)
    mine = next(lender for lender in told.lenders if lender.one.investor == about.investor)
    return OwnConsent(told, mine)


def _row(own: OwnConsent) -> tuple[Value, ...]:
    one = own.told.consent
    named = (str(one), str(one.loan.organisation), own.told.what, one.asked_on, one.answer_by, own.told.state[1])
    return (*named, own.mine.one.amount, own.mine.part, own.mine.answer[1])
