"""The account to which the investor is paid by a fund: the last four digits of it, and asking for another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.investor_portal.frame import portal_page, standing
from commonweal.jobs.refusals import REFUSALS
from commonweal.payees import BankDetailsForm, of_investor
from ledger import queries
from ledger.domain.bank_details import read_bank_details
from ledger.services import propose_details

PAGE, SECTION = "investor_portal/bank_details.html", "investor:payouts"


def bank_details(request: PersonRequest) -> HttpResponse:
    """What is in force, what waits, and the form; the fund calls back, and two people agree, before it counts."""
    about = standing(request)
    if about is None:
        raise Http404
    form, subject = BankDetailsForm(request.POST or None), of_investor(about.investor)
    if request.method == "POST" and form.is_valid():
        try:
            details = read_bank_details(**form.cleaned_data)
            propose_details(book=about.book, subject=subject, details=details, by=request.user)
        except REFUSALS as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
        else:
            messages.success(request, "Thank you. We call you on a number that we know, and then it counts.")
            return redirect(f"{reverse('investor:bank-details')}{about.query}")
    context = {
        "form": form,
        "in_force": queries.details_in_force(about.book, subject),
        "waiting": queries.details_waiting(about.book).filter(subject=subject).first(),
    }
    crumbs = [Link("Payments", reverse(SECTION) + about.query), Link("Your bank details")]
    return portal_page(request, PAGE, about, section=SECTION, crumbs=crumbs, context=context)
