"""Neighbourhoods at the desk: what residents say they need, which loans answer that, and the page for the public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Figure, Link
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import money
from ledger.domain.money import from_minor
from loans.models import Loan, Neighbourhood, Priority
from loans.neighbourhoods import (
    NeighbourhoodPage,
    answers_of,
    neighbourhood_page,
    neighbourhoods,
    priorities_of,
    shown_as_of,
)
from loans.queries import loans
from loans.services import name_neighbourhood, record_priority, say_answer, show_neighbourhood

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:impact"


class NeighbourhoodForm(PlainForm):
    """A name and the small areas that belong to it."""

    name = forms.CharField(label="Name", max_length=100, help_text="As people who live there call it.")
    areas = forms.CharField(
        label="Small areas",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their codes, with blanks, commas or lines between, such as E01019121. They stay for good.",
    )

    @property
    def codes(self) -> list[str]:
        """The codes one by one."""
        return [code for code in re.split(r"[\s,;]+", self.cleaned_data["areas"]) if code]


class PriorityForm(PlainForm):
    """What residents want, where they said so, and when; perhaps instead of an earlier one."""

    text = forms.CharField(label="What residents want", max_length=300, help_text="In their words.")
    source = forms.CharField(
        label="Where they said so", max_length=200, help_text="Such as a meeting with 40 people; never who said it."
    )
    told_on = DayField(noun="the day", label="When")
    replaces = forms.ModelChoiceField(
        label="Instead of", queryset=Priority.objects.none(), required=False, empty_label="Nothing: it is another one"
    )


class LoanChoice(forms.ModelChoiceField):
    """A loan by its reference and its business."""

    def label_from_instance(self, loan: Any) -> str:
        """How it stands in the list."""
        return f"{loan.reference}, {loan.organisation}"


class AnswerForm(PlainForm):
    """Which loan answers which priority, and how."""

    priority = forms.ModelChoiceField(label="Priority", queryset=Priority.objects.none())
    loan = LoanChoice(label="Loan", queryset=Loan.objects.none())
    is_answer = forms.TypedChoiceField(
        label="Does it answer it?",
        choices=[("yes", "Yes"), ("no", "Not after all")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    how = forms.CharField(label="How, or why not", max_length=300)


def list_all(request: PersonRequest, book: str) -> HttpResponse:
    """The neighbourhoods of a fund; a post names another one."""
    of = book_of(request, book)
    found: list[Any] = list(neighbourhoods(of).prefetch_related("areas"))
    priorities, answers = _counts(found)
    rows = [
        (one, [area.area for area in one.areas.all()], priorities.get(one.pk, 0), answers.get(one.pk, 0))
        for one in found
    ]
    headings = ("Neighbourhood", "Small areas", "Priorities", "Loans that answer", "Shown to the public")
    sheet = [
        (str(one), " ".join(areas), told, loans, "yes" if one.is_shown else "no") for one, areas, told, loans in rows
    ]
    if file := download(request, Sheet(f"neighbourhoods-{of.code}", headings, sheet)):
        return file
    form = NeighbourhoodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = name_neighbourhood(book=of, name=form.cleaned_data["name"], areas=form.codes, by=request.user)
            messages.success(request, f"{made} is a neighbourhood. Record what its residents want.")
            return redirect("desk:neighbourhood", of.code, made.pk)
    context = {
        "rows": rows,
        "form": form,
        "why_not_new": why_not(request.user, "desk:neighbourhoods", "POST", book=of.pk),
    }
    crumbs = [Link("Impact", reverse(SECTION, args=[of.code])), Link("Neighbourhoods")]
    return desk_page(request, "desk/neighbourhoods/list.html", of, section=SECTION, crumbs=crumbs, context=context)


def neighbourhood(request: PersonRequest, book: str, neighbourhood: int) -> HttpResponse:
    """One neighbourhood: all of it, and what of that the public reads; a post records a priority."""
    of = book_of(request, book)
    found = get_object_or_404(neighbourhoods(of), pk=neighbourhood)
    form = _priority_form(request if request.method == "POST" else None, found, of)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            record_priority(neighbourhood=found, on=of.business_date, by=request.user, **form.cleaned_data)
            messages.success(request, "The priority is kept.")
            return redirect("desk:neighbourhood", of.code, found.pk)
    return _page(request, of, found, priority=form)


def answer(request: PersonRequest, book: str, neighbourhood: int) -> HttpResponse:
    """Say that a loan answers a priority, or that it does not after all."""
    of = book_of(request, book)
    found = get_object_or_404(neighbourhoods(of), pk=neighbourhood)
    form = _answer_form(request, found, of)
    if form.is_valid():
        with refusals_in(form):
            say_answer(by=request.user, **form.cleaned_data)
            messages.success(request, "It is kept which loan answers the priority.")
            return redirect("desk:neighbourhood", of.code, found.pk)
    return _page(request, of, found, answer=form)


def show(request: PersonRequest, book: str, neighbourhood: int) -> HttpResponse:
    """Open the page for the public, or close it."""
    of = book_of(request, book)
    found = get_object_or_404(neighbourhoods(of), pk=neighbourhood)
    is_shown = request.POST.get("is_shown") == "yes"
    try:
        show_neighbourhood(neighbourhood=found, is_shown=is_shown, by=request.user)
        messages.success(request, f"{found} {'can be read by anybody' if is_shown else 'is taken off'}.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:neighbourhood", of.code, found.pk)


def _page(
    request: PersonRequest,
    book: Book,
    found: Any,
    *,
    priority: PriorityForm | None = None,
    answer: AnswerForm | None = None,
) -> HttpResponse:
    page = neighbourhood_page(found, shown_as_of(book))
    if file := download(request, _sheet(page)):
        return file
    user = request.user
    context = {
        "found": found,
        "page": page,
        "figures": _figures(page, book),
        "form": priority if priority and priority.errors else answer,
        "priority_form": priority or _priority_form(None, found, book),
        "answer_form": answer or _answer_form(None, found, book),
        "why_not_record": why_not(user, "desk:neighbourhood", "POST", book=book.pk),
        "why_not_answer": why_not(user, "desk:neighbourhood-answer", "POST", book=book.pk),
        "why_not_show": why_not(user, "desk:neighbourhood-show", "POST", book=book.pk),
    }
    crumbs = [
        Link("Impact", reverse(SECTION, args=[book.code])),
        Link("Neighbourhoods", reverse("desk:neighbourhoods", args=[book.code])),
        Link(str(found)),
    ]
    return desk_page(request, "desk/neighbourhoods/one.html", book, section=SECTION, crumbs=crumbs, context=context)


def _figures(page: NeighbourhoodPage, book: Book) -> list[Figure]:
    inside = page.inside
    return [
        Figure("Priorities", str(len(page.priorities)), "as residents told them"),
        Figure(
            "Businesses that agreed to be named", str(inside.named), f"{_lent(inside.lent_named, book)} lent for here"
        ),
        Figure("Businesses that did not", str(inside.others), f"{_lent(inside.lent_others, book)} lent for here"),
        Figure(
            "The public reads of these",
            "nothing" if page.is_hidden else "number and sum",
            "so few that they could be told, or worked out" if page.is_hidden else "nobody can be told by them",
        ),
    ]


def _lent(units: int, book: Book) -> str:
    return money(_money(units, book))


def _money(units: int, book: Book) -> Money:
    return from_minor(units, book.base_currency)


def _sheet(page: NeighbourhoodPage) -> Sheet:
    """Every priority with each loan that answers it; for staff."""
    headings = (
        "Priority",
        "Where they said so",
        "When",
        "Recorded by",
        "Loan",
        "Business",
        "How",
        "Lent",
        "May be named",
    )
    rows: list[tuple[Any, ...]] = []
    for shown in page.priorities:
        said = (shown.priority.text, shown.priority.source, shown.priority.told_on, str(shown.priority.recorded_by))
        rows += [
            (
                *said,
                *(one.loan.reference, str(one.loan.organisation), one.how),
                *(from_minor(one.lent, one.loan.currency), "yes" if one.is_named else "no"),
            )
            for one in shown.loans
        ] or [(*said, "", "", "", None, "")]
    return Sheet(f"neighbourhood-{page.neighbourhood.pk}", headings, rows)


def _counts(found: list[Neighbourhood]) -> tuple[dict[int, int], dict[int, int]]:
    """How many priorities each has, and how many loans answer any of them; two queries."""
    priorities = list(priorities_of(found))
    of_priority = {one.pk: one.neighbourhood_id for one in priorities}
    loans: dict[int, set[int]] = {}
    for one in answers_of(priorities):
        loans.setdefault(of_priority[one.priority_id], set()).add(one.loan_id)
    told: dict[int, int] = {}
    for key in of_priority.values():
        told[key] = told.get(key, 0) + 1
    return told, {key: len(mine) for key, mine in loans.items()}


def _priority_form(request: PersonRequest | None, found: Neighbourhood, book: Book) -> PriorityForm:
    form = PriorityForm(request.POST if request else None, initial={"told_on": book.business_date})
    offer(form, "replaces", priorities_of([found]))
    return form


def _answer_form(request: PersonRequest | None, found: Neighbourhood, book: Book) -> AnswerForm:
    form = AnswerForm(request.POST if request else None)
    offer(form, "priority", priorities_of([found]))
    offer(form, "loan", loans(book))
    return form
