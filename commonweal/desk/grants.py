"""The fund's own grants beside a loan: what was awarded, and which journal entries of two people paid it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, MoneyField, PlainForm
from loans.grants import grants_of, paid_of
from loans.models import Grant, Loan
from loans.services import award_grant, record_grant_payment

PAID = "entry"
"""The field by which a form about a payment is told from one about an award."""


class AwardForm(PlainForm):
    """A grant, in words that may be published."""

    title = forms.CharField(label="Title", max_length=140, help_text="It is published where the business agreed.")
    description = forms.CharField(label="What it is for", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    amount = MoneyField(noun="the amount", label="Amount")
    awarded_on = DayField(noun="the day", label="Awarded on")


class PaidForm(PlainForm):
    """The journal entry that paid a grant."""

    grant: forms.ModelChoiceField[Grant] = forms.ModelChoiceField(queryset=Grant.objects.none(), label="Grant")
    entry = forms.IntegerField(label="Journal entry", min_value=1, help_text="The number after E-.")


def grants(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The grants beside a loan; a post awards one, or names what paid one."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    rows = list(grants_of(found))
    if file := download(request, _sheet(found, rows)):
        return file
    is_payment = PAID in request.POST
    sent = request.POST or None
    award = AwardForm(None if is_payment else sent, initial={"awarded_on": of.business_date})
    use_currency(award, found.currency)
    paid = PaidForm(sent if is_payment else None)
    offer(paid, "grant", grants_of(found))
    form: forms.Form = paid if is_payment else award
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            if is_payment:
                record_grant_payment(
                    grant=paid.cleaned_data["grant"], entry=paid.cleaned_data["entry"], by=request.user
                )
            else:
                award_grant(loan=found, **award.cleaned_data, on=of.business_date, by=request.user)
            messages.success(request, "It is recorded.")
            return redirect("desk:grants", of.code, found.pk)
    context: dict[str, Any] = {
        "loan": found,
        "rows": [(grant, paid_of(grant)) for grant in rows],
        "award": award,
        "paid": paid,
        "form": form,
        "sign": sign(of),
        "why_not_record": why_not(request.user, "desk:grants", "POST", book=of.pk),
    }
    crumbs = loan_crumbs(found, "Grants beside it")
    return desk_page(request, "desk/loans/grants.html", of, section=SECTION, crumbs=crumbs, context=context)


def _sheet(loan: Loan, rows: list[Grant]) -> Sheet:
    headings = ("Grant", "What it is for", "Awarded on", "Awarded", "Paid", "Entries")
    listed = [
        (
            grant.title,
            grant.description,
            grant.awarded_on,
            grant.money,
            paid_of(grant),
            ", ".join(f"E-{one.entry_id}" for one in grant.payments.all()),
        )
        for grant in rows
    ]
    return Sheet(f"grants-{loan.reference}", headings, listed)
