"""Registering an investor at the desk: its code, its name, its kind, and its number in a register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.form_fields import PlainForm
from investors.domain.kinds import InvestorKind
from investors.services import payment_reference, register_investor

SECTION = "desk:investors"


class InvestorForm(PlainForm):
    """Who puts money in."""

    name = forms.CharField(label="Registered name", max_length=200)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Choose a kind"), *((one.value, one.words.capitalize()) for one in InvestorKind)],
    )
    code = forms.CharField(
        label="Code",
        help_text="Up to 20 capital letters, digits and dashes, such as NRB. Its statements are numbered by it, and "
        "it stays for good.",
        max_length=20,
    )
    registered_number = forms.CharField(
        label="Number in a register",
        help_text="Of the company, society or charity, if it has one.",
        max_length=20,
        required=False,
    )

    def clean_code(self) -> str:
        """In capitals, as codes are."""
        return str(self.cleaned_data["code"]).strip().upper()

    def asked(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        return {**self.cleaned_data, "kind": InvestorKind(self.cleaned_data["kind"])}


def investor_new(request: PersonRequest, book: str) -> HttpResponse:
    """Register an investor. No money moves by it: a commitment or a participation follows on its own page."""
    of = book_of(request, book)
    form = InvestorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = register_investor(**form.asked())
            messages.success(request, f"{made} is registered. It pays in with the reference {payment_reference(made)}.")
            return redirect("desk:investor", of.code, made.pk)
    crumbs = [Link("Investors", reverse(SECTION, args=[of.code])), Link("Register an investor")]
    return desk_page(request, "desk/investors/new.html", of, section=SECTION, crumbs=crumbs, context={"form": form})
