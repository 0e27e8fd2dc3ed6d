"""The account to which the business is paid: the last four digits of it, and proposing another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.jobs.refusals import REFUSALS
from commonweal.payees import BankDetailsForm, of_organisation
from ledger import queries
from ledger.domain.bank_details import read_bank_details
from ledger.services import propose_details


def bank_details(request: PersonRequest) -> HttpResponse:
    """What is in force, what waits, and the form; the fund calls back before anything changes."""
    loans = own_loans(request)
    loan = loans[0] if loans else None
    form = BankDetailsForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and loan:
        try:
            details = read_bank_details(**form.cleaned_data)
            propose_details(
                book=loan.book, subject=of_organisation(loan.organisation), details=details, by=request.user
            )
        except REFUSALS as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
        else:
            messages.success(request, "Thank you. We call you on a number that we know, and then it counts.")
            return redirect("borrower:bank-details")
    subject = of_organisation(loan.organisation) if loan else ""
    waiting = queries.details_waiting(loan.book).filter(subject=subject).first() if loan else None
    context = {
        "loan": loan,
        "form": form,
        "in_force": queries.details_in_force(loan.book, subject) if loan else None,
        "waiting": waiting,
    }
    book = loan.book if loan else None
    return portal_page(
        request, "borrower_portal/bank_details.html", section="borrower:documents", book=book, context=context
    )
