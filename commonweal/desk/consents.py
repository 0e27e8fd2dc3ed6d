"""What the lenders of loans are asked to agree to: the list, asking them, and who answered what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import consents_for, loans_for
from commonweal.components import Link
from commonweal.consent_words import HEADINGS, ConsentTold, consent_told
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm
from commonweal.jobs.servicing import ask_lenders, take_answer
from commonweal.templatetags.commonweal import day
from investors.domain.consent import Majority
from investors.models import ConsentAsked, Investor
from investors.queries import holdings_in
from investors.queries.consents import consent_to, loan_of_subject
from loans.models import Proposal, WaiverProposal

if TYPE_CHECKING:
    from ledger.models import Book

LIST, ONE = "desk:consents", "desk:consent"
DAYS_TO_ANSWER = 14
MAJORITIES = (("1/2", "More than half"), ("2/3", "More than two thirds"), ("3/4", "More than three quarters"))
WORDS = forms.Textarea(attrs={"rows": 5})
REASON = forms.Textarea(attrs={"rows": 2})


class AskForm(PlainForm):
    """What lenders read, how many have to agree, and by when."""

    words = forms.CharField(
        label="What the lenders read",
        help_text="What happened, and what you would do. They read nothing else of it.",
        max_length=1000,
        widget=WORDS,
    )
    majority = forms.ChoiceField(
        label="Agreed by",
        choices=MAJORITIES,
        initial="1/2",
        help_text="Of all parts, by amount.",
        widget=forms.RadioSelect,
    )
    answer_by = DayField(noun="the last day for answers", label="Answer by", help_text="The last day that counts.")

    def asked_majority(self) -> Majority:
        """The majority chosen."""
        parts, of = self.cleaned_data["majority"].split("/")
        return Majority(int(parts), int(of))


class AnswerForm(PlainForm):
    """What a lender said to the fund, or what the fund says for its own part."""

    investor: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Lender", empty_label="Choose a lender"
    )
    agrees = forms.TypedChoiceField(
        label="Answer",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label="How do you know?",
        help_text="Such as its letter of a day; not needed for the fund’s own part.",
        required=False,
        max_length=200,
    )
    reason = forms.CharField(
        label="Reason", help_text="Needed for a no.", required=False, max_length=500, widget=REASON
    )


def consents(request: PersonRequest, book: str) -> HttpResponse:
    """What was asked, the latest first."""
    of = book_of(request, book)
    told = [consent_told(one) for one in consents_for(request.user).filter(loan__book=of)]
    if file := download(request, Sheet(f"consents-{of.code}-{of.business_date}", HEADINGS, [one.row for one in told])):
        return file
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link("Lenders’ consent")]
    context = {"consents": told, "sign": sign(of)}
    return desk_page(request, "desk/consents/list.html", of, section=SECTION, crumbs=crumbs, context=context)


def consent_ask(request: PersonRequest, book: str, loan: int, covenant: int, waiver: int) -> HttpResponse:
    """Ask the lenders of a loan to agree that a breach be let pass."""
    of = book_of(request, book)
    found = WaiverProposal.objects.filter(covenant=covenant, covenant__loan=loan)
    mine = found.filter(covenant__loan__book=of, covenant__loan__in=loans_for(request.user))
    return _ask(request, of, get_object_or_404(mine.select_related("covenant__loan__organisation"), pk=waiver))


def consent_ask_act(request: PersonRequest, book: str, proposed: int) -> HttpResponse:
    """Ask the lenders of a loan to agree to another act on it that waits for a second person."""
    of = book_of(request, book)
    found = Proposal.objects.filter(loan__book=of, loan__in=loans_for(request.user))
    return _ask(request, of, get_object_or_404(found.select_related("loan__organisation"), pk=proposed))


def consent(request: PersonRequest, book: str, consent: int) -> HttpResponse:
    """One consent: what was asked, who answered what with how much, and a place for what a lender said elsewhere."""
    of = book_of(request, book)
    found = _found(request, of, consent)
    form = AnswerForm()
    return _page(request, of, found, form)


def consent_answer(request: PersonRequest, book: str, consent: int) -> HttpResponse:
    """Record what a lender told the fund, or the answer for the fund's own part."""
    of = book_of(request, book)
    found = _found(request, of, consent)
    form = AnswerForm(request.POST)
    offer(form, "investor", _asked(found))
    if form.is_valid():
        with refusals_in(form):
            kept = take_answer(consent=found, **form.cleaned_data, on=of.business_date, by=request.user)
            messages.success(request, f"The {'yes' if kept.agrees else 'no'} of {kept.investor} is recorded.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, of, found, form)


def consent_panel(request: PersonRequest, subject: WaiverProposal | Proposal | None) -> dict[str, Any]:
    """What the page of a proposal says of its lenders: the consent, or the way to ask on a shared loan."""
    if subject is None:
        return {}
    loan = loan_of_subject(subject)
    asked = consent_to(subject)
    address = "desk:consent-ask" if isinstance(subject, WaiverProposal) else "desk:consent-ask-act"
    return {
        "consent": consent_told(asked) if asked else None,
        "consent_url": _ask_url(loan.book, subject),
        "is_shared": asked is not None or bool(holdings_in(loan, loan.book.business_date)),
        "why_not_ask": why_not(request.user, address, "POST", book=loan.book_id),
    }


def _ask(request: PersonRequest, book: Book, subject: WaiverProposal | Proposal) -> HttpResponse:
    loan = loan_of_subject(subject)
    if (asked := consent_to(subject)) is not None:
        return redirect(ONE, book.code, asked.pk)
    form = AskForm(request.POST or None, initial={"answer_by": book.business_date + timedelta(days=DAYS_TO_ANSWER)})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = ask_lenders(
                subject=subject,
                words=form.cleaned_data["words"],
                answer_by=form.cleaned_data["answer_by"],
                majority=form.asked_majority(),
                on=book.business_date,
                by=request.user,
            )
            messages.success(request, f"{made}: the lenders of {loan} are asked, until {day(made.answer_by)}.")
            return redirect(ONE, book.code, made.pk)
    held = [one for one in holdings_in(loan, book.business_date) if one.participation]
    context = {"loan": loan, "subject": subject, "form": form, "held": held, "sign": sign(book)}
    crumbs = _crumbs(book, "Ask the lenders")
    return desk_page(request, "desk/consents/ask.html", book, section=SECTION, crumbs=crumbs, context=context)


def _found(request: PersonRequest, book: Book, pk: int) -> ConsentAsked:
    found: ConsentAsked = get_object_or_404(consents_for(request.user).filter(loan__book=book), pk=pk)
    return found


def _asked(found: ConsentAsked) -> QuerySet[Investor]:
    return Investor.objects.filter(pk__in=[one.investor.pk for one in found.lenders])


def _page(request: PersonRequest, book: Book, found: ConsentAsked, form: AnswerForm) -> HttpResponse:
    told = consent_told(found)
    offer(form, "investor", _asked(found))
    if file := download(request, _sheet(told)):
        return file
    context = {
        "told": told,
        "subject_url": _subject_url(book, found),
        "decision": getattr(found.subject, "decision", None),
        "form": form,
        "why_not": why_not(request.user, "desk:consent-answer", "POST", book=book.pk),
        "sign": sign(book),
    }
    crumbs = _crumbs(book, str(found))
    return desk_page(request, "desk/consents/consent.html", book, section=SECTION, crumbs=crumbs, context=context)


def _sheet(told: ConsentTold) -> Sheet:
    """Every answer that was given, those that were replaced among them, and who gave none."""
    headings = ("Lender", "Part", "Of the whole", "Answer", "Counts", "On", "By", "How the fund knows", "Reason")
    rows: list[tuple[Any, ...]] = []
    for lender in told.lenders:
        named = (str(lender.one.investor), lender.one.amount, lender.part)
        given = [one for one in told.consent.answers.all() if one.investor_id == lender.one.investor.pk]
        rows += [
            (
                *named,
                "Yes" if one.agrees else "No",
                "yes" if one == lender.one.answer else "replaced",
                one.answered_on,
                str(one.answered_by),
                one.source,
                one.reason,
            )
            for one in given
        ] or [(*named, "", "", None, "", "", "")]
    return Sheet(f"consent-{told.consent}", headings, rows)


def _crumbs(book: Book, label: str) -> list[Link]:
    loans = Link("Loans", reverse(SECTION, args=[book.code]))
    return [loans, Link("Lenders’ consent", reverse(LIST, args=[book.code])), Link(label)]


def _ask_url(book: Book, subject: WaiverProposal | Proposal) -> str:
    if isinstance(subject, WaiverProposal):
        covenant = subject.covenant
        return reverse("desk:consent-ask", args=[book.code, covenant.loan_id, covenant.pk, subject.pk])
    return reverse("desk:consent-ask-act", args=[book.code, subject.pk])


def _subject_url(book: Book, found: ConsentAsked) -> str:
    subject = found.subject
    if isinstance(subject, WaiverProposal):
        return reverse("desk:covenant", args=[book.code, found.loan_id, subject.covenant_id])
    return reverse("desk:proposal", args=[book.code, subject.pk])
