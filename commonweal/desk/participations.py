"""Who funds a loan: its lenders by rank, whose amounts make the whole; recorded before the drawdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, agreed_facts, loan_crumbs, loan_of
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.jobs.lending import share
from commonweal.templatetags.commonweal import day, money
from investors.domain.participation import Participation, SharingRule
from investors.models import Investor
from investors.queries import Holding, holdings_in
from loans.models import Loan
from loans.queries import events, loan_terms, position_of

SPARE_ROWS = 3
"""Empty rows beneath those that are filled."""

MOST_ROWS = 30


class PartForm(PlainForm):
    """One lender: who, at which rank, with how much, and on which terms of its own."""

    investor: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Investor", empty_label="Choose an investor"
    )
    rank = forms.IntegerField(
        label="Rank", min_value=1, max_value=99, widget=forms.NumberInput(attrs={"class": "input--xs num"})
    )
    amount = MoneyField(noun="the amount of this lender", label="Amount")
    annual_rate = PercentField(noun="the lender’s own rate", label="Own rate", required=False)
    servicing_fee = PercentField(noun="the servicing fee", label="Servicing fee", required=False)
    principal_from = DayField(noun="the day from which it takes principal", label="No principal before", required=False)

    def __init__(self, *args: Any, investors: QuerySet[Investor], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "investor", investors)
        use_currency(self, currency)


class RuleForm(PlainForm):
    """What the ranks decide."""

    rule = forms.TypedChoiceField(
        label="What do the ranks decide?",
        choices=[(one.value, f"{one.value.capitalize()}: {one.words}") for one in SharingRule],
        coerce=SharingRule,
        empty_value=SharingRule.ALIKE,
        required=False,
        widget=forms.RadioSelect,
    )


PartFormSet = formset_factory(PartForm, extra=SPARE_ROWS, max_num=MOST_ROWS)


def participations(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Say who funds a loan; once money has moved under it, who funds it stands."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    held = holdings_in(found, of.business_date)
    kwargs = {"investors": investors_for(request.user).order_by("name"), "currency": found.currency}
    formset = PartFormSet(request.POST or None, prefix="parts", form_kwargs=kwargs, initial=_initial(held))
    form = RuleForm(request.POST or None, initial={"rule": held[0].rule if held else SharingRule.ALIKE})
    if request.method == "POST" and formset.is_valid() and form.is_valid():
        with refusals_in(form):
            _record(request, found, _parts(formset.forms), form.cleaned_data["rule"])
            return redirect("desk:loan", of.code, found.pk)
    context = {
        "loan": found,
        "form": form,
        "formset": formset,
        "held": held,
        "whole": loan_terms(found).latest("version").principal,
        "why_fixed": _why_fixed(found, held),
        "facts": agreed_facts(found, position_of(found, of.business_date)),
        "sign": sign(of),
    }
    crumbs = loan_crumbs(found, "Who funds it")
    return desk_page(request, "desk/loans/participations.html", of, section=SECTION, crumbs=crumbs, context=context)


def _parts(rows: Iterable[forms.Form]) -> list[Participation]:
    """The filled rows as the investor side takes them; empty ones do not count. Raises ImpossibleParticipation."""
    filled = [row.cleaned_data for row in rows if row.cleaned_data.get("investor")]
    return [
        Participation(
            row["investor"].code,
            row["rank"],
            row["amount"],
            row["annual_rate"],
            row["servicing_fee"] or Decimal(0),
            row["principal_from"],
        )
        for row in filled
    ]


def _record(request: PersonRequest, loan: Loan, parts: Sequence[Participation], rule: SharingRule) -> None:
    """Keep the set from the approval on."""
    share(loan=loan, effective_on=loan.approved_on, participations=parts, rule=rule, by=request.user)
    lenders = f"{len(parts)} lender{'' if len(parts) == 1 else 's'}"
    messages.success(request, f"{loan} is funded by {lenders}, whose amounts make the whole.")


def _initial(held: Sequence[Holding]) -> list[dict[str, Any]]:
    return [
        {
            "investor": one.investor,
            "rank": one.rank,
            "amount": one.participation,
            "annual_rate": one.annual_rate,
            "servicing_fee": one.servicing_fee or None,
            "principal_from": one.principal_from,
        }
        for one in held
    ]


def _why_fixed(loan: Loan, held: Sequence[Holding]) -> str:
    """Why who funds a loan cannot be changed any more; empty while it can."""
    position = position_of(loan, loan.book.business_date)
    first = events(loan).first()
    if not held or first is None:
        return ""
    return (
        f"{money(position.drawn)} of {loan} is drawn, since {day(first.effective_on)}, and its lenders’ money with it. "
        "Who funds it stands from then on."
    )
