"""Tax on an investor's interest at the desk: what was said, by whom and why, and saying it from a day on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.investors import investor_of
from commonweal.desk.payout_forms import TaxForm
from commonweal.documents.interest_certificate import certificate_response
from commonweal.documents.list_files import Sheet, download
from investors.interest_certificates import interest_certificates
from investors.models import TaxTreatment
from investors.queries import tax_treatment
from investors.services import say_tax_treatment


def investor_tax(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """Everything that was said of one investor's tax, the latest first, and the form to say it."""
    of = book_of(request, book)
    found = investor_of(request, of, investor)
    certificates = interest_certificates(found, of)
    if year := request.GET.get("certificate"):
        return certificate_response(request.user, certificates, year)
    form = TaxForm(request.POST or None, initial={"effective_on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            say_tax_treatment(investor=found, by=request.user, **form.cleaned_data)
            messages.success(request, "Kept. It counts for payouts that are proposed from now on.")
            return redirect("desk:investor-tax", of.code, found.pk)
    said = list(TaxTreatment.objects.filter(investor=found).select_related("said_by"))
    rows = [(one.effective_on, one.rate, one.reason, str(one.said_by)) for one in said]
    if file := download(request, Sheet(f"tax-{found.code}", ("From", "Rate", "Reason", "Said by"), rows)):
        return file
    context = {
        "investor": found,
        "said": said,
        "counts": tax_treatment(found, of.business_date),
        "certificates": certificates,
        "certificate_url": "?",
        "sign": sign(of),
        "form": form,
        "why_not_say": why_not(request.user, "desk:investor-tax", "POST", book=of.pk),
    }
    crumbs = [
        Link("Investors", reverse("desk:investors", args=[of.code])),
        Link(found.name, reverse("desk:investor", args=[of.code, found.pk])),
        Link("Tax on interest"),
    ]
    return desk_page(request, "desk/investors/tax.html", of, section="desk:investors", crumbs=crumbs, context=context)
