"""Money that moves on a loan by hand at the desk: lending what is agreed, and taking back what was wrong."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.requests import PersonRequest
from commonweal.desk.act_preview import seen
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import DrawdownForm, ReversalForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, agreed_facts, loan_crumbs, loan_of
from commonweal.desk.payee_shown import goes_to
from commonweal.desk.shares import shares_of
from commonweal.jobs.lending import lend, take_back
from commonweal.jobs.refusals import REFUSALS
from commonweal.payees import of_organisation
from commonweal.templatetags.commonweal import day, money
from investors.queries import money_to_lend
from ledger.queries import entries
from loans.domain.events import Reversed
from loans.models import EventKind, LoanEvent
from loans.queries import events, position_of
from loans.services import preview_taking_back

WHERE_IT_IS = {
    EventKind.REPAID: "Its money is in suspense again.",
    EventKind.DRAWN: "Nothing of it is on its way any more, and the lenders’ money is held for them again.",
}
"""Where the money of an event is once it is taken back."""


def draw_down(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Lend what is agreed: the amount and the day, then the entries of the loan and of its lenders."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    position = position_of(found, of.business_date)
    undrawn = position.undrawn
    initial = {"amount": undrawn, "on": of.business_date}
    form = DrawdownForm(request.POST or None, currency=found.currency, initial=initial)
    key = request.POST.get("key") or uuid4().hex
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            amount, on = form.cleaned_data["amount"], form.cleaned_data["on"]
            reason = form.cleaned_data["shortfall_reason"]
            lend(loan=found, amount=amount, on=on, by=request.user, key=f"desk:{key}", shortfall_reason=reason)
            messages.success(request, f"{money(amount)} of {found} is drawn and on its way until the bank confirms it.")
            return redirect("desk:loan", of.code, found.pk)
    asked = {**initial, **getattr(form, "cleaned_data", {})}
    money_there = money_to_lend(found, asked["on"])
    context = {
        "loan": found,
        **goes_to(of, of_organisation(found.organisation)),
        "form": form,
        "key": key,
        "asked": asked,
        "money": money_there,
        "funds": money_there.lenders(asked["amount"]),
        "short_at_bank": money_there.short_at_bank(asked["amount"]),
        "is_short": money_there.is_short(asked["amount"]),
        "undrawn": undrawn,
        "facts": agreed_facts(found, position),
        "shares": shares_of(found, of.business_date, is_drawn=False),
    }
    crumbs = loan_crumbs(found, "Draw down")
    return desk_page(request, "desk/loans/draw_down.html", of, section=SECTION, crumbs=crumbs, context=context)


def event_take_back(request: PersonRequest, book: str, loan: int, event: int) -> HttpResponse:
    """Take any event back that was booked wrongly, as it is shown before and after; nothing is erased."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    wrong = get_object_or_404(events(found), pk=event)
    if wrong.kind == EventKind.REVERSED or hasattr(wrong, "reversed_by"):
        what = "taken back already" if hasattr(wrong, "reversed_by") else "a reversal, which is not taken back"
        messages.error(request, f"{wrong.get_kind_display()} {wrong.number} of {found} is {what}. Nothing was changed.")
        return redirect("desk:loan", of.code, found.pk)
    form = ReversalForm(request.POST or None, initial={"on": of.business_date})
    noun = wrong.get_kind_display().lower()
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
            take_back(event=wrong, on=on, reason=reason, by=request.user, key=f"desk:take-back:{wrong.pk}")
            amount = f" of {money(wrong.money)}" if wrong.money else ""
            told = f"The {noun}{amount} on {day(wrong.effective_on)} is taken back."
            messages.success(request, f"{told} {WHERE_IT_IS.get(EventKind(wrong.kind), '')}".strip())
            return redirect("desk:loan", of.code, found.pk)
    shown = [entry_shown(get_object_or_404(entries(of), pk=wrong.entry_id))] if wrong.entry_id else []
    context = {"loan": found, "wrong": wrong, "noun": noun, "shown": shown, "form": form, "sign": sign(of)}
    crumbs = loan_crumbs(found, f"Take a {noun} back")
    context |= _without(wrong, getattr(form, "cleaned_data", {}).get("on") or of.business_date)
    return desk_page(request, "desk/loans/take_back.html", of, section=SECTION, crumbs=crumbs, context=context)


def _without(wrong: LoanEvent, on: date) -> dict[str, Any]:
    """What taking an event back would change, or the refusal."""
    try:
        preview = preview_taking_back(event=wrong, on=on)
    except REFUSALS as refusal:
        return {"refused": str(refusal), "on": on}
    return {"seen": seen(wrong.loan, Reversed(on, 0, of=wrong.number), preview), "on": on}
