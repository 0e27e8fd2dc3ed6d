"""What a business promises with its loan, and what it told otherwise than by its return: entered at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.domain.readings import Answer, Grade, ReadingPeriod
from borrowers.models import Indicator, Organisation
from borrowers.queries import asked_indicators
from borrowers.services import Said, record_reading
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.form_fields import DayField, NumberField, PlainForm
from loans.models import Loan
from loans.services import Promise, promise_impact

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:impact"
TYPED = [grade for grade in Grade if grade is not Grade.LEDGER]


class TargetForm(PlainForm):
    """Where an indicator stands, and where it should stand by a day, as agreed with a loan."""

    loan = forms.ModelChoiceField(label="With which loan?", queryset=Loan.objects.none())
    indicator = forms.ModelChoiceField(label="What is counted?", queryset=Indicator.objects.none())
    baseline = NumberField(
        noun="the baseline",
        label="Where it stood",
        help_text="The baseline, in the indicator’s unit; without one nobody can tell what changed.",
        required=False,
    )
    baseline_on = DayField(noun="the day of the baseline", label="On which day", required=False)
    target = NumberField(noun="the target", label="Where it should stand", help_text="The target, in the same unit.")
    target_by = DayField(noun="the day of the target", label="By which day")

    def __init__(self, *args: Any, loans: QuerySet[Loan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["loan"], loans)
        _offer(self.fields["indicator"], asked_indicators())
        if loans.count() == 1:
            self.initial.setdefault("loan", loans.get().pk)

    def promise(self) -> Promise:
        """Baseline and target as the service takes them."""
        said = self.cleaned_data
        return Promise(said["baseline"], said["baseline_on"], said["target"], said["target_by"])


class ReadingForm(PlainForm):
    """What a business told for a period that is over."""

    indicator = forms.ModelChoiceField(label="What was counted?", queryset=Indicator.objects.none())
    first_day = DayField(noun="the first day", label="From")
    end = DayField(noun="the first day after it", label="Up to, but not including", help_text="The first day after it.")
    answer = forms.ChoiceField(
        label="What was said?", choices=[(one.value, one.words.capitalize()) for one in Answer], initial=Answer.VALUE
    )
    value = NumberField(noun="the figure", label="The figure", required=False)
    grade = forms.ChoiceField(
        label="How is it known?",
        choices=[("", "No figure"), *((one.value, f"{one.value}: {one.words}") for one in TYPED)],
        required=False,
    )
    evidence = forms.CharField(
        label="Shown by",
        help_text="Such as the payroll summary; an estimate needs nothing.",
        max_length=500,
        required=False,
    )
    verifier = forms.CharField(label="Who checked it, outside the business?", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["indicator"], asked_indicators())

    @property
    def period(self) -> ReadingPeriod:
        """The days it is of. Raises WrongPeriod."""
        return ReadingPeriod(self.cleaned_data["first_day"], self.cleaned_data["end"])

    def said(self) -> Said:
        """The answer as the service takes it."""
        given = self.cleaned_data
        return Said(
            value=given["value"],
            grade=Grade(given["grade"]) if given["grade"] else None,
            evidence=given["evidence"],
            verifier=given["verifier"],
            answer=Answer(given["answer"]),
        )


def target_new(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """Agree where an indicator should stand, with one of the business's loans."""
    of, found = _found(request, book, organisation)
    form = TargetForm(request.POST or None, loans=loans_for(request.user).filter(book=of, organisation=found))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            said = form.cleaned_data
            made = promise_impact(
                loan=said["loan"], indicator=said["indicator"], promise=form.promise(), by=request.user
            )
            messages.success(
                request, f"{made.indicator} is promised with {made.loan}; each statement shows its target."
            )
            return redirect("desk:impact-of", of.code, found.pk)
    return _page(request, of, found, "target_new", "Promise a target", form)


def reading_new(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """Record what a business told on paper or by telephone; a figure that stands is put right on its own page."""
    of, found = _found(request, book, organisation)
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = record_reading(
                organisation=found,
                indicator=form.cleaned_data["indicator"],
                period=form.period,
                said=form.said(),
                on=of.business_date,
                by=request.user,
            )
            messages.success(request, "It is recorded. A colleague can look at it and confirm it.")
            return redirect("desk:reading", of.code, found.pk, made.pk)
    return _page(request, of, found, "reading_new", "Record a reading", form)


def _page(
    request: PersonRequest, of: Book, found: Organisation, name: str, label: str, form: PlainForm
) -> HttpResponse:
    crumbs = [
        Link("Impact", reverse(SECTION, args=[of.code])),
        Link(str(found), reverse("desk:impact-of", args=[of.code, found.pk])),
        Link(label),
    ]
    context = {"form": form, "organisation": found}
    return desk_page(request, f"desk/impact/{name}.html", of, section=SECTION, crumbs=crumbs, context=context)


def _found(request: PersonRequest, book: str, organisation: int) -> tuple[Book, Organisation]:
    return book_of(request, book), get_object_or_404(organisations_for(request.user), pk=organisation)


def _offer(field: forms.Field, choices: QuerySet[Any]) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = choices
