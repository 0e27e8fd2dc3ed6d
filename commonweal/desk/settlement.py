"""What would settle a loan on a day: the figure, its parts and the days after, on the page and as a PDF."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.settlement_quote import quote_response
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import money
from loans.settlement_offer import settlement_offer


def settlement(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The quote for the day that is asked for; the business date unless given."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    on = asked_date(request, of, "on")
    try:
        offer = settlement_offer(found, on)
        if request.GET.get("download") == "pdf":
            return quote_response(offer)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:loan", of.code, found.pk)
    context = {
        "loan": found,
        "offer": offer,
        "quote": offer.quote,
        "parts": [
            *(Fact(label, money(amount), number=True) for label, amount in offer.parts),
            Fact("To pay", money(offer.quote.total), number=True, total=True),
        ],
        "sign": sign(of),
        "settle_url": reverse("desk:loan-act", args=[of.code, found.pk, "settle"]),
    }
    crumbs = loan_crumbs(found, "Settlement quote")
    return desk_page(request, "desk/acts/settlement.html", of, section=SECTION, crumbs=crumbs, context=context)
