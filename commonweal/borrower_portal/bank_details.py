"""The account to which a business is paid by a fund: the last four digits of it, and proposing another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.between import chosen_of, others, pairs
from commonweal.borrower_portal.frame import portal_page
from commonweal.jobs.refusals import REFUSALS
from commonweal.payees import BankDetailsForm, of_organisation
from ledger import queries
from ledger.domain.bank_details import read_bank_details
from ledger.services import propose_details

PAGE, SECTION = "borrower_portal/bank_details.html", "borrower:documents"


def bank_details(request: PersonRequest) -> HttpResponse:
    """What is in force for the chosen business, what waits, and the form; the fund calls back before it counts."""
    every = pairs(request)
    chosen = chosen_of(request, every)
    if chosen is None:
        return portal_page(request, PAGE, section=SECTION, book=None)
    form, subject = BankDetailsForm(request.POST or None), of_organisation(chosen.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            details = read_bank_details(**form.cleaned_data)
            propose_details(book=chosen.book, subject=subject, details=details, by=request.user)
        except REFUSALS as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
        else:
            messages.success(request, "Thank you. We call you on a number that we know, and then it counts.")
            return redirect(f"{reverse('borrower:bank-details')}{chosen.query}")
    context = {
        "between": chosen,
        "others": others(every, chosen),
        "form": form,
        "in_force": queries.details_in_force(chosen.book, subject),
        "waiting": queries.details_waiting(chosen.book).filter(subject=subject).first(),
    }
    return portal_page(request, PAGE, section=SECTION, book=chosen.book, context=context)
