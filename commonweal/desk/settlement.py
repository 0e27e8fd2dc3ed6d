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
from loans.queries import position_of
from loans.settlement_offer import settlement_offer


def settlement(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The quote for the day that is asked for; the business date unless given. What is written off has none."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    on = asked_date(request, of, "on")
    try:
        offer, position = settlement_offer(found, on), position_of(found, on)
        if not position.ended_in_write_off and request.GET.get("download") == "pdf":
            return quote_response(offer)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:loan", of.code, found.pk)
    context = {
        "loan": found,
        "offer": offer,
        "position": position,
        "quote": offer.quote,
        "parts": [
            *(Fact(label, money(amount), number=True) for label, amount in offer.parts),
            Fact("To pay", money(offer.quote.total), number=True, total=True),
        ],
        "sign": sign(of),
        "settle_url": reverse("desk:loan-act", args=[of.code, found.pk, "settle"]),
        "recover_url": reverse("desk:loan-act", args=[of.code, found.pk, "recovery"]),
    }
    crumbs = loan_crumbs(found, "Settlement quote")
    return desk_page(request, "desk/acts/settlement.html", of, section=SECTION, crumbs=crumbs, context=context)
