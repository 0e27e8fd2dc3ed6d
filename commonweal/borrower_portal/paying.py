"""What would it take to pay it all off, and what becomes of the loan if one pays more? Nothing happens by asking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.borrower_portal.frame import loan_page, own_loan
from commonweal.components import Fact
from commonweal.documents.settlement_quote import quote_response
from commonweal.form_fields import DayField, MoneyField, PlainForm
from commonweal.templatetags.commonweal import day, money
from ledger.queries import bank_accounts
from loans.domain.errors import LoanError
from loans.domain.quote import SettlementQuote
from loans.domain.servicing import FlatSettlement
from loans.models import Loan
from loans.outlook import PayingMore, Quote, paying_more, quote_on
from loans.queries import position_of
from loans.settlement_offer import settlement_offer

FURTHEST = timedelta(days=366)
"""So far ahead it is worked out: later, too much can happen before."""

FLAT = {
    FlatSettlement.ACTUARIAL: "Because you pay early, you are spared the interest that was still to come.",
    FlatSettlement.RULE_OF_78: "Because you pay early, you are spared part of the interest that was still to come, by "
    "the “rule of 78” in your agreement.",
    FlatSettlement.NO_REBATE: "By your agreement, all of the interest is paid however early the loan ends.",
}
"""What a flat loan's agreement says about paying early."""


class DayForm(PlainForm):
    """A day from today on."""

    on = DayField(noun="the day", label="If you paid it off on")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs |= {"min": today.isoformat(), "max": (today + FURTHEST).isoformat()}

    def clean_on(self) -> date:
        """The day, which is neither past nor too far."""
        on: date = self.cleaned_data["on"]
        if not self.today <= on <= self.today + FURTHEST:
            raise forms.ValidationError(f"Choose a day from {day(self.today)} to {day(self.today + FURTHEST)}")
        return on


class MoreForm(DayForm):
    """A sum, and the day on which it would be paid."""

    amount = MoneyField(noun="how much more", label="How much more could you pay?")
    field_order = ("amount", "on")

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, today=loan.book.business_date, **kwargs)
        self.fields["on"].label = "When?"
        field = self.fields["amount"]
        if isinstance(field, MoneyField):
            field.use_currency(loan.currency)

    def clean_amount(self) -> Money:
        """Something, and no more than books can hold."""
        amount: Money = self.cleaned_data["amount"]
        if not amount.amount:
            raise forms.ValidationError("Enter more than nought")
        return amount


def settle(request: PersonRequest, loan: int) -> HttpResponse:
    """What would end the loan on a day, part by part, until when that is good, and how to pay it; as a PDF too."""
    found = own_loan(request, loan)
    today = found.book.business_date
    form = DayForm(request.GET if "on" in request.GET else {"on": today.isoformat()}, today=today)
    position = position_of(found, today)
    quote = offer = None
    if form.is_valid() and _is_open(position):
        offer = settlement_offer(found, form.cleaned_data["on"])
        if request.GET.get("download") == "pdf":
            return quote_response(offer)
        quote = quote_on(found, form.cleaned_data["on"])
    context = {
        "form": form,
        "position": position,
        "quote": quote,
        "offer": offer,
        "facts": quote and _facts(quote.if_nothing_is_paid),
        "due_until_then": quote and _due_until_then(quote),
        "method": quote and _method(quote.if_nothing_is_paid),
        "account": account_for(found),
    }
    return loan_page(request, "borrower_portal/settle.html", view="borrower:settle", loan=found, context=context)


def more(request: PersonRequest, loan: int) -> HttpResponse:
    """What becomes of a sum beyond the planned payments, under each choice."""
    found = own_loan(request, loan)
    today = found.book.business_date
    form = MoreForm(request.GET if "amount" in request.GET else None, loan=found, initial={"on": today})
    position = position_of(found, today)
    answer = None
    if form.is_valid() and _is_open(position):
        answer = _answer(form, found)
    context = {"form": form, "position": position, "answer": answer, "account": account_for(found)}
    return loan_page(request, "borrower_portal/more.html", view="borrower:more", loan=found, context=context)


def account_for(loan: Loan) -> Any:
    """The fund's bank account that payments of a loan go to: the first in its currency."""
    return bank_accounts(loan.book).filter(currency=loan.currency).first()


def _answer(form: MoreForm, loan: Loan) -> PayingMore | None:
    try:
        return paying_more(loan, form.cleaned_data["amount"], form.cleaned_data["on"])
    except LoanError as refusal:
        form.add_error("amount", str(refusal))
        return None


def _is_open(position: Any) -> bool:
    return bool(position.drawn and position.quote.total)


def _facts(quote: SettlementQuote) -> list[Fact]:
    """The parts of a quote in everyday words; what is nought is left out, but for what everybody looks for."""
    said = [
        ("Left on the loan", quote.principal, ""),
        ("Interest that was due and is not paid", quote.interest_due, ""),
        (f"Interest up to {day(quote.on)}", quote.accrued_interest, "since the last payment date"),
        ("Fees not paid yet", quote.fees, ""),
        ("Interest for paying late", quote.default_interest, ""),
    ]
    facts = [Fact(label, money(part), note, number=True) for label, part, note in said if part]
    if quote.in_advance:
        facts.append(Fact("What you paid in advance", money(-quote.in_advance), "taken off", number=True))
    if not quote.fees:
        facts.append(Fact("Fee for paying early", money(quote.fees), number=True))
    return [*facts, Fact("You would pay", money(quote.total), total=True)]


def _method(quote: SettlementQuote) -> str:
    return FLAT[quote.method] if quote.method else ""


def _due_until_then(quote: Quote) -> str:
    """What falls due before the day of the quote, and what the figure becomes if that is paid as planned."""
    if not quote.until_then or quote.if_paid_as_planned.total == quote.if_nothing_is_paid.total:
        return ""
    rows = quote.until_then
    what = (
        f"the payment of {money(rows[0].to_come)} on {day(rows[0].instalment.due_on)}"
        if len(rows) == 1
        else f"the {len(rows)} payments that fall due until then"
    )
    return f"If you make {what} as usual, {money(quote.if_paid_as_planned.total)} is enough."
