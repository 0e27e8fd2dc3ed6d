"""Certificates of an investor's parts of loans: which were issued, and issuing another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.desk.forms import offer
from commonweal.desk.frame import book_of
from commonweal.documents.models import DocumentKind
from commonweal.documents.participation_certificate import issue_participation_certificate
from commonweal.form_fields import PlainForm
from commonweal.jobs.refusals import REFUSALS
from investors.models import Investor, Participation
from investors.queries import investors_in, parts_in_force

if TYPE_CHECKING:
    from ledger.models import Book

HERE = "desk:participation-certificate"


class PartOfLoan(forms.ModelChoiceField):
    """A part by the loan and its borrower."""

    def label_from_instance(self, obj: Any) -> str:
        loan = obj.participation_set.loan
        return f"{loan}, {loan.organisation}"


class CertificateForm(PlainForm):
    """Of which part, and whether the borrower is named."""

    part = PartOfLoan(queryset=Participation.objects.none(), label="Of which loan?", empty_label="Choose a loan")
    is_anonymous = forms.BooleanField(label="Leave out the borrower’s name", required=False)


def certificates_shown(request: PersonRequest, book: Book, investor: Investor) -> dict[str, Any]:
    """What an investor's page shows of its certificates, with the form for another."""
    issued = documents_for(request.user).filter(book=book, investor=investor, kind=DocumentKind.PARTICIPATION)
    form = CertificateForm()
    offer(form, "part", parts_in_force(investor, book, book.business_date))
    return {
        "certificates": issued.select_related("replaced_by").order_by("-pk"),
        "certificate_form": form,
        "why_no_certificate": why_not(request.user, HERE, "POST", book=book.pk),
    }


def certificate_new(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """Issue a certificate; one that says the same stands already and is named."""
    of = book_of(request, book)
    found = get_object_or_404(investors_in(of), pk=investor)
    form = CertificateForm(request.POST)
    offer(form, "part", parts_in_force(found, of, of.business_date))
    if not form.is_valid():
        messages.error(request, "Choose the loan of which a certificate is wanted. Nothing was issued.")
        return redirect("desk:investor", of.code, found.pk)
    said = form.cleaned_data
    try:
        issued = issue_participation_certificate(
            participation=said["part"], is_anonymous=said["is_anonymous"], by=request.user
        )
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        words = "stands already and says the same" if issued.repeated else "is issued, and among its documents"
        messages.success(request, f"Certificate {issued.document} {words}.")
    return redirect("desk:investor", of.code, found.pk)
