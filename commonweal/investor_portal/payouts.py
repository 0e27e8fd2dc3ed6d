"""What was paid to the investor and when, what is on its way, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.documents.interest_certificate import certificate_response
from commonweal.documents.list_files import Sheet, download
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.payout_words import LineStep, line_step, paid_on
from commonweal.templatetags.commonweal import SYMBOLS, day, money
from investors.interest_certificates import interest_certificates
from investors.models import PayoutLine
from investors.queries import held_money, payments_of_lines, payout_lines
from ledger.domain.money import from_minor
from ledger.queries import details_in_force

SECTION = "investor:payouts"
WORDS = {
    LineStep.TO_PAY: ("due", "On its way"),
    LineStep.IN_A_FILE: ("due", "On its way"),
    LineStep.AT_THE_BANK: ("due", "With the bank"),
    LineStep.PAID: ("good", "Paid"),
    LineStep.HELD_AGAIN: ("watch", "Did not arrive: held for you"),
}


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A payment to the investor."""

    line: PayoutLine
    step: LineStep
    paid_on: date | None

    @property
    def tag(self) -> tuple[str, str]:
        """How far it is, as a shape and words."""
        return WORDS[self.step]


def payouts(request: PersonRequest) -> HttpResponse:
    """Every payment, the latest first, with the way to the account that it goes to; a year's interest certificate."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=SECTION)
    certificates = interest_certificates(about.investor, about.book)
    if year := request.GET.get("certificate"):
        return certificate_response(request.user, certificates, year)
    rows = _rows(about)
    if file := download(request, _sheet(about, rows)):
        return file
    account = details_in_force(about.book, f"investor:{about.investor.code}")
    context = {
        "rows": rows,
        "certificates": certificates,
        "certificate_url": f"{about.query}&",
        "facts": _facts(about, rows),
        "account": account.details.masked if account else "",
        "sign": SYMBOLS.get(about.book.base_currency, about.book.base_currency),
    }
    return portal_page(request, "investor_portal/payouts.html", about, section=SECTION, context=context)


def _rows(about: Standing) -> list[PaidRow]:
    lines = list(payout_lines(about.book, investor=about.investor).filter(payout__effective_on__lte=about.as_of))
    payments = payments_of_lines(about.book, lines)
    found = [(one, payments.get(one.pk)) for one in lines]
    return [PaidRow(one, line_step(one, payment), paid_on(payment)) for one, payment in found]


def _facts(about: Standing, rows: Sequence[PaidRow]) -> list[Fact]:
    """What is held, on its way and paid, by now."""
    nought = from_minor(0, about.book.base_currency)
    (held,) = held_money(about.book, [about.investor], about.book.business_date)
    ways = (LineStep.TO_PAY, LineStep.IN_A_FILE, LineStep.AT_THE_BANK)
    on_its_way = _sum([row for row in rows if row.step in ways], nought)
    paid = [row for row in rows if row.step is LineStep.PAID]
    waits = f"{money(held.clearing)} came by Direct Debit and may still be sent back" if held.clearing.amount else ""
    return [
        Fact("Paid to you so far", money(_sum(paid, nought)), number=True),
        Fact("On its way to you", money(on_its_way), number=True),
        Fact(f"Held for you, {day(about.book.business_date)}", money(held.held), waits, number=True, total=True),
    ]


def _sum(rows: Sequence[PaidRow], nought: Money) -> Money:
    return sum((row.line.parts.net for row in rows), nought)


def _sheet(about: Standing, rows: Sequence[PaidRow]) -> Sheet:
    headings = ("Date", "Out of the money held", "Interest", "Tax withheld", "Paid", "State", "Paid on")
    listed: list[tuple[Any, ...]] = [
        (
            row.line.payout.effective_on,
            *(row.line.parts.amount, row.line.parts.interest, row.line.parts.tax, row.line.parts.net),
            row.tag[1],
            row.paid_on,
        )
        for row in rows
    ]
    return Sheet(f"payments-{about.investor.code}-{about.as_of}", headings, listed)
