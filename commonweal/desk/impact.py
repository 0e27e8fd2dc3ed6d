"""Impact at the desk: who reported, what is counted, and what a business claims, promised, said and allows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.domain.outcomes import AddUp, Measure, Use
from borrowers.domain.readings import Grade
from borrowers.models import Organisation, Reading
from borrowers.queries import (
    claims_of,
    consents_of,
    current_answers,
    history_of,
    indicators,
    latest_note,
    parts_of,
    readings_by_indicator,
)
from borrowers.services import Said, confirm_reading, define_indicator, make_claim, record_reading
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.impact_forms import (
    ClaimForm,
    ConfirmForm,
    EvidenceForm,
    IndicatorForm,
    RestateForm,
    ReturnPlanForm,
)
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.shown import statements_that_could_show
from commonweal.templatetags.commonweal import day
from loans.domain.returns import ReturnState
from loans.models import Loan
from loans.queries import impact_targets_of
from loans.returns_queries import (
    answers_to,
    evidence_of,
    return_plan_of,
    return_plans,
    returns_in,
    returns_of,
    stories_of,
)
from loans.services import add_evidence, agree_returns

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:impact"
SHAPES = {ReturnState.OPEN: ("due", "Open"), ReturnState.LATE: ("early", "Late"), ReturnState.SENT: ("good", "Sent")}
"""A return's state as a shape and in a word; a late one is never more than amber."""


def impact(request: PersonRequest, book: str) -> HttpResponse:
    """The returns of the book, with how many of those asked have reported."""
    of = book_of(request, book)
    found = list(returns_in(of))
    answered = answers_to(found)
    states = [one.state(of.business_date) for one in found]
    rows = [(one, *SHAPES[state], len(answered.get(one.pk, {}))) for one, state in zip(found, states, strict=True)]
    headings = ("Business", "From", "To", "Due", "State", "Answered", "Asked", "Sent on")
    sheet = [
        (
            str(one.organisation),
            one.period_start,
            one.period.last_day,
            one.due_on,
            word,
            done,
            len(one.plan.questions.all()),
            one.sending.sent_on if one.sending else None,
        )
        for one, _, word, done in rows
    ]
    if file := download(request, Sheet(f"returns-{of.code}", headings, sheet)):
        return file
    context = {"rows": rows, "counted": Counter(states), "asked": len(found), "plans": return_plans(of)}
    return desk_page(request, "desk/impact/returns.html", of, section=SECTION, context=context)


def indicator_list(request: PersonRequest, book: str) -> HttpResponse:
    """What is counted, by name."""
    of = book_of(request, book)
    found = list(indicators())
    headings = ("Code", "Name", "Unit", "Counted", "Adds up", "IRIS+", "Release", "SDG targets", "Area", "Own")
    rows = [
        (
            one.code,
            one.name,
            one.unit,
            Measure(one.measure).words,
            AddUp(one.adds_up).words,
            one.iris_id,
            one.iris_version,
            ", ".join(one.sdg_targets),
            one.get_area_display(),
            "yes" if one.is_own else "no",
        )
        for one in found
    ]
    if file := download(request, Sheet("indicators", headings, rows)):
        return file
    context = {"indicators": found, "why_not": why_not(request.user, "desk:indicator-new", "POST", book=of.pk)}
    return desk_page(
        request, "desk/impact/indicators.html", of, section=SECTION, crumbs=_crumbs(of, "Indicators"), context=context
    )


def indicator(request: PersonRequest, book: str, indicator: int) -> HttpResponse:
    """One indicator, and what the businesses of the book said of it."""
    of = book_of(request, book)
    found = get_object_or_404(indicators(), pk=indicator)
    own = organisations_for(request.user).filter(pk__in=_dealing(request, of))
    read = list(readings_by_indicator(found).filter(organisation__in=own))
    headings = ("Business", "From", "To", "Answer", "Figure", "Grade", "Shown by")
    rows = [
        (
            str(one.organisation),
            one.period_start,
            one.period.last_day,
            one.get_answer_display(),
            one.value,
            one.grade,
            one.evidence,
        )
        for one in read
    ]
    if file := download(request, Sheet(f"indicator-{found.code}", headings, rows)):
        return file
    context = {"indicator": found, "readings": read, "measure": Measure(found.measure), "adds_up": AddUp(found.adds_up)}
    crumbs = _crumbs(of, found.name)
    return desk_page(request, "desk/impact/indicator.html", of, section=SECTION, crumbs=crumbs, context=context)


def indicator_new(request: PersonRequest, book: str) -> HttpResponse:
    """Define an indicator of the fund's own."""
    of = book_of(request, book)
    form = IndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = define_indicator(form.definition())
            messages.success(request, f"{made} can be asked for, and promised with a loan.")
            return redirect("desk:indicator", of.code, made.pk)
    return _form_page(request, of, "indicator_new", "Define an indicator", {"form": form})


def business(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """What one business claims, is asked, promised, said and allows."""
    of, found = _found(request, book, organisation)
    loans = Loan.objects.filter(book=of, organisation=found)
    read = list(current_answers(found).order_by("-period_end", "indicator__name"))
    headings = ("Indicator", "From", "To", "Answer", "Figure", "Grade", "Shown by", "Confirmed", "Restated")
    rows = [
        (
            str(one.indicator),
            one.period_start,
            one.period.last_day,
            one.get_answer_display(),
            one.value,
            one.grade,
            one.evidence,
            "yes" if hasattr(one, "confirmation") else "no",
            one.reason,
        )
        for one in read
    ]
    if file := download(request, Sheet(f"impact-of-{found.pk}", headings, rows)):
        return file
    said = consents_of([found])
    returns = list(returns_of([found]).filter(book=of))
    context = {
        "organisation": found,
        "loans": loans,
        "claims": claims_of([found]),
        "plan": return_plan_of(of, found),
        "returns": [(one, *SHAPES[one.state(of.business_date)]) for one in returns],
        "targets": impact_targets_of(loans),
        "readings": [(one, evidence_of(read).get(one.pk, [])) for one in read],
        "consents": [(use, said.get((found.pk, use))) for use in Use],
        "stories": stories_of([found]),
        "note": latest_note(found),
        "why_not_claim": why_not(request.user, "desk:claim-new", "POST", book=of.pk),
        "why_not_plan": why_not(request.user, "desk:return-plan", "POST", book=of.pk),
    }
    crumbs = _crumbs(of, str(found))
    return desk_page(request, "desk/impact/business.html", of, section=SECTION, crumbs=crumbs, context=context)


def claim_new(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """Record what a business says that it changes."""
    of, found = _found(request, book, organisation)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            make_claim(
                organisation=found,
                claim=form.claim(),
                shown_by=list(form.cleaned_data["shown_by"]),
                on=of.business_date,
                by=request.user,
            )
            messages.success(request, "The claim is recorded, with what shows it.")
            return redirect("desk:impact-of", of.code, found.pk)
    return _form_page(request, of, "claim_new", "Record a claim", {"form": form, "organisation": found})


def return_plan(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """Agree what a business is asked; a change needs its consent."""
    of, found = _found(request, book, organisation)
    before = return_plan_of(of, found)
    form = ReturnPlanForm(request.POST or None, before=before)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            agree_returns(
                book=of,
                organisation=found,
                calendar=form.calendar(),
                indicators=list(form.cleaned_data["indicators"]),
                on=of.business_date,
                by=request.user,
                consented=form.cleaned_data.get("consented", ""),
            )
            messages.success(request, f"{found} is asked from now on; its first return opens when the period is over.")
            return redirect("desk:impact-of", of.code, found.pk)
    context = {"form": form, "organisation": found, "before": before}
    return _form_page(request, of, "return_plan", "What is asked", context)


def reading(request: PersonRequest, book: str, organisation: int, reading: int) -> HttpResponse:
    """One reading: its parts, evidence and history, and looking at it."""
    of, found = _found(request, book, organisation)
    return _reading_page(request, of, _read(found, reading))


def reading_confirm(request: PersonRequest, book: str, organisation: int, reading: int) -> HttpResponse:
    """Say that somebody other than who recorded it looked at a reading."""
    of, found = _found(request, book, organisation)
    one, form = _read(found, reading), ConfirmForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            confirm_reading(reading=one, how=form.cleaned_data["how"], on=of.business_date, by=request.user)
            messages.success(request, "The reading is confirmed.")
            return redirect("desk:reading", of.code, found.pk, one.pk)
    return _reading_page(request, of, one, confirm=form)


def reading_evidence(request: PersonRequest, book: str, organisation: int, reading: int) -> HttpResponse:
    """Keep a document that shows a reading."""
    of, found = _found(request, book, organisation)
    one, form = _read(found, reading), EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")
    if form.is_valid():
        with refusals_in(form):
            add_evidence(book=of, reading=one, upload=form.upload(), by=request.user)
            messages.success(request, "The document is kept with the reading.")
            return redirect("desk:reading", of.code, found.pk, one.pk)
    return _reading_page(request, of, one, proof=form)


def reading_restate(request: PersonRequest, book: str, organisation: int, reading: int) -> HttpResponse:
    """Put a figure right; the earlier one stays with the reason."""
    of, found = _found(request, book, organisation)
    one, form = _read(found, reading), RestateForm(request.POST, auto_id="restate_%s")
    if form.is_valid():
        with refusals_in(form):
            evidence = form.cleaned_data["evidence"]
            made = record_reading(
                organisation=found,
                indicator=one.indicator,
                period=one.period,
                said=Said(value=form.figure, grade=Grade.MEASURED if evidence else Grade.ESTIMATED, evidence=evidence),
                on=of.business_date,
                by=request.user,
                replaces=one,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "The figure is put right; the earlier one stays beside it.")
            return redirect("desk:reading", of.code, found.pk, made.pk)
    return _reading_page(request, of, one, restate=form)


def _reading_page(request: PersonRequest, of: Book, one: Reading, **given: Any) -> HttpResponse:
    history = history_of(one)
    context = {
        "reading": one,
        "organisation": one.organisation,
        "parts": parts_of([one]).get(one.pk, []),
        "evidence": evidence_of([one]).get(one.pk, []),
        "history": history[1:],
        "statements": statements_that_could_show(of, one.organisation, history[1]) if len(history) > 1 else [],
        "confirm": ConfirmForm(),
        "restate": RestateForm(auto_id="restate_%s"),
        "proof": EvidenceForm(auto_id="evidence_%s"),
        "form": next(iter(given.values()), None),
        "why_not": why_not(request.user, "desk:reading-confirm", "POST", book=of.pk),
        **given,
    }
    here = Link(str(one.organisation), reverse("desk:impact-of", args=[of.code, one.organisation_id]))
    crumbs = [*_crumbs(of), here, Link(f"{one.indicator} to {day(one.period.last_day)}")]
    return desk_page(request, "desk/impact/reading.html", of, section=SECTION, crumbs=crumbs, context=context)


def _form_page(request: PersonRequest, of: Book, name: str, label: str, context: dict[str, Any]) -> HttpResponse:
    template = f"desk/impact/{name}.html"
    return desk_page(request, template, of, section=SECTION, crumbs=_crumbs(of, label), context=context)


def _found(request: PersonRequest, book: str, organisation: int) -> tuple[Book, Organisation]:
    """The book and a business that deals with it, as they stand in the address. Raises Http404."""
    return book_of(request, book), get_object_or_404(organisations_for(request.user), pk=organisation)


def _read(organisation: Organisation, pk: int) -> Reading:
    return get_object_or_404(current_answers(organisation), pk=pk)


def _dealing(request: PersonRequest, of: Book) -> Any:
    return loans_for(request.user).filter(book=of).values("organisation")


def _crumbs(of: Book, label: str = "") -> list[Link]:
    way = [Link("Impact", reverse(SECTION, args=[of.code]))]
    return [*way, Link(label)] if label else way
