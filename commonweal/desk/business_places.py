"""Where a business does good, at the desk: the places that stand, those before them, and recording others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.domain.areas import postcode_shown
from borrowers.domain.benefit import PlaceGiven
from borrowers.domain.deciles import Decile, DecileScale, Placed, Unplaced
from borrowers.models import Organisation, PlaceSet
from borrowers.places import PlaceOf, deciles_on, place_sets_of, places_of, scales
from borrowers.services import record_places
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for, organisations_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.loans import SECTION
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm

SPARE_ROWS, MOST_ROWS = 3, 20


class PlaceForm(PlainForm):
    """One place: its postcode or the code of its small area, and its part of the whole."""

    where = forms.CharField(
        label="Postcode or area code", max_length=12, widget=forms.TextInput(attrs={"class": "input--s"})
    )
    percent = forms.IntegerField(
        label="Part, per cent", min_value=1, max_value=100, widget=forms.NumberInput(attrs={"class": "input--xs num"})
    )
    name = forms.CharField(label="What is there", max_length=100, required=False)

    @property
    def given(self) -> PlaceGiven:
        """The place as the service takes it. Raises NoSuchPlace and PlacesMalformed."""
        where = self.cleaned_data["where"].strip()
        is_area = len("".join(where.split())) > 7
        words = {"area": where} if is_area else {"postcode": where}
        return PlaceGiven(self.cleaned_data["percent"], name=self.cleaned_data["name"], **words)


class SaidForm(PlainForm):
    """From which day on, and by whose word."""

    effective_on = DayField(noun="the day", label="From")
    source = forms.CharField(
        label="Who said so", max_length=300, help_text="Such as the business’s return, or a visit."
    )


PlaceFormSet = formset_factory(PlaceForm, extra=SPARE_ROWS, max_num=MOST_ROWS)


def business_places(request: PersonRequest, book: str, organisation: int) -> HttpResponse:
    """The places of a business with their deciles on the scale for the whole United Kingdom; a post records others."""
    of = book_of(request, book)
    found = get_object_or_404(organisations_for(request.user), pk=organisation)
    stand = places_of([found.pk], of.business_date)[found.pk]
    offered = scales()
    scale = offered[0] if offered else None
    rows = _rows(stand, scale)
    history = list(place_sets_of(found))
    if file := download(request, _sheet(found, rows, scale)):
        return file
    formset = PlaceFormSet(request.POST or None, prefix="places", initial=_initial(stand))
    form = SaidForm(request.POST or None, initial={"effective_on": of.business_date})
    if request.method == "POST" and formset.is_valid() and form.is_valid():
        with refusals_in(form):
            _record(request, found, formset.forms, form.cleaned_data, of.business_date)
            return redirect("desk:business-places", of.code, found.pk)
    context = {
        "organisation": found,
        "rows": rows,
        "recorded": stand[0].recorded,
        "scale": scale,
        "history": history,
        "form": form,
        "formset": formset,
        "loans": loans_for(request.user).filter(book=of, organisation=found).order_by("reference"),
        "why_not_record": why_not(request.user, "desk:business-places", "POST", book=of.pk),
    }
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link(f"Places of {found}")]
    return desk_page(request, "desk/places/business.html", of, section=SECTION, crumbs=crumbs, context=context)


def _record(
    request: PersonRequest, organisation: Organisation, rows: Iterable[PlaceForm], said: dict[str, Any], on: Any
) -> PlaceSet:
    places = [row.given for row in rows if row.cleaned_data.get("where")]
    kept = record_places(organisation=organisation, places=places, on=on, by=request.user, **said)
    messages.success(request, f"The places of {organisation} are kept.")
    return kept


def _rows(stand: Iterable[PlaceOf], scale: DecileScale | None) -> list[dict[str, Any]]:
    """The places as they stand in the table."""
    places = tuple(stand)
    deciles = deciles_on({0: places}, scale)[0] if scale else [Placed(one.percent, Unplaced.UNKNOWN) for one in places]
    return [
        {
            "where": postcode_shown(place.postcode) or place.area_given or "Not known",
            "name": place.name,
            "area": place.any_area,
            "region": place.region,
            "settlement": place.settlement,
            "percent": place.percent,
            "decile": str(placed.stands.number) if isinstance(placed.stands, Decile) else placed.stands.words,
        }
        for place, placed in zip(places, deciles, strict=True)
    ]


def _sheet(organisation: Organisation, rows: list[dict[str, Any]], scale: DecileScale | None) -> Sheet:
    names = ("where", "name", "area", "region", "settlement", "percent", "decile")
    headings = ("Place", "What is there", "Small area", "Region", "Town or country", "Per cent", "Decile", "Scale")
    shown = scale.shown if scale else ""
    return Sheet(f"places-{organisation.pk}", headings, [(*(row[name] for name in names), shown) for row in rows])


def _initial(stand: Iterable[PlaceOf]) -> list[dict[str, Any]]:
    return [
        {"where": postcode_shown(one.postcode) or one.area_given, "percent": one.percent, "name": one.name}
        for one in stand
        if one.recorded
    ]
