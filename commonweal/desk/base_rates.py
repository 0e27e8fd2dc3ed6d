"""Base rates at the desk: each index with its table, who has to be told, and a new rate with its effects in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PercentField, PlainForm
from commonweal.templatetags.commonweal import day, money, percent
from ledger.domain.money import from_minor
from loans import queries, services
from loans.models import BaseRate, BaseRateIndex, RateNotice

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:products"


class IndexForm(PlainForm):
    """A published rate that loans may follow."""

    name = forms.CharField(label="Name", help_text="As it is published: Bank Rate.", max_length=200)
    code = forms.SlugField(label="Code", help_text="Small letters, digits and hyphens.", max_length=40)


class RateChoice(forms.ModelChoiceField):
    """A choice among recorded rates, in words."""

    def label_from_instance(self, obj: Any) -> str:
        """The rate and its first day."""
        return f"{percent(obj.annual_rate)} from {day(obj.effective_on)}"


class RateForm(PlainForm):
    """A rate of an index, from a day on."""

    effective_on = DayField(noun="the first day", label="In force from")
    annual_rate = PercentField(noun="the rate", label="Rate a year")
    replaces = RateChoice(
        queryset=BaseRate.objects.none(),
        label="Instead of",
        help_text="Only to correct a rate that was recorded wrongly.",
        empty_label="Nothing: it is a new rate",
        required=False,
    )

    def __init__(self, *args: Any, index: BaseRateIndex, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "replaces", queries.base_rates(index).filter(replaced_by__isnull=True))


def base_rates(request: PersonRequest, book: str) -> HttpResponse:
    """The indexes with the rate in force, and who has to be told of a change."""
    of = book_of(request, book)
    notices = list(queries.rate_notices(of)[:200])
    headings = ("Tell by", "Loan", "Business", "Index", "Takes effect", "Old rate", "New rate", "Old and new payment")
    rows = [_told(notice) for notice in notices]
    if request.GET.get("download") and (file := download(request, Sheet(f"rate-notices-{of.code}", headings, rows))):
        return file
    return _page(request, of, IndexForm(), notices)


def index_new(request: PersonRequest, book: str) -> HttpResponse:
    """Add an index; its table is empty at first."""
    of = book_of(request, book)
    form = IndexForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            made = services.add_index(book=of, code=form.cleaned_data["code"], name=form.cleaned_data["name"])
            messages.success(request, f"{made} is added. Record the rates that were published, the oldest first.")
            return redirect("desk:base-rate-index", of.code, made.pk)
    return _page(request, of, form, list(queries.rate_notices(of)[:200]))


def index(request: PersonRequest, book: str, index: int) -> HttpResponse:
    """The table of one index."""
    of = book_of(request, book)
    found = _index_of(of, index)
    headings = ("In force from", "Annual rate", "Recorded by", "Recorded on", "Corrected to")
    rates = [
        (
            row.effective_on,
            row.annual_rate,
            str(row.recorded_by),
            row.recorded_at.date(),
            row.replaced_by.annual_rate if hasattr(row, "replaced_by") else None,
        )
        for row in queries.base_rates(found)
    ]
    if file := download(request, Sheet(f"base-rates-{found.code}", headings, rates)):
        return file
    return _table(request, of, found, RateForm(index=found, initial={"effective_on": of.business_date}))


def base_rate_new(request: PersonRequest, book: str, index: int) -> HttpResponse:
    """Add or correct a rate; "Show what changes" only says which loans would change, from when and by how much."""
    of = book_of(request, book)
    found = _index_of(of, index)
    form = RateForm(request.POST, index=found)
    if form.is_valid():
        with refusals_in(form):
            if "work_out" in request.POST:
                return _table(request, of, found, form, services.effects_of(index=found, **form.cleaned_data))
            row = services.record_base_rate(index=found, by=request.user, **form.cleaned_data)
            count = row.notices.count()
            messages.success(
                request, f"The rate is recorded. {count or 'No'} loan{'' if count == 1 else 's'} will change."
            )
            return redirect("desk:base-rate-index", of.code, found.pk)
    return _table(request, of, found, form)


def _page(request: PersonRequest, book: Book, form: IndexForm, notices: Sequence[RateNotice]) -> HttpResponse:
    rates = queries.base_rates_on(book, book.business_date)
    context = {
        "indexes": [(each, rates.get(each.pk)) for each in queries.base_rate_indexes(book)],
        "notices": [(notice, _told(notice)) for notice in notices],
        "form": form,
        "why_not_new": why_not(request.user, "desk:base-rate-index-new", "POST", book=book.pk),
    }
    crumbs = [Link("Products", reverse(SECTION, args=[book.code])), Link("Base rates")]
    return desk_page(request, "desk/base_rates/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def _table(
    request: PersonRequest,
    book: Book,
    found: BaseRateIndex,
    form: RateForm,
    effects: Sequence[services.RateEffect] | None = None,
) -> HttpResponse:
    context = {
        "index": found,
        "rates": queries.base_rates(found),
        "form": form,
        "effects": effects,
        "shown": effects is not None,
        "why_not_new": why_not(request.user, "desk:base-rate-new", "POST", book=book.pk),
    }
    crumbs = [
        Link("Products", reverse(SECTION, args=[book.code])),
        Link("Base rates", reverse("desk:base-rates", args=[book.code])),
        Link(found.name),
    ]
    return desk_page(request, "desk/base_rates/index.html", book, section=SECTION, crumbs=crumbs, context=context)


def _index_of(book: Book, pk: int) -> BaseRateIndex:
    """The index in the address, if it is one of the book's; otherwise the page does not exist."""
    return get_object_or_404(queries.base_rate_indexes(book), pk=pk)


def _told(notice: RateNotice) -> tuple[Any, ...]:
    currency = notice.loan.currency
    payments = [from_minor(each, currency) for each in (notice.old_payment, notice.new_payment) if each is not None]
    return (
        notice.tell_by,
        notice.loan.reference,
        str(notice.loan.organisation),
        notice.base_rate.index.name,
        notice.takes_effect_on,
        notice.old_rate,
        notice.new_rate,
        " → ".join(map(money, payments)),
    )
