"""Parts of loans that lenders sell to each other: the list, proposing a sale, and what a second person checks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, loans_for
from commonweal.components import Fact, Link
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, MoneyField, PlainForm
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, money
from investors.domain.sale import PaidHow
from investors.models import Investor, ParticipationTransfer
from investors.queries import (
    cash_due,
    holdings_in,
    investors_named,
    known_since,
    preview_sale,
    principal_sold,
    transfers_of,
)
from investors.queries import transfers as sales
from investors.services import approve_transfer, decline_transfer, propose_transfer
from ledger import queries as ledger

if TYPE_CHECKING:
    from ledger.models import Book

STATES = {"waiting": "Waiting for a second person", "approved": "Approved", "declined": "Declined"}


class SaleForm(PlainForm):
    """Who sells what to whom, from which day on, for how much."""

    seller: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Seller", empty_label="Choose a lender"
    )
    buyer: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Buyer", empty_label="Choose an investor"
    )
    amount = MoneyField(
        noun="how much of the participation is sold",
        label="Of the participation",
        help_text="Of what it agreed to lend, and not of what is outstanding; all of it sells the whole part.",
    )
    on = DayField(noun="the day", label="Counts from", help_text="What falls due from this day on is the buyer’s.")
    price = MoneyField(
        noun="the price",
        label="Price",
        required=False,
        help_text="Left empty, it is the principal outstanding that goes along. Interest earned comes on top.",
    )
    paid_how = forms.TypedChoiceField(
        label="How is it paid?",
        choices=[(one.value, one.words) for one in PaidHow],
        coerce=PaidHow,
        initial=PaidHow.HELD,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Reason", max_length=500, help_text="The second person and the auditor read it.")


class DecideSaleForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Approve"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


def transfers(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The sales of parts of one loan, the latest first."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    rows = list(transfers_of(found))
    headings = ("Sale", "From", "Seller", "Buyer", "Participation", "Principal", "Price", "Interest", "Paid", "State")
    if file := download(request, Sheet(f"sales-{found.reference}", headings, [_row(one) for one in rows])):
        return file
    context = {
        "loan": found,
        "rows": [(one, STATES[one.state]) for one in rows],
        "sign": sign(of),
        "why_not_sell": why_not(request.user, "desk:transfer-new", "POST", book=of.pk),
    }
    crumbs = loan_crumbs(found, "Parts sold")
    return desk_page(request, "desk/transfers/list.html", of, section=SECTION, crumbs=crumbs, context=context)


def transfer_new(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Propose that a lender sells its part of a loan, or a piece of it."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    held = [one for one in holdings_in(found, of.business_date) if one.participation]
    form = SaleForm(request.POST or None, initial={"on": of.business_date})
    offer(form, "seller", _among(request, [one.investor.pk for one in held]))
    offer(form, "buyer", investors_for(request.user).order_by("name"))
    use_currency(form, found.currency)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = propose_transfer(loan=found, by=request.user, **form.cleaned_data)
            messages.success(request, f"{made} is proposed. A colleague checks it; nothing has moved yet.")
            return redirect("desk:transfer", of.code, made.pk)
    context = {"loan": found, "form": form, "held": held, "sign": sign(of)}
    crumbs = loan_crumbs(found, "Sell a part")
    return desk_page(request, "desk/transfers/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def transfer(request: PersonRequest, book: str, transfer: int) -> HttpResponse:
    """One sale: what was proposed, what it would change or has changed, and who decides."""
    of = book_of(request, book)
    return _page(request, _sale(request, of, transfer), DecideSaleForm())


def transfer_decide(request: PersonRequest, book: str, transfer: int) -> HttpResponse:
    """Approve exactly what was shown, which moves parts and money, or decline it with a reason."""
    of = book_of(request, book)
    found = _sale(request, of, transfer)
    form = DecideSaleForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            messages.success(request, _decided(request, found, form))
            return redirect("desk:transfer", of.code, found.pk)
    return _page(request, found, form)


def _decided(request: PersonRequest, found: ParticipationTransfer, form: DecideSaleForm) -> str:
    """Decide a sale as the form says, and say what came of it."""
    shown, reason = request.POST.get("sha256", ""), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "decline":
        decline_transfer(transfer=found, shown_sha256=shown, reason=reason, by=request.user)
        return f"{found} is declined. Nothing was booked."
    approve_transfer(transfer=found, shown_sha256=shown, reason=reason, by=request.user)
    return f"{found} is approved: {found.buyer} has the part from {day(found.effective_on)}."


def _among(request: PersonRequest, keys: list[int]) -> QuerySet[Investor]:
    found: QuerySet[Investor] = investors_for(request.user).filter(pk__in=keys).order_by("name")
    return found


def _sale(request: PersonRequest, book: Book, pk: int) -> ParticipationTransfer:
    row: ParticipationTransfer = get_object_or_404(sales(book).filter(loan__in=loans_for(request.user)), pk=pk)
    return row


def _page(request: PersonRequest, found: ParticipationTransfer, form: forms.Form) -> HttpResponse:
    of = found.loan.book
    context = {
        "sale": found,
        "state": STATES[found.state],
        "form": form,
        "facts": _facts(found),
        "decision": getattr(found, "decision", None),
        "is_own": found.proposed_by_id == request.user.pk,
        "why_not": why_not(request.user, "desk:transfer-decide", "POST", book=of.pk),
        "known_since": known_since(found),
        "sign": sign(of),
        **_shown(found),
    }
    crumbs = [
        *loan_crumbs(found.loan, "Parts sold")[:-1],
        Link("Parts sold", reverse("desk:transfers", args=[of.code, found.loan_id])),
        Link(str(found)),
    ]
    return desk_page(request, "desk/transfers/transfer.html", of, section=SECTION, crumbs=crumbs, context=context)


def _shown(found: ParticipationTransfer) -> dict[str, Any]:
    """What a sale that waits would change, or why it cannot; of one that is approved the entries that it posted."""
    if found.state == "approved":
        sources = [f"sale:{found.pk}", found.source]
        posted = [one for source in sources for one in ledger.entries_by_source(found.loan.book, source)]
        return {"entries": [entry_shown(one) for one in posted]}
    if found.state == "waiting":
        try:
            shown = preview_sale(found.loan, found.sale)
        except REFUSALS as refusal:
            return {"refused": str(refusal)}
        names = dict(investors_named([one.investor for one in shown.lenders]))
        lenders = [(names[one.investor], one) for one in shown.lenders]
        return {"preview": shown, "lenders": lenders, **_short(found)}
    return {}


def _short(found: ParticipationTransfer) -> dict[str, Any]:
    """What is held for the buyer, and what of the price is missing."""
    if found.paid_how != PaidHow.HELD:
        return {}
    held = cash_due(found.buyer, found.loan.book, found.effective_on)
    return {"held": held, "short": max(found.paid - held, 0 * held)}


def _facts(found: ParticipationTransfer) -> list[Fact]:
    booked = [Fact("Principal as it is booked", money(principal_sold(found)))] if found.state == "approved" else []
    return [
        Fact("Seller", str(found.seller)),
        Fact("Buyer", str(found.buyer)),
        Fact("Of the participation", money(found.sale.amount), number=True),
        Fact("Counts from", day(found.effective_on)),
        Fact("Principal that goes along", money(found.principal_money), number=True),
        *booked,
        Fact("Price", money(found.price_money), number=True),
        Fact("Interest earned until then", money(found.accrued_money), "by the seller, and not due", number=True),
        Fact("Paid in all", money(found.paid), PaidHow(found.paid_how).words, number=True, total=True),
        Fact("Reason", found.reason),
        Fact("Proposed", f"by {found.proposed_by}"),
    ]


def _row(one: ParticipationTransfer) -> tuple[str | date | Money, ...]:
    people = (str(one.seller), str(one.buyer))
    amounts = (one.sale.amount, one.principal_money, one.price_money, one.accrued_money)
    return (str(one), one.effective_on, *people, *amounts, one.paid_how, STATES[one.state])
