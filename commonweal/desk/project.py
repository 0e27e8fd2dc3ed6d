"""Who else funds a loan's project: each part as it stands, and recording what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.forms import refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, MoneyField, PlainForm
from loans.domain.project import FundingKind, FundingStatus
from loans.models import Loan, ProjectFunding
from loans.projects import ProjectShown, funding_of, project_of
from loans.services import record_funding


class FundingForm(PlainForm):
    """One funder's part, and how far it has come."""

    funder = forms.CharField(label="Funder", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, kind.words.capitalize()) for kind in FundingKind])
    amount = MoneyField(noun="the amount", label="Amount")
    status = forms.ChoiceField(label="State", choices=[(one.value, one.value.capitalize()) for one in FundingStatus])
    status_on = DayField(noun="the day", label="Since")
    note = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, currency)


def project(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The project's money; `part` in the query string names the part that changed."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    part = _part(request, found)
    initial = _initial(part) if part else {"status_on": of.business_date}
    form = FundingForm(request.POST or None, currency=found.currency, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            words = {"kind": FundingKind(given["kind"]), "status": FundingStatus(given["status"])}
            record_funding(loan=found, **given | words, replaces=part, on=of.business_date, by=request.user)
            messages.success(request, f"The part of {given['funder']} is {given['status']}.")
            return redirect("desk:project", of.code, found.pk)
    shown = project_of(found)
    if file := download(request, _sheet(found, shown)):
        return file
    context = {
        "loan": found,
        "form": form,
        "part": part,
        "project": shown,
        "secured": shown.whole.loan + shown.whole.secured,
        "sign": sign(of),
        "why_not_record": why_not(request.user, "desk:project", "POST", book=of.pk),
    }
    crumbs = loan_crumbs(found, "Who else funds the project")
    return desk_page(request, "desk/loans/project.html", of, section=SECTION, crumbs=crumbs, context=context)


def _sheet(loan: Loan, shown: ProjectShown) -> Sheet:
    """What pays for the project, this loan first."""
    headings = ("Funder", "Kind", "State", "Since", "Amount", "Note")
    rows = [("This loan", "loan", "agreed", loan.approved_on, shown.whole.loan, "")]
    rows += [
        (row.funder, row.get_kind_display(), str(row.status), row.status_on, row.money, row.note) for row in shown.parts
    ]
    return Sheet(f"project-{loan.reference}", headings, rows)


def _part(request: PersonRequest, loan: Loan) -> ProjectFunding | None:
    key = request.GET.get("part", "")
    return funding_of(loan).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 15 else None


def _initial(part: ProjectFunding) -> dict[str, Any]:
    names = ("funder", "kind", "amount", "status", "status_on", "note")
    return {name: getattr(part, name) for name in names}
